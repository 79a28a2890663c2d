"""Mail: an organiser writes the reminder's words, a participant is reminded, and ends reminders by the link in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from planner.base.db import db, unit_of_work
from planner.invitations.service import make_rounds
from planner.web.settings import current_settings
from tests.browser.conftest import Visit
from tests.browser.steps import headed, look_closely, newest_letter, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")
WHO = "ebba.legering@bergslagens.example"
# Mornings on which she is reminded, of sessions a day and a week away.
FIRST, SECOND = datetime(2026, 10, 14, 7, tzinfo=UTC), datetime(2026, 10, 20, 7, tzinfo=UTC)


def reminded(app: Flask, moment: Any) -> None:
    """As the worker does in the morning, with the clock held there."""
    with moment, app.app_context():
        made = 1
        while made:
            with unit_of_work():
                made = make_rounds(current_settings().secret)
        db.session.remove()


def letters(page: Page, to: str, subject: str) -> int:
    page.goto("/mailbox")
    return page.locator("article.letter").filter(has_text=to).filter(has_text=subject).count()


def test_own_words_reach_whoever_is_reminded_until_they_end_it(
    signed_in: Visit, visit: Visit, places: dict[str, object], site_app: Flask, at: Callable[[datetime], Any]
) -> None:
    organiser = signed_in("arrangor", language="en")
    organiser.goto("/organisations/{organisation}/mail".format_map(places))
    headed(organiser, "Mail texts")
    look_closely(organiser)
    organiser.locator("a[href$='/mail/reminder/sv']").click()
    headed(organiser, "Reminder")
    look_closely(organiser)
    organiser.fill("#subject", "Kom ihåg {{ träff }}")
    organiser.fill("#body", "Hej {{ namn }},\n\nvi ses i {{ rum }}.\n\n{{ länk }}")
    frame = organiser.frame_locator("iframe:not([hidden])")
    expect(frame.get_by_text("There is no {{ rum }} here.")).to_be_visible()
    press(organiser, "Save")
    expect(organiser.locator(".error-summary")).to_contain_text("There is no {{ rum }} here.")
    organiser.fill("#body", "Hej {{ namn }},\n\nvi ses i {{ plats }}.\n\n{{ länk }}")
    expect(frame.get_by_text("vi ses i")).to_be_visible()
    expect(frame.get_by_role("link", name="Din plats")).to_be_visible()
    press(organiser, "Save")
    told(organiser, "Saved.")

    reminded(site_app, at(FIRST))
    participant = visit(language="sv", width=390)
    # The session on the 15th is a day away, the one on the 21st a week.
    assert letters(participant, WHO, "Kom ihåg") == 2
    letter = participant.locator("article.letter").filter(has_text=WHO).filter(has_text="Kom ihåg").first
    expect(letter).to_contain_text("Hej Ebba Legering,")
    letter.locator("summary").click()
    shown = letter.frame_locator("iframe")
    expect(shown.get_by_role("link", name="Din plats")).to_be_visible()

    ending = next(link for link in newest_letter(participant, WHO) if "/reminders/" in link)
    participant.goto(urlsplit(ending).path)
    look_closely(participant)
    press(participant, "Inga fler påminnelser")
    expect(participant.locator("main .notice")).to_contain_text("Du får inga fler påminnelser.")
    reminded(site_app, at(SECOND))
    assert letters(participant, WHO, "Kom ihåg") == 0  # what waited is taken back, and nothing new comes
    assert (
        participant.locator("article.letter").filter(has_text="Kom ihåg").count() > 1
    )  # others are reminded

    organiser.goto("/series/{series}/mail".format_map(places))
    headed(organiser, "Reminders and follow-up")
    look_closely(organiser)
    organiser.goto("/mail")
    look_closely(organiser)
    expect(organiser.get_by_role("row").filter(has_text="Kom ihåg").first).to_be_visible()

"""What participants decide behind their personal link, answers that changed nothing, and narrowed calendars."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import expect

from planner.base.db import db
from planner.cli.demo.report import Report
from planner.invitations.collection import handle, sender_of
from planner.invitations.mailbox import Arrival
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import (
    follow,
    headed,
    look_closely,
    newest_letter,
    personal_page,
    press,
    read_feed,
    told,
)
from tests.conftest import close_connections
from tests.invitations.common import reply

pytestmark = pytest.mark.usefixtures("as_loaded")


def test_participant_takes_invitations_and_changes_their_mind_about_a_seat(
    visit: Visit, offers: Report
) -> None:
    page = visit(language="en", width=390)
    own = personal_page(offers, "Sixten Kärna")
    page.goto(own)
    press(page, "Yes, send invitations")
    told(page, "Your sessions now come to your calendar by mail.")
    check_accessible(page)
    expect(page.get_by_role("button", name="No more invitations")).to_be_visible()
    seat = newest_letter(page, "sixten.karna@bergslagens.example")[-1]
    assert urlsplit(seat).path.startswith(f"{own}/sessions/")

    page.goto(seat)
    told(page, "You have a seat.")
    press(page, "Give up the seat")
    told(page, "You have no seat.")
    look_closely(page)
    press(page, "Take the seat back")
    told(page, "You have a seat.")
    follow(page, "All your sessions")
    headed(page, "Sixten Kärna")
    press(page, "No more invitations")
    expect(page.get_by_role("button", name="Yes, send invitations")).to_be_visible()


def test_participant_subscribes_to_their_own_sessions_only(visit: Visit, offers: Report) -> None:
    page = visit(language="en", width=390)
    page.goto(personal_page(offers, "Sixten Kärna"))
    follow(page, "Only your own sessions")
    expect(page.get_by_label("My own: those I take part in")).to_be_checked()
    page.get_by_text("What it shows").click()
    page.select_option("#mode", label="Only digital")
    look_closely(page)
    press(page, "Make the calendar")
    expect(page.locator("#mode")).to_have_value("digital")
    page.fill("#name", "Min telefon")
    press(page, "Make the calendar")
    headed(page, "Min telefon")
    events = read_feed(page, page.locator("#feed-address").input_value())
    assert {str(event["CLASS"]) for event in events} == {"PRIVATE"}
    follow(page, "Subscribe", within="nav")
    expect(page.get_by_role("row").filter(has_text="Min telefon")).to_contain_text("My sessions")


def test_organiser_sees_the_answers_that_changed_nothing(signed_in: Visit, site_app: Flask) -> None:
    with site_app.app_context():
        sender = sender_of(site_app.extensions["settings"])
        for number, letter in enumerate((reply(uid="unknown@stegvis.example"), b"From: x@y.test\r\n\r\nHi")):
            handle(Arrival(f"maildir:{number}", letter), sender)
        db.session.remove()
        close_connections()
    page = signed_in("arrangor", language="en")
    page.goto("/invitations/replies")
    headed(page, "Answers that changed nothing")
    look_closely(page)
    why = page.locator("td[data-label='Why']").all_inner_texts()
    assert sorted(why) == ["It is an ordinary letter. Read it in the mailbox.", "It names no session here."]


def test_public_calendar_is_narrowed_without_script(visit: Visit, places: dict[str, object]) -> None:
    page = visit(language="en", width=390, java_script_enabled=False)
    page.goto("/subscribe/series/{key}".format_map(places))
    page.locator("summary").filter(has_text="What the calendar shows").click()
    page.select_option("#mode", label="Only digital")
    page.select_option("#lang", label="Svenska")
    press(page, "Change the address")
    expect(page.locator("#mode")).to_have_value("digital")
    address = page.locator("#feed-address").input_value()
    assert address.endswith(".ics?mode=digital")
    webcal = page.get_by_role("link", name="Open in Calendar", exact=True).get_attribute("href")
    assert webcal == f"webcal://{address.split('://')[1]}"
    kept, every = read_feed(page, address), read_feed(page, address.split("?")[0])
    assert 0 < len(kept) < len(every)
    assert all("Digitalt" in str(event["LOCATION"]) for event in kept)

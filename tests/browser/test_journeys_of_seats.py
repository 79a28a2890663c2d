"""Seats: a company reserves, names and swaps; the session fills, somebody waits, moves up and reads it in a mail."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import headed, look_closely, newest_letter, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")


def _lines(page: Page) -> Locator:
    return page.locator("ul.rows").first.locator("li")


def _name(page: Page, number: int, who: str) -> None:
    line = _lines(page).nth(number - 1)
    line.locator("select").select_option(label=who)
    line.get_by_role("button").click()
    told(page, "Saved.")
    expect(_lines(page).nth(number - 1)).to_contain_text(who)


def _of(page: Page, who: str) -> Locator:
    """The line of the one whose name it shows; a list to choose from may hold the same name."""
    return _lines(page).filter(has=page.locator("strong", has_text=who))


def _add(page: Page, number: int, who: str) -> None:
    line = _lines(page).nth(number - 1)
    line.locator("summary").click()
    line.get_by_label("Name", exact=True).fill(who)
    line.get_by_label("E-mail").fill(f"{who.split(maxsplit=1)[0].lower()}@demo.example")
    line.get_by_role("button").click()
    told(page, "Saved.")


def test_company_reserves_names_and_swaps_and_whoever_waits_moves_up(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    organiser = signed_in("arrangor", language="en")
    here = "/sessions/{company_session}".format_map(places)
    organiser.goto(f"{here}/seats")
    taken = organiser.locator("ul.rows").first.locator("form[action*='/seats/'] [value=cancel]").count()
    organiser.goto(f"{here}/edit")
    organiser.fill("#seats_remote", str(taken + 3))
    press(organiser, "Save")

    contact = visit(language="en", width=390)
    contact.goto(str(places["contact"]))
    contact.locator(f"a[href$='{places['company_uid']}/company']").click()
    headed(contact, "Seats for Bergslagens Gjuteriteknik AB")
    contact.fill("#count", "3")
    press(contact, "Reserve")
    told(contact, "Saved in 1 session.")
    assert _lines(contact).count() == 3
    look_closely(contact)
    _add(contact, 1, "Tuva Ny")
    _add(contact, 2, "Ture Ny")
    for number, who in ((1, "No name yet"), (2, "Tuva Ny"), (1, "Ture Ny")):
        _name(contact, number, who)

    organiser.goto(f"{here}/seats")
    organiser.fill("#q", "storå")
    press(organiser, "Find")
    line = organiser.locator("#book li").first
    who = line.locator("strong").inner_text()
    line.get_by_role("button").click()
    told(organiser, f"All seats are taken: {who} is number 1 in line.")
    look_closely(organiser)
    _of(organiser, "Tuva Ny").get_by_role("button", name="Take back").click()
    told(organiser, "The seats are changed.")
    expect(_of(organiser, who)).to_contain_text("Booked")

    reader = visit(language="en")
    link = next(link for link in newest_letter(reader, who) if "/sessions/" in link)
    letter = reader.locator("article.letter").filter(has_text=who).first
    expect(letter.get_by_role("heading")).to_contain_text("En plats åt dig")
    reader.goto(link)
    expect(reader.locator("main .notice")).to_contain_text("You have a seat")
    check_accessible(reader)

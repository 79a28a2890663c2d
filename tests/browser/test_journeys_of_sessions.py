"""From a template in use to dates that everyone's calendar tells, also when they change."""

from __future__ import annotations

from datetime import datetime

import pytest
from icalendar import Event
from playwright.sync_api import Page, expect

from planner.base.clock import ZONE
from planner.cli.demo.report import Report
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import (
    follow,
    headed,
    look_closely,
    personal_page,
    press,
    press_and_confirm,
    read_feed,
    told,
)

pytestmark = pytest.mark.usefixtures("as_loaded")

MONDAYS = ["Mon 12 Oct · wk 42", "Mon 19 Oct · wk 43", "Mon 2 Nov · wk 45"] + [
    f"Mon {day} Nov · wk {week}" for day, week in ((9, 46), (16, 47), (23, 48), (30, 49))
]


def _make_series(page: Page) -> None:
    """Take the demo's template into use in Nora, with a cohort of two companies."""
    follow(page, "Use in …")
    page.select_option("#municipality", label="Nora")
    page.fill("#title", "Digitalt i Nora")
    page.get_by_label("Lindesberg", exact=True).check()
    press(page, "Make the series")
    follow(page, "Add a cohort")
    page.fill("#name", "Verkstad")
    page.get_by_label("Bergskraft Elteknik AB").check()
    page.get_by_label("Storå Träförädling AB").check()
    press(page, "Save")


def _set_whole_series(page: Page) -> None:
    """Every Monday at 13 from week 42, week 44 skipped; each date is seen before it is written."""
    follow(page, "The whole series in one go")
    page.select_option("#cohort_id", label="Verkstad")
    page.get_by_label("Mon", exact=True).check()
    page.fill("#first", "v. 42")
    page.fill("#starts", "13")
    page.fill("#skip_weeks", "44")
    press(page, "Show the dates")
    expect(page.locator("tr.is-skipped")).to_contain_text("Mon 26 Oct · wk 44")
    assert page.locator("tr.plan-line:not(.is-skipped) td[data-label=Day] .sub").all_inner_texts() == MONDAYS
    look_closely(page)
    press(page, "Place 7 sessions")
    told(page, "7 sessions are set.")


def test_template_becomes_a_series_whose_dates_reach_the_public_and_its_calendars(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    page, anyone = signed_in("arrangor", language="en"), visit(language="en")
    page.goto("/templates/{template}".format_map(places))
    _make_series(page)
    _set_whole_series(page)
    series = page.url
    anyone.goto("/m/1884")
    assert anyone.get_by_role("link", name="Digitalt i Nora").count() == 0
    in_nora = read_feed(anyone, "/calendars/municipality/1884.ics")

    follow(page, "Plan board")
    chips = page.locator("table.board-table a.chip .chip-when").all_inner_texts()
    assert [chip.strip() for chip in chips] == ["Mon 13:00"] * 7
    page.goto("/plan/list?municipality=1884&last=2026-W53")
    mine = page.locator("tbody tr").filter(has_text="Digitalt i Nora")
    weeks = mine.locator("td[data-label=Week]").all_inner_texts()
    assert weeks == [f"wk {week}" for week in (42, 43, 45, 46, 47, 48, 49)]
    page.goto(series)
    press_and_confirm(page, "Publish")
    told(page, "The series is published")

    anyone.reload()
    follow(anyone, "Digitalt i Nora")
    headed(anyone, "Digitalt i Nora")
    expect(anyone.get_by_role("heading", name="Verkstad")).to_be_visible()
    expect(anyone.locator("ol.sessions > li")).to_have_count(7)
    follow(anyone, "Subscribe")
    address = anyone.locator("#feed-address").input_value()
    events = read_feed(anyone, address)
    assert not {event["UID"] for event in events} & {event["UID"] for event in in_nora}
    assert sorted(event["DTSTART"].dt for event in events) == [
        datetime(2026, month, day, 13, tzinfo=ZONE)
        for month, day in ((10, 12), (10, 19), (11, 2), (11, 9), (11, 16), (11, 23), (11, 30))
    ]


def test_clash_is_shown_before_saving_and_saving_over_it_takes_a_reason(
    signed_in: Visit, places: dict[str, object]
) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/series/{series}/sessions/new".format_map(places))
    page.select_option("#step_id", label="6. Vår plan: ett år framåt")
    page.select_option("#cohort_id", label="Industri")
    page.get_by_label("Digital", exact=True).check()
    page.get_by_label("Alex Handledare").check()
    page.fill("#starts", "14")
    page.fill("#day", "tors v. 42")
    expect(page.locator("[data-day-note]")).to_have_text("Thursday 15 October 2026, wk 42")
    clashes = page.locator("[data-clashes]")
    expect(clashes).to_contain_text("Alex Handledare is already in Möt kunden digitalt")
    expect(clashes).to_contain_text("Bergslagens Gjuteriteknik AB is already in Möt kunden digitalt")
    look_closely(page)

    press(page, "Set the session")
    expect(page.locator(".error-summary")).to_contain_text("Reason to save it all the same")
    expect(page.locator("#day")).to_have_value("tors v. 42")
    page.fill("#clash_reason", "Grupperna slås ihop den dagen.")
    press(page, "Set the session")
    headed(page, "Digital kompetens i flera steg")

    coordinator = signed_in("samordnare", language="en")
    coordinator.goto("/series/{series}".format_map(places))
    follow(coordinator, "Thu 15 Oct · wk 42 · 14:00–16:30")
    headed(coordinator, "Vår plan: ett år framåt")
    over = coordinator.locator("dl.facts div").filter(has_text="Saved over a clash")
    expect(over.locator("dd")).to_have_text("Grupperna slås ihop den dagen.")


def test_session_is_moved_cancelled_and_restored_and_every_calendar_follows(
    signed_in: Visit, visit: Visit, offers: Report, places: dict[str, object]
) -> None:
    page, anyone, contact = signed_in("arrangor", language="en"), visit(language="en"), visit(language="en")
    session = "/sessions/{coming}".format_map(places)
    public = "/s/{key}/{uid}".format_map(places)

    def entry() -> Event:
        events = read_feed(anyone, "/calendars/series/{key}.ics".format_map(places))
        (found,) = [event for event in events if str(event["UID"]).startswith(str(places["uid"]))]
        return found

    before = entry()
    page.goto(session)
    follow(page, "Move")
    page.fill("#day", "fre v. 45")
    page.fill("#starts", "10")
    page.fill("#ends", "12:30")
    check_accessible(page)
    press(page, "Move")
    moved = entry()
    assert moved["SEQUENCE"] > before["SEQUENCE"]
    assert moved["UID"] == before["UID"]
    assert moved["DTSTART"].dt == datetime(2026, 11, 6, 10, tzinfo=ZONE)
    anyone.goto(public)
    told(anyone, "Moved from")

    page.goto(session)
    follow(page, "Cancel the session")
    press(page, "Cancel the session")
    expect(page.locator(".error-summary")).to_contain_text("Say why it is cancelled")
    page.fill("#reason", "Lokalen har fått en vattenskada.")
    press(page, "Cancel the session")
    cancelled = entry()
    assert (cancelled["STATUS"], cancelled["UID"]) == ("CANCELLED", before["UID"])
    assert cancelled["SEQUENCE"] > moved["SEQUENCE"]
    anyone.reload()
    told(anyone, "Cancelled: Lokalen har fått en vattenskada.")
    contact.goto(personal_page(offers, "Björk Hyvel"))
    expect(contact.locator("li.session-cancelled")).to_contain_text("Lokalen har fått en vattenskada.")

    page.goto(session)
    follow(page, "Restore")
    press(page, "Restore the session")
    restored = entry()
    assert (restored.get("STATUS"), restored["UID"]) == ("CONFIRMED", before["UID"])
    assert restored["SEQUENCE"] > cancelled["SEQUENCE"]
    anyone.reload()
    expect(anyone.locator("main")).not_to_contain_text("Cancelled")

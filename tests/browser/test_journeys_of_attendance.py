"""The day itself: the facilitator's phone, the code said aloud, and the sums afterwards."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from planner.cli.demo.report import Report
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import follow, headed, look_closely, personal_page, press, told
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("as_loaded")


def _row(page: Page, who: str) -> Locator:
    return page.locator("li.roster-row").filter(has=page.get_by_role("heading", name=who, exact=True))


def _tap(page: Page, who: str, verdict: str) -> None:
    _row(page, who).locator("label.tap").filter(has_text=verdict).tap()


def _is_saved(page: Page, how: str = "All saved") -> None:
    expect(page.locator("[data-state]")).to_have_text(how)


def _marked(page: Page, who: str) -> str:
    return _row(page, who).locator("input[name^=verdict-]:checked").input_value()


def _history(page: Page, who: str) -> list[str]:
    """The verdicts noted of them, newest first."""
    row = _row(page, who)
    row.locator("summary").click()
    row.get_by_role("link", name="in the history").click()
    check_accessible(page)
    return [text.split()[0] for text in page.locator("tbody th").all_inner_texts()]


def test_facilitator_takes_attendance_with_taps_on_a_phone(
    signed_in: Visit, places: dict[str, object]
) -> None:
    phone = signed_in("handledare", language="en", width=390, has_touch=True)
    phone.goto("/")
    follow(phone, "Take attendance")
    _tap(phone, "Alva Kvist", "Present")
    _is_saved(phone)
    _tap(phone, "Elis Nyckel", "Late")
    _is_saved(phone)
    _tap(phone, "Elis Nyckel", "Excused")
    _is_saved(phone)
    check_accessible(phone)

    follow(phone, "Add a walk-in")
    phone.fill("#q", "jarl")
    press(phone, "Find")
    phone.get_by_role("listitem").filter(has_text="Jarl Nav").get_by_role("button").tap()
    told(phone, "Jarl Nav is noted as present.")
    _is_saved(phone)

    organiser = signed_in("arrangor", language="en")
    organiser.goto("/sessions/{now}/attendance".format_map(places))
    seen = {who: _marked(organiser, who) for who in ("Alva Kvist", "Elis Nyckel", "Jarl Nav")}
    assert seen == {"Alva Kvist": "present", "Elis Nyckel": "excused", "Jarl Nav": "present"}
    assert _history(organiser, "Elis Nyckel") == ["Excused", "Late"]


def test_somebody_without_an_account_takes_attendance_by_the_sessions_own_link(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    organiser = signed_in("arrangor", language="en")
    organiser.goto("/sessions/{now}/attendance/links".format_map(places))
    organiser.fill("#name", "Gun Vikarie")
    press(organiser, "Make a link")
    address = organiser.get_by_label("Gun Vikarie", exact=True).input_value()

    phone = visit(language="en", width=390, has_touch=True)
    phone.goto(address)
    _tap(phone, "Alva Kvist", "Late")
    _is_saved(phone)
    for ending in ("", "/walk-in", "/check-in", "/scan"):
        assert phone.goto(address + ending).status == 200
        check_accessible(phone)
    phone.goto(address)
    assert _history(phone, "Alva Kvist") == ["Late"]

    organiser.goto("/sessions/{now}/attendance".format_map(places))
    assert _marked(organiser, "Alva Kvist") == "late"
    organiser.goto("/sessions/{now}/attendance/links".format_map(places))
    press(organiser, "Revoke Gun Vikarie")
    assert phone.goto(address).status == 404


def test_correction_of_another_day_takes_a_reason_and_keeps_what_was_there(
    signed_in: Visit, places: dict[str, object]
) -> None:
    phone = signed_in("handledare", language="en", width=390, has_touch=True)
    phone.goto("/sessions/{past}/attendance".format_map(places))
    was = _marked(phone, "Sara Svarv")
    other = {"present": "Absent"}.get(was, "Present")
    _tap(phone, "Sara Svarv", other)
    _is_saved(phone, "A row needs your answer")
    reason = _row(phone, "Sara Svarv").get_by_label("Reason, for a correction")
    expect(reason).to_be_focused()
    check_accessible(phone)
    reason.fill("Fel rad på listan.")
    _row(phone, "Sara Svarv").get_by_role("button", name="Save the change").tap()
    _is_saved(phone)

    organiser = signed_in("arrangor", language="en")
    organiser.goto("/sessions/{past}/attendance".format_map(places))
    assert _history(organiser, "Sara Svarv") == [other, was.capitalize()]
    expect(organiser.locator("tbody tr").first).to_contain_text("Fel rad på listan.")


def test_taps_without_a_network_arrive_later_and_once(signed_in: Visit, places: dict[str, object]) -> None:
    phone = signed_in("handledare", language="en", width=390, has_touch=True)
    phone.goto("/sessions/{now}/attendance".format_map(places))
    phone.context.set_offline(True)
    _tap(phone, "Tyra Jordfel", "Present")
    _is_saved(phone, "Waiting for the network, kept on this device")
    _tap(phone, "Ivar Säkring", "Absent")
    _is_saved(phone, "2: Waiting for the network, kept on this device")
    phone.context.set_offline(False)
    _is_saved(phone)
    phone.reload()
    _is_saved(phone)

    organiser = signed_in("arrangor", language="en")
    organiser.goto("/sessions/{now}/attendance".format_map(places))
    assert _marked(organiser, "Ivar Säkring") == "absent"
    assert _history(organiser, "Tyra Jordfel") == ["Present"]


def test_participant_checks_in_by_the_spoken_code_and_only_around_the_session(
    signed_in: Visit,
    visit: Visit,
    offers: Report,
    places: dict[str, object],
    at: Callable[..., Any],
) -> None:
    facilitator = signed_in("handledare", language="en")
    facilitator.goto("/sessions/{now}/check-in".format_map(places))
    code = facilitator.locator(".screen-code").inner_text()

    def say_the_code() -> None:
        participant.goto("/check-in")
        participant.fill("#code", code)
        press(participant, "Continue")

    participant = visit(language="en", width=390)
    say_the_code()
    participant.fill("#email", "nagon.annan@stora.example")
    press(participant, "Check in")
    expect(participant.locator(".error-summary")).to_contain_text("We do not find you on this session's list")
    look_closely(participant)
    participant.fill("#email", "alva.kvist@stora.example")
    press(participant, "Check in")
    headed(participant, "You are checked in")
    check_accessible(participant)

    with at(NOW + timedelta(hours=6)):
        say_the_code()
        expect(participant.locator(".error-summary")).to_contain_text("No session is open for check-in")
        token = personal_page(offers, "Björk Hyvel").removeprefix("/p/")
        participant.goto(f"/check-in/{places['now_uid']}?p={token}")
        told(participant, "Check-in has closed. The facilitator can still note that you were here.")
    with at(NOW - timedelta(hours=6)):
        participant.reload()
        told(participant, "Check-in opens 30 minutes before the session starts.")

    facilitator.goto("/sessions/{now}/attendance".format_map(places))
    assert _marked(facilitator, "Alva Kvist") == "present"
    assert _row(facilitator, "Björk Hyvel").locator("input[name^=verdict-]:checked").count() == 0


def test_figures_add_up_and_the_file_says_the_same(signed_in: Visit) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/")
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Figures").click()
    page.get_by_label("Summed by").select_option(label="Company")
    press(page, "Show")
    heads = page.locator("thead th").all_inner_texts()
    body, foot = (
        [
            [cell.strip() for cell in row.locator("th, td").all_inner_texts()]
            for row in page.locator(part).all()
        ]
        for part in ("tbody tr", "tfoot tr")
    )
    assert len(body) == 9
    for name in ("Persons", "Seats used", "Times on site", "Times by video"):
        column = heads.index(name)
        assert (name, sum(int(row[column]) for row in body)) == (name, int(foot[0][column]))

    with page.expect_download() as download:
        follow(page, "Download as CSV")
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    shown = [
        [row[heads.index(name)] for name in ("Persons", "Seats booked", "Seats used")] for row in body + foot
    ]
    assert [[row[name] for name in ("Persons", "Seats booked", "Seats used")] for row in rows] == shown

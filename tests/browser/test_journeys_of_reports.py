"""After the meeting: the report that Teams or Zoom gave is read in, and the attendance is signed off."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import follow, headed, look_closely, press, press_and_confirm, told

pytestmark = pytest.mark.usefixtures("as_loaded")
REPORT = "Namn (ursprungligt namn),E-postadress,Total varaktighet (minuter)\nAlva Kvist,,40\niPad,,30\n"


def _upload(page: Page, places: dict[str, object], text: str) -> None:
    page.goto("/sessions/{now}/attendance".format_map(places))
    follow(page, "Attendance report")
    file = FilePayload(name="report.csv", mimeType="text/csv", buffer=text.encode())
    page.set_input_files("input[type=file]", file)
    press(page, "Look through the rows")


def test_a_report_is_looked_through_and_read_in(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("handledare", language="en")
    _upload(page, places, "Ingen rapport\n")
    headed(page, "Import an attendance report")
    look_closely(page)
    _upload(page, places, REPORT)
    headed(page, "Look through the report")
    expect(page.get_by_role("row").filter(has_text="Alva Kvist")).to_contain_text("Is marked present")
    who_it_is = page.get_by_label("Who iPad is")
    elis = who_it_is.locator("option").filter(has_text="Elis Nyckel").get_attribute("value")
    who_it_is.select_option(elis)
    look_closely(page)
    press(page, "Mark them")
    told(page, "2 people marked.")
    for who, minutes in (("Alva Kvist", "40"), ("Elis Nyckel", "30")):
        row = page.locator("li.roster-row").filter(has=page.get_by_role("heading", name=who, exact=True))
        expect(row.locator("input[name^=minutes-]")).to_have_value(minutes)
    _upload(page, places, REPORT)
    expect(page.get_by_role("row").filter(has_text="Alva Kvist")).to_contain_text("Noted already")


def test_the_attendance_is_signed_off(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("handledare", language="en")
    page.goto("/sessions/{past}/attendance".format_map(places))
    press_and_confirm(page, "Sign off")
    told(page, "The attendance is signed off.")
    told(page, "What is changed after that is marked as late.")
    look_closely(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign off")).to_have_count(0)

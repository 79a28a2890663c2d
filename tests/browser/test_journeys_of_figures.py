"""Figures: narrowed, downloaded, frozen when reported, corrected afterwards; and what a reader sees of them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import follow, headed, look_closely, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")


def _by(page: Page, what: str) -> None:
    page.get_by_label("Summed by").select_option(label=what)
    press(page, "Show")


def test_figures_are_narrowed_and_downloaded(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/figures")
    _by(page, "Month")
    expect(page.get_by_role("img", name="Times somebody took part, by month")).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    total = rows.last.inner_text()
    look_closely(page)
    page.get_by_text("More to narrow by").click()
    page.get_by_label("Training type").select_option(label="Technical")
    press(page, "Show")
    assert rows.last.inner_text() == total  # the template says that all of it is technical
    with page.expect_download() as download:
        follow(page, "XLSX")
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    shown = [row.get_by_role("rowheader").inner_text() for row in rows.all()[1:]]
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == shown


def _correct(page: Page, who: str, roster: str) -> None:
    """Say the other thing about somebody's presence, with a reason."""
    page.goto(roster)
    row = page.locator("li.roster-row").filter(has=page.get_by_role("heading", name=who, exact=True))
    is_present = row.get_by_role("radio", name="Present").is_checked()
    row.get_by_role("radio", name="Absent" if is_present else "Present").click()
    row.get_by_label("Reason, for a correction").fill("Fel rad på listan.")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        row.get_by_role("button", name="Save the change").click()


def test_a_frozen_month_lists_what_was_corrected_later(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/figures")
    follow(page, "Frozen months")
    page.get_by_label("Month").select_option(value="2026-08")
    press(page, "Freeze the month")
    told(page, "The month is frozen.")
    expect(page.get_by_text("Nothing has been corrected")).to_be_visible()
    frozen = page.url
    with page.expect_download() as download:
        follow(page, "Download as CSV")
    before = download.value.path().read_bytes()
    _correct(page, "Sara Svarv", "/sessions/{past}/attendance".format_map(places))
    page.goto(frozen)
    row = page.get_by_role("row").filter(has_text="Sara Svarv")
    expect(row).to_contain_text("Fel rad på listan.")
    look_closely(page)
    with page.expect_download() as again:
        follow(page, "Download as CSV")
    assert again.value.path().read_bytes() == before


def test_a_reader_sees_sums_and_no_small_ones(signed_in: Visit) -> None:
    page = signed_in("region", language="en")
    page.goto("/figures")
    told(page, "Sums of fewer than 5 are hidden")
    expect(page.get_by_role("cell", name="hidden").first).to_be_visible()
    expect(page.get_by_label("Summed by").get_by_role("option", name="Company", exact=True)).to_have_count(0)
    look_closely(page)


def test_a_series_is_put_into_a_project(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/projects")
    follow(page, "New project")
    for label, text in {
        "Name": "Grön omställning 2026",
        "First day": "2026-01-01",
        "Last day": "2026-12-31",
    }.items():
        page.get_by_label(label, exact=False).first.fill(text)
    press(page, "Save")
    told(page, "The project is saved.")
    page.goto("/series/{series}/account".format_map(places))
    page.get_by_label("Funder project").select_option(label="Grön omställning 2026")
    press(page, "Save")
    told(page, "Saved.")
    page.goto("/projects")
    page.get_by_role("row").filter(has_text="Grön omställning 2026").get_by_role("link").last.click()
    headed(page, "Figures")
    expect(page.get_by_role("table")).to_be_visible()

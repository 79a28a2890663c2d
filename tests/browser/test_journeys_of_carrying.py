"""A template on its way: copied and following its origin, as a file, and into several municipalities at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import follow, headed, look_closely, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")


def test_a_copy_goes_its_own_way_and_follows_its_origin(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("samordnare", language="en")
    page.goto("/templates/{template}/versions/1".format_map(places))
    follow(page, "Copy into an own template")
    press(page, "Make the copy")
    headed(page, "Digital kompetens i flera steg")
    page.fill("#title", "Digitalt i Lindesberg")
    press(page, "Save draft")

    follow(page, "Version 2 of the origin is out", within="body")
    headed(page, "What is new in the origin")
    look_closely(page)
    page.get_by_label("New step").uncheck()
    press(page, "Take it into the draft")
    headed(page, "Digitalt i Lindesberg")
    expect(page.locator("ol.steps h3")).to_have_count(6)
    expect(page.locator("main")).to_contain_text("mätt vad det sparade i tid och resor")
    page.get_by_label("The county").check()
    press(page, "Save")
    told(page, "Shown to: The county.")
    page.fill("#note", "Vår egen.")
    press(page, "Publish version 1")
    expect(page.locator("main")).to_contain_text("Digital kompetens i flera steg, version 2")


def test_a_version_is_carried_as_a_file_and_a_broken_one_is_mended(
    signed_in: Visit, places: dict[str, object], tmp_path: Path
) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/templates/{template}/versions/1".format_map(places))
    with page.expect_download() as started:
        follow(page, "Download as a file", within="body")
    file = tmp_path / "template.yaml"
    started.value.save_as(file)
    file.write_text(file.read_text("utf-8").replace("mode: hybrid", "mode: here", 1), "utf-8")

    page.goto("/templates/mine")
    follow(page, "Import")
    page.set_input_files("#file", file)
    page.select_option("#into", label="The draft of Digital kompetens i flera steg")
    press(page, "Look it through")
    expect(page.locator(".error-summary")).to_contain_text("“mode” is on_site, digital or hybrid.")
    look_closely(page)
    text = page.locator("#text")
    text.fill(text.input_value().replace("mode: here", "mode: hybrid"))
    press(page, "Look it through")
    expect(page.locator(".diff")).to_contain_text("Moved from place")
    look_closely(page)
    press(page, "Import as the draft")
    headed(page, "Digital kompetens i flera steg")
    expect(page.locator("[data-step]")).to_have_count(6)


def test_one_press_makes_series_in_two_municipalities_with_dates(
    signed_in: Visit, places: dict[str, object]
) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/templates/{template}/versions/2".format_map(places))
    follow(page, "Several municipalities, or with dates", within="body")
    page.get_by_label("Kumla", exact=True).check()
    page.get_by_label("Laxå", exact=True).check()
    page.fill("#week", "v. 3 2027")
    page.select_option("#weekday", label="Tue")
    press(page, "Show the dates")
    expect(page.locator("main .rows")).to_contain_text("19 Jan")
    look_closely(page)
    press(page, "Make the series")
    told(page, "2 series are made, as drafts.")
    expect(page.get_by_role("link", name="Digital kompetens i flera steg")).to_have_count(5)

"""Certificates from rule to withdrawal, one's own hours, food without a name, and all that is kept of somebody."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from planner.jobs.work import carry_due
from tests import papers
from tests.browser.conftest import Visit
from tests.browser.steps import follow, headed, look_closely, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")


def _download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator("main").get_by_role("link", name=name, exact=True).click()
    return waiting.value.path().read_bytes()


def test_certificate_is_earned_issued_looked_up_and_withdrawn(
    signed_in: Visit, visit: Visit, places: dict[str, object], site_app: Flask
) -> None:
    organiser = signed_in("arrangor", language="en")
    organiser.goto("/series/{series}".format_map(places))
    follow(organiser, "Certificates", within="aside")
    headed(organiser, "Certificates")
    organiser.get_by_label("taking part in every step").check()
    press(organiser, "Save")
    told(organiser, "Saved.")
    expect(organiser.locator("input[name=person]")).to_have_count(0)
    organiser.get_by_label("taking part in some of the steps").check()
    organiser.get_by_label("Number of steps").fill("3")
    press(organiser, "Save")
    ready = organiser.locator("input[name=person]")
    expect(ready).to_have_count(2)
    who = (
        organiser.locator("label.option:has(input[name=person]) .option-text")
        .first.inner_text()
        .splitlines()[0]
    )
    press(organiser, "Issue to the chosen")
    told(organiser, "2 certificates are issued.")
    look_closely(organiser)

    row = organiser.locator("tr").filter(has_text=who)
    row.get_by_role("link").click()
    headed(organiser, who)
    data = _download(organiser, "PDF, English")
    assert who in papers.texts(data)[0]
    [address] = papers.qr_codes(data)

    anybody = visit(language="en", width=390)
    anybody.goto("/verify")
    anybody.get_by_label("Code on the certificate").fill(address.rpartition("/")[2].lower())
    press(anybody, "Look it up")
    told(anybody, "This certificate holds.")
    look_closely(anybody)

    organiser.get_by_label("Reason").fill("The wrong person")
    press(organiser, "Withdraw the certificate")
    told(organiser, "The certificate is withdrawn.")
    anybody.goto(address)
    told(anybody, "It was withdrawn")
    told(anybody, "The wrong person")

    follow(organiser, "Certificates", within=".crumbs")
    press(organiser, "All in English")
    expect(organiser.get_by_text("Waiting for its turn")).to_be_visible()
    look_closely(organiser)
    with site_app.app_context():
        assert carry_due() == 1
    told(organiser, "The file is ready.")
    assert _download(organiser, "Download")[:2] == b"PK"


def test_own_hours_are_confirmed_or_questioned_and_the_roll_shows_it(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    participant = visit(language="en", width=390)
    participant.goto(str(places["participant"]))
    follow(participant, "Confirm your hours")
    headed(participant, "Your hours")
    first = participant.locator("section").first
    session = first.get_attribute("aria-labelledby").removeprefix("hours-")
    first.locator("summary").click()
    first.get_by_label("What is wrong?").fill("I left at three")
    first.get_by_role("button", name="Tell the facilitator").click()
    told(participant, "The facilitator can see it now.")
    look_closely(participant)
    participant.get_by_role("button", name="This is right").last.click()
    told(participant, "Thank you, it is confirmed.")
    expect(participant.get_by_text("Confirmed", exact=True).first).to_be_visible()

    organiser = signed_in("arrangor", language="en")
    organiser.goto(f"/sessions/{session}/attendance")
    expect(organiser.get_by_text("Says: “I left at three”")).to_be_visible()
    look_closely(organiser)


def test_somebody_reads_takes_along_and_erases_all_that_is_kept_of_them(
    visit: Visit, places: dict[str, object]
) -> None:
    page = visit(language="en", width=390)
    page.goto(str(places["participant"]))
    who = page.get_by_role("heading", level=1).inner_text()
    page.locator("a[href$='/food']").first.click()
    page.get_by_label("Vegetarian").check()
    press(page, "Save")
    told(page, "Only how many need what is shown to others.")
    page.goto(str(places["participant"]))
    follow(page, "What is kept of you")
    look_closely(page)
    data = json.loads(_download(page, "As a file (JSON)"))
    assert data["person"][0]["name"] == who
    assert data["attendance_marks"]
    follow(page, "Erase …")
    press(page, "Erase for good")
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("#name").fill("Somebody else")
    press(page, "Erase for good")
    expect(page.locator(".field-error")).to_contain_text("Type the name as it stands above")
    look_closely(page)
    page.locator("#name").fill(who)
    press(page, "Erase for good")
    headed(page, "You are erased")
    assert page.goto(str(places["participant"])).status == 404

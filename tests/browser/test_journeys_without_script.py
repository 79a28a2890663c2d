"""The day's work in a browser that runs no JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.steps import follow, headed, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")


def test_attendance_is_taken_without_script(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("handledare", language="en", java_script_enabled=False)
    page.goto("/")
    follow(page, "Take attendance")
    for who, verdict in (("Alva Kvist", "Present"), ("Björk Hyvel", "Absent")):
        page.get_by_role("group", name=who).get_by_label(verdict).check()
    press(page, "Save all")
    expect(page.locator("main .notice-success")).to_be_visible()

    organiser = signed_in("arrangor", language="en")
    organiser.goto("/sessions/{now}/attendance".format_map(places))
    for who, verdict in (("Alva Kvist", "Present"), ("Björk Hyvel", "Absent")):
        expect(organiser.get_by_role("group", name=who).get_by_label(verdict)).to_be_checked()


def test_step_is_moved_and_a_session_set_without_script(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("arrangor", language="en", java_script_enabled=False)
    page.goto("/series/{draft}".format_map(places))
    page.locator("ol.steps > li").first.get_by_role("button", name="Move down").click()

    follow(page, "One session")
    page.select_option("#step_id", label="2. Var står vi? Nuläge och behov")
    page.fill("#day", "24/12")
    page.fill("#starts", "13")
    press(page, "Set the session")
    told(page, "Thu 24 Dec · wk 52 is Christmas Eve.")
    page.fill("#day", "ons v. 49")
    press(page, "Set the session")
    headed(page, "Digital kompetens i flera steg")

    coordinator = signed_in("samordnare", language="en")
    coordinator.goto("/series/{draft}".format_map(places))
    titles = coordinator.locator("ol.steps h3").all_inner_texts()
    assert titles[:2] == ["Arbeta tillsammans på distans", "Var står vi? Nuläge och behov"]
    (session,) = coordinator.locator("section#sessions tbody tr").all()
    expect(session).to_contain_text("Wed 2 Dec · wk 49 · 13:00–15:00")


def test_template_is_ordered_without_script(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("arrangor", language="en", java_script_enabled=False)
    page.goto("/templates/{template}/edit".format_map(places))
    page.get_by_role("button", name="Move step 2 up", exact=True).click()
    press(page, "Save draft")
    page.goto("/templates/{template}/edit".format_map(places))
    titles = page.locator("[data-step] [data-title]").all_inner_texts()
    assert titles[:2] == ["Arbeta tillsammans på distans", "Var står vi? Nuläge och behov"]

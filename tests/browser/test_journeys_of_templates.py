"""From an idea to a template that others take into use, and two people at the same time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import check_accessible, follow, headed, look_closely, press, told

pytestmark = pytest.mark.usefixtures("as_loaded")

STEPS = (("Läs ritningen", "90"), ("Svetsa en fog", "120"), ("Granska varandras arbete", "60"))


def _write_steps(page: Page) -> None:
    for number, (title, minutes) in enumerate(STEPS):
        if number:
            press(page, "Add a step")
        step = page.locator("[data-step]").nth(number)
        step.locator("input[name$='-title']").fill(title)
        step.locator("input[name$='-minutes']").fill(minutes)


def _shown_titles(page: Page) -> list[str]:
    return page.locator("[data-step] [data-title]").all_inner_texts()


def test_template_is_built_previewed_published_and_found(signed_in: Visit, visit: Visit) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/templates")
    follow(page, "New template")
    page.fill("#title", "Svetsa säkert")
    press(page, "Create and add steps")
    page.fill("#summary", "Tre träffar om att svetsa rätt från början.")
    _write_steps(page)

    handle = page.get_by_role("button", name="Move step 3", exact=True)
    handle.press("Space")
    handle.press("ArrowUp")
    expect(page.locator("#live-status")).to_have_text("Granska varandras arbete is now step 2 of 3.")
    handle.press("Space")
    look_closely(page)
    press(page, "Save draft")
    expect(page.locator("[data-step]")).to_have_count(3)
    assert _shown_titles(page) == ["Läs ritningen", "Granska varandras arbete", "Svetsa en fog"]

    press(page, "Preview")
    headed(page, "Svetsa säkert")
    check_accessible(page)
    page.fill("#note", "Första utgåvan.")
    press(page, "Publish version 1")

    other = visit(language="en")
    other.goto("/templates")
    other.fill("#words", "svetsa")
    press(other, "Show")
    expect(other.get_by_text("1 template", exact=True)).to_be_visible()
    follow(other, "Svetsa säkert")
    headed(other, "Svetsa säkert")
    titles = other.locator("main").get_by_role("heading", level=3).all_inner_texts()
    assert [title for title in titles if title in dict(STEPS)] == [
        "Läs ritningen",
        "Granska varandras arbete",
        "Svetsa en fog",
    ]


def test_two_people_edit_the_same_step_and_the_second_chooses(
    signed_in: Visit, places: dict[str, object]
) -> None:
    address = "/series/{series}/steps/{step}".format_map(places)
    first, second = signed_in("arrangor", language="en"), signed_in("samordnare", language="en")
    for page in (first, second):
        page.goto(address)
    first.fill("#goals", "Ni vet vad ni vill.")
    press(first, "Save")
    second.fill("#goals", "Ni har en plan.")
    second.fill("#minutes", "100")
    press(second, "Save")

    told(second, "Saved meanwhile by someone else")
    check_accessible(second)
    versions = second.locator(".conflict dd").all_inner_texts()
    assert versions == ["Ni vet vad ni vill.", "Ni har en plan."]
    expect(second.locator("#goals")).to_have_value("Ni har en plan.")
    expect(second.locator("#minutes")).to_have_value("100")
    second.fill("#goals", "Ni vet vad ni vill, och har en plan.")
    press(second, "Save")

    first.goto(address)
    expect(first.locator("#goals")).to_have_value("Ni vet vad ni vill, och har en plan.")
    expect(first.locator("#minutes")).to_have_value("100")


def test_two_people_edit_the_same_template_and_the_second_chooses(
    signed_in: Visit, places: dict[str, object]
) -> None:
    address = "/templates/{template}/edit".format_map(places)
    first, second = signed_in("arrangor", language="en"), signed_in("arrangor", language="en")
    for page in (first, second):
        page.goto(address)
    first.fill("#summary", "Deras sammanfattning.")
    first.fill("#audience", "Alla.")
    press(first, "Save draft")
    second.fill("#summary", "Min sammanfattning.")
    press(second, "Save draft")

    told(second, "Someone else changed the same while you were editing")
    look_closely(second)
    second.get_by_label("Saved meanwhile").check()
    press(second, "Save draft")

    first.goto(address)
    expect(first.locator("#summary")).to_have_value("Deras sammanfattning.")
    expect(first.locator("#audience")).to_have_value("Alla.")

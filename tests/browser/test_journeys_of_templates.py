"""From an idea to a template that others take into use, and two people at the same time."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.steps import (
    check_accessible,
    follow,
    headed,
    look_closely,
    press,
    press_and_confirm,
    told,
)

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


def _titles_of(page: Page) -> list[str]:
    return page.locator("ol.steps h3").all_inner_texts()


def test_an_update_is_reviewed_taken_over_and_undone(signed_in: Visit, places: dict[str, object]) -> None:
    """Lindesberg has held four steps, has a text of its own and has locked a length."""
    page = signed_in("arrangor", language="en")
    page.goto("/")
    expect(page.locator(".todo")).to_contain_text("Updates of templates: 3 series")
    page.goto("/series/{series}".format_map(places))
    before = _titles_of(page)
    follow(page, "Review the update")
    headed(page, "Review the update to version 2")
    look_closely(page)
    alone = page.get_by_role("region", name="Left alone")
    expect(alone).to_contain_text("Vår plan: ett år framåt")
    expect(alone).to_contain_text("The held ones stay where they were.")

    press(page, "Take over what is ticked and chosen")
    expect(page.locator(".error-summary")).to_contain_text("Something is not decided yet")
    goals = page.get_by_role("group", name="Goals")
    expect(goals).to_contain_text("Choose one of these, or write your own.")
    goals.get_by_label("Neither: this instead").check()
    goals.get_by_role("textbox").fill("Ni har prövat på en kund, och mätt vad det sparade.")
    look_closely(page)
    press(page, "Take over what is ticked and chosen")

    headed(page, "Update to version 2")
    look_closely(page)
    expect(page.locator(".diff")).to_contain_text("AI i vardagen: pröva utan att läcka")
    taken = page.url
    page.goto("/series/{series}".format_map(places))
    assert _titles_of(page) == [*before[:5], "AI i vardagen: pröva utan att läcka", before[5]]
    expect(page.locator("ol.steps")).to_contain_text("Ni har prövat på en kund, och mätt vad det sparade.")
    expect(page.locator("ol.steps > li").last).to_contain_text("2 h 30 min")
    follow(page, "Own changes")
    look_closely(page)

    page.goto(taken)
    press_and_confirm(page, "Undo the update")
    headed(page, "Digital kompetens i flera steg")
    assert _titles_of(page) == before
    expect(page.locator("ol.steps")).to_contain_text("en kund i gjuteribranschen")


def test_a_version_is_skipped_and_taken_later(signed_in: Visit, places: dict[str, object]) -> None:
    """Nora has changed nothing and held nothing."""
    page = signed_in("arrangor", language="en")
    page.goto("/series/{nora}/update".format_map(places))
    press(page, "Skip this version")
    headed(page, "Digital kompetens i flera steg")
    expect(page.get_by_role("link", name="Review the update")).to_have_count(0)
    page.goto("/")
    expect(page.locator(".todo")).to_contain_text("Updates of templates: 2 series")

    page.goto("/series/{nora}".format_map(places))
    follow(page, "Take the skipped version 2")
    page.get_by_label("Vår plan: ett år framåt").check()  # its session, made as long as the step
    look_closely(page)
    press(page, "Take everything offered")
    headed(page, "Update to version 2")
    page.goto("/series/{nora}".format_map(places))
    assert _titles_of(page)[3:6] == [
        "Möt kunden digitalt",
        "Siffrorna ni redan har",
        "AI i vardagen: pröva utan att läcka",
    ]
    last = page.locator("section#sessions tbody tr").last
    expect(last).to_contain_text("09:00–12:00")


def test_a_change_is_proposed_back_and_taken_into_the_next_version(
    signed_in: Visit, places: dict[str, object]
) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/series/{draft}".format_map(places))
    follow(page, "Arbeta tillsammans på distans")
    page.fill("#materials", "Regler för korta videomöten: https://material.example/korta")
    press(page, "Save")
    follow(page, "Own changes")
    follow(page, "Propose to the template")
    headed(page, "Propose to the template")
    page.get_by_label("Propose this").check()
    page.fill("#comment", "Alla grupper frågade efter något att ta med sig hem.")
    look_closely(page)
    press(page, "Send the proposal")

    owner = signed_in("arrangor", language="en")
    owner.goto("/templates/{template}/proposals".format_map(places))
    owner.get_by_role("link", name="Hällefors, Disa Arrangör").click()
    look_closely(owner)
    press(owner, "Accept into the draft")
    expect(owner.locator("#note")).to_have_value(re.compile("Hällefors"))
    press(owner, "Publish version 3")
    headed(owner, "Digital kompetens i flera steg")
    expect(owner.locator("main")).to_contain_text("Regler för korta videomöten")
    owner.goto("/")
    expect(owner.locator(".todo")).to_contain_text("version 3")

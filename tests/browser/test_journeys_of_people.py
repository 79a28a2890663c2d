"""Getting in, getting others in, and the company's own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from planner.cli.demo.content import PASSWORD
from planner.cli.demo.report import Report
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import (
    follow,
    headed,
    look_closely,
    newest_letter,
    personal_page,
    press,
    read_feed,
)

pytestmark = pytest.mark.usefixtures("as_loaded")

LIST = """Företag;Namn;E-post;Roll
Frövi Fordonskomponenter AB;Ylva Bult;ylva.bult@frovi.example;deltagare
Gusselby Mekaniska AB;Arvid Spindel;arvid.spindel@gusselby.example;kontakt
Frövi Fordonskomponenter AB;Enar Utan Adress;ingen adress;deltagare
Frövi Fordonskomponenter AB;19121212-1212;hemlig@frovi.example;deltagare
"""


def _sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/sign-in")
    page.fill("#email", email)
    page.fill("#password", password)
    press(page, "Sign in")


def _is_signed_in(page: Page, name: str) -> None:
    expect(page.locator(".site-tools .menu-label")).to_have_text(name)


def test_link_by_mail_signs_in_once(visit: Visit) -> None:
    page = visit(language="en")
    page.goto("/sign-in")
    follow(page, "Get a link by e-mail")
    page.fill("#email", "region@demo.example")
    press(page, "Send the link")
    follow(page, "Open the mailbox of the demo")
    (link,) = newest_letter(page, "region@demo.example")
    page.goto(link)
    look_closely(page)
    press(page, "Sign in")
    _is_signed_in(page, "Robin Uppföljare")

    again = visit(language="en")
    again.goto(link)
    headed(again, "This link does not work any more")


def test_forgotten_password_is_chosen_anew_and_then_changed(visit: Visit) -> None:
    page = visit(language="en")
    page.goto("/sign-in")
    follow(page, "Forgotten your password?")
    page.fill("#email", "lots@demo.example")
    press(page, "Send the link")
    (link,) = newest_letter(page, "lots@demo.example")
    page.goto(link)
    page.fill("#password", "kort")
    press(page, "Save and sign in")
    expect(page.locator(".error-summary")).to_be_visible()
    look_closely(page)
    page.fill("#password", "en ny fras att minnas")
    press(page, "Save and sign in")
    _is_signed_in(page, "Lo Lots")

    page.goto("/account")
    follow(page, "Change the password")
    page.fill("#current", "en ny fras att minnas")
    page.fill("#password", "ännu en fras att minnas")
    press(page, "Save")
    _is_signed_in(page, "Lo Lots")

    other = visit(language="en")
    for old in (PASSWORD, "en ny fras att minnas"):
        _sign_in(other, "lots@demo.example", old)
        expect(other.get_by_role("alert")).to_be_visible()
    _sign_in(other, "lots@demo.example", "ännu en fras att minnas")
    _is_signed_in(other, "Lo Lots")


def test_owner_invites_a_colleague_who_accepts(signed_in: Visit, visit: Visit) -> None:
    owner = signed_in("samordnare", language="en")
    owner.goto("/account")
    owner.get_by_role("link", name="Colleagues").click()
    owner.fill("#name", "Ida Inbjuden")
    owner.fill("#email", "ida@lindesberg.example")
    owner.select_option("#role", label="Organiser")
    press(owner, "Send the invitation")
    check_accessible(owner)

    colleague = visit(language="en")
    (link,) = newest_letter(colleague, "ida@lindesberg.example")
    colleague.goto(link)
    headed(colleague, "You are invited")
    look_closely(colleague)
    colleague.fill("#password", "en fras som bara jag vet")
    press(colleague, "Accept and sign in")
    _is_signed_in(colleague, "Ida Inbjuden")
    colleague.goto("/series")
    expect(colleague.get_by_role("link", name="New series")).to_be_visible()

    owner.reload()
    expect(owner.get_by_role("row").filter(has_text="Ida Inbjuden")).to_contain_text("Organiser")
    expect(owner.get_by_role("heading", name="Invited")).to_have_count(0)


def test_list_of_people_is_looked_through_and_imported(signed_in: Visit) -> None:
    page = signed_in("arrangor", language="en")
    page.goto("/people")
    follow(page, "Import a list")
    page.select_option("#municipality_code", label="Lindesberg")
    page.set_input_files(
        "#file", {"name": "deltagare.csv", "mimeType": "text/csv", "buffer": LIST.encode("utf-8-sig")}
    )
    press(page, "Look through the rows")
    look_closely(page)
    fates = page.locator("tbody td[data-label='What becomes of it']").all_inner_texts()
    assert fates == ["New person", "New company", "Refused", "Refused"]
    why = page.locator("tbody td[data-label='Why, or what changes']").all_inner_texts()
    assert why[2:] == [
        "The e-mail address is not complete: check it.",
        "A personal identity number stands in the row: take it out.",
    ]
    assert "19121212" not in page.content()
    press(page, "Import")
    expect(page.locator("main .notice-success")).to_be_visible()

    coordinator = signed_in("samordnare", language="en")
    coordinator.goto("/people")
    listed = coordinator.locator("tbody")
    for name, count in (("Ylva Bult", 1), ("Arvid Spindel", 1), ("Enar Utan Adress", 0)):
        expect(listed.get_by_role("link", name=name)).to_have_count(count)
    coordinator.goto("/companies")
    expect(coordinator.get_by_role("link", name="Gusselby Mekaniska AB")).to_be_visible()


def test_contact_says_when_there_is_time_and_subscribes(
    signed_in: Visit, visit: Visit, offers: Report, places: dict[str, object]
) -> None:
    page = visit(language="en", width=390)
    page.goto(personal_page(offers, "Maj Formare"))
    headed(page, "Maj Formare")
    expect(page.locator("ol.sessions > li").first).to_contain_text("Möt kunden digitalt")
    page.fill("#days", "snart")
    press(page, "Add quiet period")
    expect(page.locator(".error-summary")).to_contain_text("Write weeks or days")
    expect(page.locator("#days")).to_have_value("snart")
    page.fill("#days", "v. 46-47")
    page.fill("#note", "Ugnen byggs om")
    press(page, "Add quiet period")
    expect(page.locator("ul.rows li").filter(has_text="Ugnen byggs om")).to_be_visible()

    planner = signed_in("arrangor", language="en")
    planner.goto("/series/{series}/plan".format_map(places))
    row = planner.locator("tr.board-row").filter(has_text="Bergslagens Gjuteriteknik AB")
    expect(row.locator("td[title='wk 46–47, Ugnen byggs om']")).to_have_count(2)

    follow(page, "Subscribe to the calendar")
    page.fill("#name", "Min telefon")
    press(page, "Make the calendar")
    look_closely(page)
    address = page.locator("#feed-address").input_value()
    own = {str(e["UID"]): e.to_ical().decode() for e in read_feed(page, address)}
    public = {
        str(e["UID"]): e.to_ical().decode()
        for e in read_feed(page, "/calendars/series/{key}.ics".format_map(places))
    }
    digital = [uid for uid, text in own.items() if "https://video.example/stegvis/kunden" in text]
    assert digital
    assert set(digital) <= set(public)
    assert [uid for uid, text in public.items() if "video.example" in text] == []

    follow(page, "Edit")
    look_closely(page)
    page.go_back()
    follow(page, "Revoke")
    look_closely(page)
    press(page, "Revoke it")
    assert page.request.get(address).status == 404


def test_account_has_calendars_of_its_own(signed_in: Visit, places: dict[str, object]) -> None:
    page = signed_in("handledare", language="en")
    page.goto("/feeds")
    follow(page, "Sessions you lead")
    page.fill("#name", "Arbetsdatorn")
    press(page, "Make the calendar")
    headed(page, "Arbetsdatorn")
    look_closely(page)
    old = page.locator("#feed-address").input_value()
    assert page.request.get(old).status == 200
    follow(page, "Edit")
    look_closely(page)
    page.fill("#name", "Mobilen")
    press(page, "Save")
    headed(page, "Mobilen")
    assert page.locator("#feed-address").input_value() == old
    follow(page, "New address")
    look_closely(page)
    press(page, "Give it a new address")
    new = page.locator("#feed-address").input_value()
    assert page.request.get(old).status == 404
    led = {str(event["UID"]).split("@")[0] for event in read_feed(page, new)}
    assert places["uid"] in led

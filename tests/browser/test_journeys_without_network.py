"""The roster and the screen without a network: the tab closed, the site stopped, two who marked the same person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select

from planner.attendance.models import PresenceEntry
from planner.base.db import db
from planner.directory.models import Person
from tests.browser.conftest import Visit, check_accessible
from tests.browser.steps import follow, press

pytestmark = pytest.mark.usefixtures("as_loaded")
WAITING = "Waiting for the network, kept on this device"


def row(page: Page, who: str) -> Locator:
    return page.locator("li.roster-row").filter(has=page.get_by_role("heading", name=who, exact=True))


def tap(page: Page, who: str, verdict: str) -> None:
    row(page, who).locator("label.tap").filter(has_text=verdict).tap()


def state(page: Page, text: str) -> None:
    expect(page.locator("[data-state]")).to_have_text(text)


def marked(page: Page, who: str) -> str | None:
    chosen = row(page, who).locator("input[name^=verdict-]:checked")
    return chosen.input_value() if chosen.count() else None


def is_kept(page: Page) -> None:
    expect(page.locator("[data-worker]")).to_be_visible(timeout=20_000)  # six answers of half an hour each


@pytest.fixture
def noted(site_app: Flask, places: dict[str, object]) -> Callable[[str], list[str]]:
    """What the ledger has of somebody at the session that is on, in the order in which it came."""

    def lines(who: str) -> list[str]:
        with site_app.app_context():
            query = select(PresenceEntry.verdict).join(Person, Person.id == PresenceEntry.person_id)
            found = list(
                db.session.scalars(
                    query.where(Person.name == who, PresenceEntry.training_id == places["now"]).order_by(
                        PresenceEntry.received_at
                    )
                )
            )
            db.session.remove()
            return found

    return lines


@contextmanager
def without_network(context: BrowserContext) -> Iterator[None]:
    context.set_offline(True)
    yield
    context.set_offline(False)


@pytest.fixture
def phone(signed_in: Visit, places: dict[str, object]) -> Page:
    """The facilitator's phone with the roster of the session that is on, opened once."""
    page = signed_in("handledare", language="en", width=390, has_touch=True)
    page.goto("/sessions/{now}/attendance".format_map(places))
    is_kept(page)
    return page


def test_tab_is_closed_and_opened_again_without_a_network(
    phone: Page, noted: Callable[[str], list[str]]
) -> None:
    address, context = phone.url, phone.context
    tap(phone, "Alva Kvist", "Late")
    state(phone, "All saved")
    with without_network(context):
        tap(phone, "Tyra Jordfel", "Present")
        tap(phone, "Ivar Säkring", "Absent")
        phone.evaluate("document.activeElement.blur()")
        expect(row(phone, "Tyra Jordfel").locator("[data-note]")).to_have_text("Not sent yet")
        phone.close()
        again = context.new_page()
        again.goto(address)
        state(again, f"2: {WAITING}")
        seen = {
            who: marked(again, who) for who in ("Alva Kvist", "Tyra Jordfel", "Ivar Säkring", "Björk Hyvel")
        }
        assert seen == {
            "Alva Kvist": "late",
            "Tyra Jordfel": "present",
            "Ivar Säkring": "absent",
            "Björk Hyvel": None,
        }
        check_accessible(again)
        tap(again, "Ivar Säkring", "Excused")
    state(again, "All saved")
    # The emulated cut ends with the tab that is closed: what it sends as it goes may get through. Each counts once.
    assert noted("Tyra Jordfel") == ["present"]
    assert noted("Ivar Säkring") in (["excused"], ["absent", "excused"])
    assert noted("Alva Kvist") == ["late"]


def test_somebody_walks_in_without_a_network(phone: Page, noted: Callable[[str], list[str]]) -> None:
    with without_network(phone.context):
        follow(phone, "Add a walk-in")
        dialog = phone.locator("#walk-in-dialog")
        dialog.get_by_label("Name").fill("Gun Tillfällig")
        check_accessible(phone)
        dialog.get_by_role("button", name="Add as present").tap()
        line = phone.locator("[data-walk-in-line]")
        expect(line).to_have_text("Gun Tillfällig Not sent yet")
        phone.reload()
        expect(line).to_have_text("Gun Tillfällig Not sent yet")
    expect(line).to_contain_text("Noted by")
    assert noted("Gun Tillfällig") == ["present"]
    phone.reload()
    assert marked(phone, "Gun Tillfällig") == "present"


def test_answer_that_is_lost_makes_no_second_mark(phone: Page, noted: Callable[[str], list[str]]) -> None:
    """The server writes the mark and dies before it answers: the same is sent again until it has been answered."""
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(json.loads(route.request.post_data)["id"])
        if len(sent) < 3:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.context.route("**/attendance/marks", lose)
    tap(phone, "Alva Kvist", "Present")
    state(phone, WAITING)
    assert noted("Alva Kvist") == ["present"]
    for _time in range(2):
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        expect(phone.locator("[data-state]")).not_to_have_text("Saving")
    state(phone, "All saved")
    assert (len(sent), len(set(sent)), noted("Alva Kvist")) == (3, 1, ["present"])


def test_site_that_is_down_is_as_no_network(phone: Page, noted: Callable[[str], list[str]]) -> None:
    phone.context.route("**/*", lambda route: route.fulfill(status=502, body="down"))
    tap(phone, "Alva Kvist", "Present")
    state(phone, WAITING)
    phone.context.unroute_all()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    state(phone, "All saved")
    assert noted("Alva Kvist") == ["present"]


def test_two_who_marked_the_same_person_are_asked_and_both_marks_are_kept(
    phone: Page, signed_in: Visit, noted: Callable[[str], list[str]]
) -> None:
    organiser = signed_in("arrangor", language="en", width=390, has_touch=True)
    organiser.goto(phone.url)
    with without_network(phone.context):
        tap(phone, "Alva Kvist", "Present")
        state(phone, WAITING)
        tap(organiser, "Alva Kvist", "Absent")
        state(organiser, "All saved")
    state(phone, "A row needs your answer")
    asked = row(phone, "Alva Kvist")
    expect(asked.locator("[data-note]")).to_contain_text("Both are kept; which is right?")
    check_accessible(phone)
    phone.reload()  # the question waits for its answer
    state(phone, "A row needs your answer")
    assert sorted(noted("Alva Kvist")) == ["absent", "present"]
    asked.get_by_role("button", name="Use mine").tap()
    state(phone, "All saved")
    assert marked(phone, "Alva Kvist") == "present"
    organiser.reload()
    assert marked(organiser, "Alva Kvist") == "present"


def test_last_tap_is_undone_without_a_trace(phone: Page, noted: Callable[[str], list[str]]) -> None:
    tap(phone, "Alva Kvist", "Present")
    phone.get_by_role("button", name="Undo").tap()
    state(phone, "All saved")
    assert (marked(phone, "Alva Kvist"), noted("Alva Kvist")) == (None, [])
    tap(phone, "Alva Kvist", "Late")
    state(phone, "All saved")
    tap(phone, "Alva Kvist", "Absent")
    state(phone, "All saved")
    phone.get_by_role("button", name="Undo").tap()
    state(phone, "All saved")
    assert (marked(phone, "Alva Kvist"), noted("Alva Kvist")) == ("late", ["late", "absent", "late"])


def test_list_is_searched_and_marked_by_keys_and_swipes(
    phone: Page, noted: Callable[[str], list[str]]
) -> None:
    phone.get_by_label("Find on the list").fill("bergskraft")
    assert phone.locator("li.roster-row:visible h2").all_inner_texts() == ["Ivar Säkring", "Tyra Jordfel"]
    phone.get_by_label("Find on the list").fill("finns inte")
    expect(phone.get_by_text("Nobody on the list has this name.")).to_be_visible()
    phone.get_by_label("Find on the list").fill("")
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("l")
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("a")
    assert (marked(phone, "Alva Kvist"), marked(phone, "Björk Hyvel")) == ("late", "absent")
    phone.keyboard.press("z")
    expect(row(phone, "Björk Hyvel").locator("input[name^=verdict-]:checked")).to_have_count(0)
    box = row(phone, "Elis Nyckel").locator("h2").bounding_box()
    touch = phone.context.new_cdp_session(phone)
    y = box["y"] + 5
    for kind, x in (
        ("touchStart", box["x"] + 5),
        ("touchMove", box["x"] + 60),
        ("touchMove", box["x"] + 140),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert marked(phone, "Elis Nyckel") == "present"
    state(phone, "All saved")
    assert (noted("Alva Kvist"), noted("Björk Hyvel"), noted("Elis Nyckel")) == (["late"], [], ["present"])


def test_nothing_of_the_list_is_left_after_signing_out(phone: Page) -> None:
    address = phone.url
    with without_network(phone.context):
        tap(phone, "Alva Kvist", "Present")
        state(phone, WAITING)
    state(phone, "All saved")
    phone.locator(".site-tools summary").tap()
    phone.get_by_role("button", name="Sign out").tap()
    expect(phone.get_by_text("You are signed out.")).to_be_visible()
    phone.wait_for_function("async () => (await caches.keys()).length === 0")
    with without_network(phone.context), pytest.raises(Exception, match="ERR_"):
        phone.goto(address)


def test_screen_opens_again_without_a_network(signed_in: Visit, places: dict[str, object]) -> None:
    screen = signed_in("handledare", language="en")
    screen.goto("/sessions/{now}/check-in".format_map(places))
    is_kept(screen)
    shown = screen.locator("[data-qr]")
    first = int(shown.get_attribute("data-shown"))
    with without_network(screen.context):
        again = screen.context.new_page()
        screen.close()
        again.goto("/sessions/{now}/check-in".format_map(places))
        again_shown = again.locator("[data-qr]")
        expect(again_shown).to_have_attribute("data-shown", re.compile(f"{first}|{first + 1}|{first + 2}"))
        expect(again.locator("[data-known]")).to_contain_text("Last known 10:")
        expect(again.locator("[data-here]")).to_have_text(re.compile(r"^\d+ of \d+ here$"))


def test_marks_kept_by_an_earlier_version_are_taken_over(
    phone: Page, places: dict[str, object], noted: Callable[[str], list[str]]
) -> None:
    person = int(row(phone, "Alva Kvist").get_attribute("data-person"))
    owner = phone.locator("form[data-roster]").get_attribute("data-owner")
    old = [
        {
            "id": "00000000-0000-4000-8000-0000000000aa", "person": person, "seen": "", "at": 0, "state": "waiting",
            "verdict": "late", "place": "remote", "minutes": "", "reason": "",
        }
    ]  # fmt: skip
    name = f"roster:{places['now']}:{owner}"
    phone.evaluate("([name, old]) => localStorage.setItem(name, JSON.stringify(old))", [name, old])
    phone.reload()
    state(phone, "All saved")
    assert noted("Alva Kvist") == ["late"]
    assert phone.evaluate("name => localStorage.getItem(name)", name) is None


def test_link_that_is_revoked_takes_its_page_from_the_device(
    signed_in: Visit, visit: Visit, places: dict[str, object]
) -> None:
    organiser = signed_in("arrangor", language="en")
    links = "/sessions/{now}/attendance/links".format_map(places)
    organiser.goto(links)
    organiser.fill("#name", "Gun Vikarie")
    press(organiser, "Make a link")
    address = organiser.get_by_label("Gun Vikarie", exact=True).input_value()
    phone = visit(language="en", width=390, has_touch=True)
    phone.goto(address)
    is_kept(phone)
    with without_network(phone.context):
        phone.reload()
        expect(phone.locator("li.roster-row").first).to_be_visible()
    organiser.goto(links)
    press(organiser, "Revoke Gun Vikarie")
    assert phone.goto(address).status == 404
    with without_network(phone.context), pytest.raises(Exception, match="ERR_"):
        phone.goto(address)

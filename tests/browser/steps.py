"""What several journeys do on their way."""

from __future__ import annotations

from urllib.parse import urlsplit

from icalendar import Calendar, Event
from playwright.sync_api import Page, expect

from planner.cli.demo.report import Report
from tests.browser.conftest import check_accessible


def follow(page: Page, name: str, *, within: str = "main") -> None:
    """Follow the link of this name."""
    page.locator(within).get_by_role("link", name=name, exact=True).click()


def press(page: Page, name: str, *, within: str = "main") -> None:
    """Press the button of this name."""
    page.locator(within).get_by_role("button", name=name, exact=True).click()


def press_and_confirm(page: Page, name: str) -> None:
    """Press a button that asks first, and say yes."""
    press(page, name)
    press(page, name, within="dialog")


def told(page: Page, sentence: str) -> None:
    """The page says this at its top."""
    expect(page.locator("main .notice").filter(has_text=sentence)).to_be_visible()


def headed(page: Page, heading: str) -> None:
    """The page is the one of this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def look_closely(page: Page) -> None:
    """The page is usable by everyone, wide and narrow; leaves it as wide as it was."""
    was = page.viewport_size
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        check_accessible(page)
    page.set_viewport_size(was)


def read_feed(page: Page, address: str) -> list[Event]:
    """The events of the calendar at the address, fetched as a calendar programme would."""
    answer = page.request.get(address)
    assert (address, answer.status) == (address, 200)
    return list(Calendar.from_ical(answer.body()).walk("VEVENT"))


def personal_page(offers: Report, who: str) -> str:
    """The path of the personal link of whoever's description begins so."""
    return urlsplit(next(link.url for link in offers.links if link.who.startswith(who))).path


def newest_letter(page: Page, to: str) -> list[str]:
    """The links in the newest mail to this address, read in the demo's mailbox."""
    page.goto("/mailbox")
    letter = page.locator("article.letter").filter(has_text=to).first
    expect(letter).to_be_visible()
    return letter.locator("a[href]").evaluate_all("links => links.map(a => a.href)")

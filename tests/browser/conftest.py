"""A real headless Chromium against the running site with the demo loaded, at a fixed moment.

The site runs in this process, in threads, so that the held clock holds for it too.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from planner.attendance.queries import list_differences
from planner.base import clock
from planner.base.db import db
from planner.calendars.routes.ics import KEPT_BYTES, SHELF
from planner.calendars.rules import Shelf
from planner.cli.demo.loader import load
from planner.cli.demo.report import Report, report
from tests.browser.find_browser import find_or_install_browser, launch_arguments
from tests.browser.places import list_places
from tests.conftest import NOW, close_connections, make_app
from tests.serving import address_of, free_listener, serving

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
Visit = Callable[..., Page]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def listener() -> Iterator[socket.socket]:
    """A free port, taken before the site is made: links in mail and calendars carry the site's address."""
    with free_listener() as taken:
        yield taken


@pytest.fixture(scope="session")
def site_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the site's database lies."""
    return tmp_path_factory.mktemp("site") / "site.db"


@pytest.fixture(autouse=True)
def at() -> Iterator[Callable[[datetime], Any]]:
    """The clock of a site in use goes on: two taps in a row are not made at the same instant."""
    with clock.running_from(NOW):
        yield clock.frozen


@pytest.fixture(scope="session")
def site_app(site_file: Path, listener: socket.socket) -> Iterator[Flask]:
    """The demo in a database of its own."""
    address = address_of(listener)
    app = make_app(f"sqlite:///{site_file}", demo=True, log_level="WARNING", site_url=address)
    app.config["WTF_CSRF_ENABLED"] = True
    with clock.frozen(NOW), app.app_context():
        upgrade()
        load(lambda _part: None)
        db.session.remove()
        close_connections()
    shutil.copyfile(site_file, site_file.with_suffix(".loaded"))
    yield app
    with app.app_context():
        assert list(list_differences()) == []
        db.session.remove()
        close_connections()


@pytest.fixture(scope="session")
def site(site_app: Flask, listener: socket.socket) -> Iterator[str]:
    """The address of the running site."""
    with serving(site_app, listener) as address:
        yield address


@pytest.fixture(scope="session")
def load_anew(site_app: Flask, site_file: Path) -> Callable[[], None]:
    """Put the database back as the demo left it, so that no test stands on what another one did."""

    def put_back() -> None:
        with site_app.app_context():
            assert list(list_differences()) == []  # whatever the last journey did
            db.session.remove()
            close_connections()
        site_app.extensions[SHELF] = Shelf(KEPT_BYTES)  # versions begin anew with the database
        # By SQLite itself: a page that is still closing may ask at this moment, over a connection of its own.
        with (
            closing(sqlite3.connect(site_file.with_suffix(".loaded"))) as loaded,
            closing(sqlite3.connect(site_file, timeout=20)) as site,
        ):
            loaded.backup(site)

    return put_back


@pytest.fixture
def as_loaded(load_anew: Callable[[], None]) -> None:
    """A journey begins at the demo as it was loaded."""
    load_anew()


@pytest.fixture
def offers(site_app: Flask) -> Report:
    """What the demo printed: sign-ins, personal links, feeds."""
    with site_app.app_context():
        return report()


@pytest.fixture
def places(site_app: Flask) -> dict[str, object]:
    """Numbers and keys that addresses are made of."""
    return list_places(site_app)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    path = os.environ.get("TEST_BROWSER") or find_or_install_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=launch_arguments())
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page of its own: `visit(width=390, language="en", dark=True)`; it fails on any script error.

    Other options are those of a browser's context: `has_touch`, `java_script_enabled`.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(*, width: int = 1440, language: str = "sv", dark: bool = False, **more: Any) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="sv-SE" if language == "sv" else "en-GB",
            timezone_id="Europe/Stockholm",
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: problems.append(f"{page.url}: {line.text}") if _is_csp(line.text) else None,
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _is_csp(text: str) -> bool:
    return "Content Security Policy" in text or "violates" in text


@pytest.fixture
def signed_in(visit: Callable[..., Page], offers: Report) -> Callable[..., Page]:
    """Sign in through the form as the demo account whose address begins with `who`."""

    def sign_in(who: str, **options: object) -> Page:
        account = next(one for one in offers.accounts if one.email.startswith(who))
        page = visit(**options)
        page.goto("/sign-in")
        page.fill("input[name=email]", account.email)
        page.fill("input[name=password]", account.password)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return sign_in


def check_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 A or AA, and nothing wider than the window."""
    assert list_obstacles(page) == []


def list_obstacles(page: Page, *, colours: bool = True) -> list[str]:
    """What stands in somebody's way on the page at its present size; empty when nothing does.

    `colours` False leaves the contrast out, which takes longest and hardly depends on the size.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "rules": {"color-contrast": {"enabled": colours}},
        "resultTypes": ["violations"],
    }
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    width = page.evaluate("document.documentElement.clientWidth")
    obstacles = [
        f"{page.url} at {width}: {item['id']}: {item['help']}: {[node['html'][:200] for node in item['nodes'][:3]]}"
        for item in found
    ]
    wider = page.evaluate("document.documentElement.scrollWidth") - width
    return [*obstacles, f"{page.url} is {wider} px wider than its window of {width}"] if wider else obstacles

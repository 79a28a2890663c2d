"""A real headless Chromium against the running site with the demo loaded, at a fixed moment.

The site runs in this process, in threads, so that the held clock holds for it too.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from planner.base import clock
from planner.base.db import db
from planner.cli.demo.loader import load
from planner.cli.demo.report import Report, report
from tests.browser.find_browser import find_or_install_browser, launch_arguments
from tests.conftest import NOW, make_app

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo in a database of its own."""
    file = tmp_path_factory.mktemp("site") / "site.db"
    app = make_app(f"sqlite:///{file}", demo=True, log_level="WARNING")
    app.config["WTF_CSRF_ENABLED"] = True
    with clock.frozen(NOW), app.app_context():
        upgrade()
        load(lambda _part: None)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def site(site_app: Flask) -> Iterator[str]:
    """The address of the running site."""
    server = make_server("127.0.0.1", 0, site_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


@pytest.fixture
def offers(site_app: Flask) -> Report:
    """What the demo printed: sign-ins, personal links, feeds."""
    with site_app.app_context():
        return report()


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
    """Open a page of its own: `visit(width=390, language="en", dark=True)`; it fails on any script error."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(*, width: int = 1440, language: str = "sv", dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="sv-SE" if language == "sv" else "en-GB",
            timezone_id="Europe/Stockholm",
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
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    shown = [
        f"{page.url}: {item['id']}: {item['help']}: {[node['html'][:200] for node in item['nodes']][:3]}"
        for item in found
    ]
    assert shown == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.url, overflow) == (page.url, 0)

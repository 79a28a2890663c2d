"""Every page, as each who may open it sees it: usable by everyone, no wider than its window, no dead link."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import Visit, list_obstacles

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}

# Who × address. A number first is the status expected instead of 200.
PAGES = {
    "nobody": """
        / /?q=lin /m/1885 /m/1885/month /s/{key} /s/{key}/{uid} /s/{key}/{cancelled_uid}
        /templates /templates?q=finns-inte /templates/{template} /templates/{template}/versions/1
        /templates/{template}/compare
        /subscribe/series/{key} /subscribe/municipality/1885 /subscribe/municipality/1885?mode=digital&open=1
        /subscribe/session/{uid} /check-in /check-in/{door} /check-in/{uid}
        /verify /verify/{certificate_code} 404:/verify/K7QF-2M9D-XH4T
        /sign-in /sign-in/link /sign-in/sent /forgotten /mailbox
        404:/finns-inte 410:/link/finns-inte 404:/p/finns-inte""",
    "arrangor": """
        / /plan /plan/month /plan/list /series/{series}/plan
        /series /series/{series} /series/{draft} /series/new /series/{series}/edit
        /series/{series}/differences /series/{series}/update /series/{draft}/differences /series/{draft}/update
        /series/{series}/propose
        /series/{series}/steps/new /series/{series}/steps/{step}
        /series/{series}/cohorts/new /series/{series}/cohorts/{cohort} /series/{series}/people /series/{draft}/people
        /series/{series}/certificates /series/{series}/certificates/{certificate} /series/{draft}/certificates
        /series/{series}/sessions/new /series/{series}/sessions/plan
        /sessions/{past} /sessions/{coming} /sessions/{cancelled} /sessions/{cancelled}/attendance
        /sessions/{coming}/edit /sessions/{coming}/move
        /sessions/{coming}/seats /sessions/{coming}/seats/paste /sessions/{past}/seats /series/{series}/seats
        /mail /mail?show=failed /series/{series}/mail /organisations/{organisation}/mail
        /organisations/{organisation}/mail/reminder/sv /organisations/{organisation}/mail/seat_offered/en
        /sessions/{coming}/copy /sessions/{coming}/cancel /sessions/{cancelled}/restore
        /templates /templates/{template} /templates/mine /templates/import /templates/new /templates/{template}/edit
        /templates/{template}/preview /templates/{template}/versions/1/draft
        /templates/{template}/spread /templates/{template}/proposals
        /templates/{template}/versions/1/use /templates/{template}/versions/1/fork
        /companies /companies/new /companies/{company} /companies/{company}/edit /companies/{company}/quiet-periods
        /companies/{company}/record
        /people /people/new /people/{person} /people/{person}/edit /people/import
        /venues /venues/new /venues/{venue} /venues/{venue}/edit /venues/{venue}/rooms/{room}
        /organisations /organisations/new /organisations/{organisation} /organisations/{organisation}/edit
        /organisations/{organisation}/logo /organisations/{organisation}/disposal
        /people/{person}/data /people/{person}/erase
        /organisations/{organisation}/colleagues /organisations/{organisation}/colleagues/3
        /sessions/{now}/attendance/links
        /invitations/replies
        /figures /figures?by=month /figures?by=step&series={series} /projects /projects/new /projects/{project}
        /figures/frozen /figures/frozen/{frozen}
        /series/{series}/account /templates/{template}/account
        /account /account/password /feeds /subscribe/company/{company} 404:/sessions/999999""",
    "samordnare": """
        / /plan /plan/list /series /series/{series} /sessions/{coming} /templates/{template}
        /companies /companies/{company} /people /venues/{venue} /figures /organisations/{municipality}
        /organisations/{municipality}/colleagues""",
    "handledare": """
        / /plan /plan/month /sessions/{now} /sessions/{now}/attendance /sessions/{past}/attendance
        /sessions/{past}/attendance/{person} /sessions/{now}/attendance/walk-in
        /sessions/{now}/attendance/walk-in?q=Tyra /sessions/{now}/check-in /sessions/{now}/attendance/report
        /sessions/{now}/attendance/scan
        /feeds 403:/series/{series}/edit""",
    "lots": "/ /plan /plan/list /companies /companies/{company} /people /figures /templates /account",
    "region": "/ /plan /plan/month /plan/list /series/{series} /series/{series}/plan /figures /organisations",
    "contact": """
        {contact} {contact}/record {contact}/subscribe {contact}/subscribe?whose=participant
        {contact}/sessions/{company_uid}/company""",
    "participant": """
        {participant}/hours {participant}/data {participant}/erase {participant}/sessions/{now_uid}/food
        {participant} {participant}/sessions/{now_uid} {participant}/subscribe {participant}/code
        /check-in/{now_uid}?p={token} /reminders/{ending}""",
}

# They see the organiser's pages with less on them, so that the colours have been looked at there.
SEE_LESS = {"samordnare", "lots", "region"}

# In English, in the dark and on a phone: one page of each kind is enough, since all share their parts.
SAMPLE = {
    "nobody": """
        / /m/1885 /s/{key} /subscribe/series/{key}?mode=digital /check-in /sign-in /templates /templates/{template}
        /templates/{template}/compare""",
    "arrangor": """
        / /plan /plan/month /series/{series}/plan /series/{series} /series/{series}/sessions/plan /sessions/{coming}
        /series/{series}/update
        /series/{series}/certificates /series/{series}/certificates/{certificate}
        /companies /people/import /templates/{template}/edit /templates/{template}/spread /figures /account""",
    "handledare": "/sessions/{now}/attendance /sessions/{now}/check-in",
    "contact": "{contact} {contact}/subscribe",
}

NO_PAGES = {
    "static", "bootstrap.static", "web.robots", "web.language", "web.theme", "calendars.public_feed",
    "calendars.private_feed", "calendars.qr", "attendance.check_in_qr", "reports.figures_csv",
    "reports.figures_xlsx", "reports.figures_pdf", "reports.frozen_file",
    "directory.import_template", "series_templates.export_file", "attendance.check_in_qr_by_link",
    "attendance.check_in_squares", "attendance.check_in_squares_by_link", "attendance.check_in_count",
    "attendance.check_in_count_by_link",
    "jobs.state", "jobs.file", "directory.organisation_logo_png", "certificates.certificate_pdf",
    "certificates.own_certificate",
    "attendance.badge_qr", "attendance.offline_worker",
    "attendance.sheet", "attendance.sheet_by_link",
    "outbox.letter", "invitations.preview_mail_text",
    "directory.own_data_json", "directory.person_data_json",
}  # fmt: skip
# Pages that come to be only when somebody has done something: the journeys look at them.
IN_JOURNEYS = {
    "accounts.use_link", "calendars.feed", "calendars.change_feed", "calendars.person_feed",
    "calendars.change_person_feed", "directory.import_preview", "attendance.roster_by_link",
    "attendance.history_by_link", "attendance.walk_in_by_link", "attendance.scan_by_link",
    "attendance.check_in_panel_by_link",
    "exchange.update", "calendars.edit_feed", "calendars.edit_person_feed",
    "exchange.proposal", "exchange.origin", "jobs.job",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _as_loaded(load_anew: Callable[[], None]) -> None:
    load_anew()


@pytest.fixture(scope="module")
def signed_in_states() -> dict[str, object]:
    """The cookies of each who, so that nobody signs in once for every page."""
    return {}


@pytest.fixture
def page_of(signed_in: Visit, visit: Visit, signed_in_states: dict[str, object]) -> Callable[..., Page]:
    """A page of this who, signed in if they have an account."""

    def page_of(who: str, **options: object) -> Page:
        if who in ("nobody", "contact", "participant"):
            return visit(**options)
        if who not in signed_in_states:
            signed_in_states[who] = signed_in(who).context.cookies()
        page = visit(**options)
        page.context.add_cookies(signed_in_states[who])
        return page

    return page_of


def _addresses(table: str, places: dict[str, object]) -> list[tuple[int, str]]:
    """Each (status expected, address) of a who's line in the table."""
    parts = [re.fullmatch(r"(?:(\d+):)?(.+)", word).groups() for word in table.split()]
    return [(int(status or 200), address.format_map(places)) for status, address in parts]


@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_usable_wide_and_narrow(
    who: str, page_of: Callable[..., Page], places: dict[str, object]
) -> None:
    page, problems = page_of(who), []
    links: dict[str, str] = {}
    for status, address in _addresses(PAGES[who], places):
        page.set_viewport_size(WIDE)
        answer = page.goto(address)
        problems += [] if answer.status == status else [f"{address} answers {answer.status}"]
        problems += list_obstacles(page, colours=who not in SEE_LESS) + _blind_links(page)
        links |= dict.fromkeys(_links(page), address)
        page.set_viewport_size(NARROW)
        problems += list_obstacles(page, colours=False)
    visited = {address for _status, address in _addresses(PAGES[who], places)}
    problems += _dead_links(page, {link: on for link, on in links.items() if link not in visited})
    assert problems == []


def test_every_page_is_in_the_table(site_app: Flask, places: dict[str, object]) -> None:
    """A page that nobody looks at here would be one that nobody has made sure of."""
    known = site_app.url_map.bind("localhost")
    walked = {
        known.match(urlsplit(address).path)[0]
        for table in PAGES.values()
        for status, address in _addresses(table, places)
        if status == 200
    }
    pages = {rule.endpoint for rule in site_app.url_map.iter_rules() if "GET" in rule.methods}
    assert walked == pages - NO_PAGES - IN_JOURNEYS


@pytest.mark.parametrize("who", SAMPLE)
def test_pages_are_usable_in_english_and_in_the_dark_on_a_phone(
    who: str, page_of: Callable[..., Page], places: dict[str, object]
) -> None:
    page, problems = page_of(who, language="en", dark=True, width=360), []
    for _status, address in _addresses(SAMPLE[who], places):
        page.goto(address)
        problems += [] if page.locator("html[lang=en]").count() else [f"{address} is not in English"]
        problems += list_obstacles(page)
    assert problems == []


def _blind_links(page: Page) -> list[str]:
    """Links to a place on the page itself that is not there."""
    targets = page.eval_on_selector_all(
        "a[href^='#']",
        "links => links.map(a => a.getAttribute('href')).filter(h => !document.getElementById(h.slice(1)))",
    )
    return [f"{page.url} has a link to {target}, which is not there" for target in targets]


def _links(page: Page) -> set[str]:
    """The addresses on this site that the page links to, without the choices of the browser (language, theme)."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(a => a.href)")
    here = urlsplit(page.url).netloc
    found = {urldefrag(href).url for href in hrefs if urlsplit(href).netloc == here}
    paths = {urlsplit(href)._replace(scheme="", netloc="").geturl() for href in found}
    return {path for path in paths if not path.startswith(("/language/", "/theme/"))}


def _dead_links(page: Page, links: dict[str, str]) -> list[str]:
    """The links, with the page each stands on, that do not answer."""
    answers = [(link, on, page.request.get(link).status) for link, on in sorted(links.items())]
    return [f"{on} links to {link}, which answers {status}" for link, on, status in answers if status >= 400]

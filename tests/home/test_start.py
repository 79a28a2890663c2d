from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.viewer import Role
from planner.directory.rules import person_token
from planner.home import queries
from tests import factories as make

SignIn = Callable[[User], FlaskClient]


def open_series(code: str = make.LINDESBERG, **values: Any) -> Any:
    made = make.published_series(code=code, **values)
    make.training(made, now() + timedelta(days=7))
    return made


# --- for whoever comes by -------------------------------------------------------------------------


def test_without_an_account_one_sees_what_is_open_where(app: Flask, client: FlaskClient) -> None:
    open_series(title="Shared steps", neighbours=make.municipalities(make.NORA))
    open_series(make.STOCKHOLM, title="City steps")
    make.training(make.series(code=make.HALLEFORS, title="Secret draft"))
    make.training(make.published_series(title="All over"), now() - timedelta(days=7))
    page = client.get("/").text
    assert [title for title in ("Shared steps", "City steps", "Secret draft", "All over") if title in page] == [
        "Shared steps", "City steps",
    ]  # fmt: skip
    assert [(place.name, count) for place, count in queries.list_open_places()] == [
        ("Stockholm", 1), ("Lindesberg", 1), ("Nora", 1),
    ]  # fmt: skip


def test_a_series_whose_coming_sessions_are_all_cancelled_is_not_open(app: Flask) -> None:
    make.training(make.published_series(), cancelled_at=now())
    assert queries.list_open_places() == []
    assert queries.list_newest_open() == []


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("lindesb", ["Lindesberg"]),
        ("ÖREBRO", ["Örebro"]),
        ("berg", ["Berg"]),
        ("%", []),
        ("xyz", []),
    ],
)
def test_municipalities_are_found_by_their_letters(app: Flask, words: str, names: list[str]) -> None:
    assert [place.name for place in queries.find_municipalities(words)][: len(names) or None][:1] == names[:1]


def test_one_hit_leads_straight_there_and_several_are_listed(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/?q=Lindesberg")
    assert (answer.status_code, answer.location) == (302, "/m/1885")
    page = client.get("/?q=berg").text
    assert 'href="/m/1885"' in page
    assert "No municipality has" in client.get("/?q=xyzzy").text


def test_nothing_open_says_so(app: Flask, client: FlaskClient) -> None:
    assert "No series are open right now" in client.get("/").text


# --- everyone's morning ---------------------------------------------------------------------------


def test_a_facilitator_finds_today_first_with_attendance_one_tap_away(app: Flask, sign_in: SignIn) -> None:
    leader = make.user((Role.facilitator, make.organisation()))
    made = make.published_series()
    mine = make.training(made, now() + timedelta(hours=3), facilitators=[leader])
    make.training(made, now() + timedelta(days=2))
    page = sign_in(leader).get("/").text
    assert "You lead today" in page
    assert f'href="/sessions/{mine.id}/attendance"' in page
    assert "The coming two weeks" in page
    assert "Needs doing" not in page


def test_an_organiser_sees_what_needs_doing(app: Flask, sign_in: SignIn) -> None:
    account = make.organiser()
    made = make.published_series()
    make.training(made, now() + timedelta(days=3), mode="hybrid", clash_reason="No other day")
    make.training(made, now() - timedelta(days=3))
    make.series(title="Unfinished")
    make.series(code=make.STOCKHOLM, title="Not mine")
    page = sign_in(account).get("/").text
    for sentence in (
        "1 held session has no attendance", "1 session has no facilitator", "1 session has no room",
        "1 session has no joining link", "1 session clashes", "Unfinished",
    ):  # fmt: skip
        assert sentence in page
    assert "Not mine" not in page


def test_a_neighbours_drafts_and_gaps_stay_theirs(app: Flask, sign_in: SignIn) -> None:
    make.training(make.published_series(code=make.STOCKHOLM, title="Far"), now() + timedelta(days=3))
    page = sign_in(make.organiser()).get("/").text
    assert "Far" not in page
    assert "Nothing. Every coming session has what it takes." in page


def test_an_account_without_a_role_is_told_whom_to_ask(app: Flask, sign_in: SignIn) -> None:
    assert "You have no role yet" in sign_in(make.user()).get("/").text


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_number_of_statements_does_not_grow(
    app: Flask, sign_in: SignIn, client: FlaskClient, count_queries: Callable[[], Any], signed_in: bool
) -> None:
    browser = sign_in(make.organiser()) if signed_in else client
    counts = []
    for more in (1, 2):
        for _ in range(more):
            made = open_series()
            make.series()
            make.training(made, now() - timedelta(days=2))
        browser.get("/")
        with count_queries() as counted:
            browser.get("/")
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_no_page_here_has_a_dead_link(app: Flask, sign_in: SignIn, client: FlaskClient) -> None:
    account = make.organiser()
    made = open_series(key="one")
    make.training(made, now() + timedelta(days=1), facilitators=[account], uid="u1")
    make.training(made, now() - timedelta(days=1), clash_reason="Late")
    company = make.company()
    make.cohort(made, company)
    contact = person_token(app.extensions["settings"].secret, make.person(company, is_contact=True))
    browser = sign_in(account)
    inside = (
        "/",
        "/plan",
        "/plan/month",
        "/plan/list",
        f"/series/{made.id}/plan",
        f"/companies/{company.id}/quiet-periods",
    )
    outside = ("/", "/m/1885", "/m/1885/month", "/s/one", "/s/one/u1", f"/p/{contact}")
    pages = [*((browser, url) for url in inside), *((client, url) for url in outside)]
    dead = {
        (url, link)
        for who, url in pages
        for link in re.findall(r'href="(#[a-z_]+\.[a-z_]+)"', who.get(url).text)
    }
    assert dead == set()

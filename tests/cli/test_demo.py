from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select

from planner.attendance.models import Presence, PresenceEntry
from planner.base.clock import now
from planner.base.db import db
from planner.calendars.rules import PUBLIC_SCOPES, ScopeKind
from planner.cli.demo.loader import load
from planner.cli.demo.report import report
from planner.directory.models import Company, Person
from planner.outbox.queries import list_newest
from planner.series.models import Series, TrainingSession
from tests import factories as make
from tests.conftest import new_client

SITE = "http://127.0.0.1:8000"


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["planner", "demo", *arguments])


@pytest.fixture
def demo(app: Flask) -> Flask:
    load(lambda _part: None)
    return app


def count(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_json_is_one_object_and_nothing_else(app: Flask) -> None:
    result = run(app, "--json")
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert sorted(shown) == ["accounts", "feeds", "links", "site"]
    assert [sorted(shown[name][0]) for name in ("accounts", "links", "feeds")] == [
        ["email", "organisation", "password", "role"],
        ["url", "who"],
        ["name", "public", "scope", "url"],
    ]
    again = json.loads(run(app, "--json", "--if-empty").stdout)
    assert again == shown


def test_every_account_signs_in_with_the_printed_password(demo: Flask) -> None:
    for account in report().accounts:
        answer = new_client(demo).post(
            "/sign-in", data={"email": account.email, "password": account.password}
        )
        assert (account.email, answer.status_code) == (account.email, 302)


def test_every_link_answers(demo: Flask, client: FlaskClient) -> None:
    links = [link.url for link in report().links]
    assert [url for url in links if client.get(url.removeprefix(SITE)).status_code != 200] == []


def test_every_feed_opens_and_has_sessions(demo: Flask, client: FlaskClient) -> None:
    empty = []
    for feed in report().feeds:
        answer = client.get(feed.url.removeprefix(SITE))
        assert (feed.url, answer.status_code) == (feed.url, 200)
        empty += [] if Calendar.from_ical(answer.data).events else [feed.scope]
    assert empty == []


def test_a_feed_of_every_scope(demo: Flask) -> None:
    public = {feed.scope for feed in report().feeds if feed.public}
    private = {feed.scope for feed in report().feeds if not feed.public}
    assert public == {scope.value for scope in PUBLIC_SCOPES}
    assert private == {scope.value for scope in set(ScopeKind) - PUBLIC_SCOPES}
    printed = run(demo).stdout.split("one of each kind:\n")[1].splitlines()
    assert sorted(line.split()[0] for line in printed) == sorted(ScopeKind)
    assert {line.split()[1] for line in printed} <= {feed.url for feed in report().feeds}


def test_the_mailbox_holds_an_invitation(demo: Flask) -> None:
    mails = [message for message in list_newest() if message.recipient == "ebba.legering@bergslagens.example"]
    invited = [message for message in mails if message.calendar_method]
    assert {message.subject.split(":")[0] for message in invited} == {"Inbjudan"}


def test_the_mailbox_holds_reminders_and_thanks_for_coming(demo: Flask) -> None:
    beginnings = {message.subject.split(":")[0].split(" till ")[0] for message in list_newest()}
    assert {"Snart ses vi", "Tack för att du kom"} <= beginnings


def test_the_demo_is_the_story(demo: Flask) -> None:
    trainings = db.session.scalars(select(TrainingSession)).all()
    facts = {
        "held": any(t.ends_at < now() and not t.cancelled_at for t in trainings),
        "coming": any(t.starts_at > now() for t in trainings),
        "cancelled": any(t.cancelled_at for t in trainings),
        "moved": any(t.moved_from_at for t in trainings),
        "hybrid": any(t.mode == "hybrid" for t in trainings),
        "on now": any(t.starts_at <= now() < t.ends_at for t in trainings),
    }
    assert facts == dict.fromkeys(facts, True)
    assert count(Company) == 9
    places = db.session.scalars(
        select(Series.municipality_code).where(Series.published_at.is_not(None))
    ).all()
    assert sorted(places) == [make.NORA, make.LINDESBERG]
    corrections = select(func.count()).where(PresenceEntry.corrects_id.is_not(None))
    assert db.session.scalar(corrections) == 1


def test_a_database_with_data_of_its_own_is_left_alone(app: Flask) -> None:
    make.organisation(name="Ours")
    refused = run(app)
    assert refused.exit_code == 1
    assert "data of its own" in refused.stderr
    quiet = run(app, "--if-empty")
    assert (quiet.exit_code, quiet.stdout, count(Company)) == (0, "", 0)


def test_scale_adds_what_it_says(demo: Flask) -> None:
    before = {model: count(model) for model in (Series, TrainingSession, Company, Person)}
    assert run(demo, "--scale", "1").exit_code == 0
    added = {model.__name__: count(model) - before[model] for model in before}
    assert added == {"Series": 4, "TrainingSession": 4 * 8 * 3, "Company": 60, "Person": 600}
    assert count(Presence) > 4 * 3 * 4 * 150

"""The session's own link: a facilitator without an account marks one session, and opens nothing else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.accounts.models import User
from planner.attendance import rules
from planner.attendance.models import PresenceEntry, RosterLink
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.series.models import TrainingSession, series_municipality
from tests import factories as make
from tests.conftest import new_client

SignIn = Callable[[User], FlaskClient]
ENDED = datetime(2026, 10, 6, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("revoked_at", "at", "expected"),
    [
        (None, ENDED - timedelta(days=90), True),
        (None, ENDED + timedelta(days=7, microseconds=-1), True),
        (None, ENDED + timedelta(days=7), False),
        (ENDED, ENDED, False),
    ],
)
def test_link_is_open_until_a_week_after_the_session(
    revoked_at: datetime | None, at: datetime, expected: bool
) -> None:
    assert rules.is_link_open(ENDED, revoked_at, at) is expected


@pytest.fixture
def session_now(app: Flask) -> TrainingSession:
    """A session that began an hour ago, with one enrolled."""
    series = make.published_series()
    make.enrolment(series, make.person(make.company(), name="Asta Berg"))
    return make.training(series, now() - timedelta(hours=1))


@pytest.fixture
def link(session_now: TrainingSession, sign_in: SignIn) -> str:
    """The path of a link that an organiser has made for Bo."""
    client = sign_in(make.organiser())
    made = client.post(f"/sessions/{session_now.id}/attendance/links", data={"name": "Bo Dal"})
    assert made.status_code == 302
    return link_on(client.get(made.location).text)


def link_on(page: str) -> str:
    found = re.search(r'value="[^"]*(/r/[^"]+)"', page)
    assert found is not None
    return found[1]


def person_of(training: TrainingSession) -> Person:
    person = db.session.scalar(select(Person).where(Person.name == "Asta Berg"))
    assert person is not None
    return person


def tap(client: FlaskClient, link: str, person: Person, verdict: str, **also: str) -> tuple[int, str]:
    sent = {"id": str(uuid.uuid4()), "person": person.id, "verdict": verdict, "place": "on_site", "seen": ""}
    answer = client.post(f"{link}/marks", json=sent | also)
    return answer.status_code, answer.get_json()["standing"]["id"]


@pytest.mark.parametrize("page", ["", "/walk-in", "/check-in", "/check-in.svg"])
def test_link_opens_the_sessions_pages_without_an_account(app: Flask, link: str, page: str) -> None:
    answer = new_client(app).get(f"{link}{page}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_link_opens_nothing_else(app: Flask, link: str, session_now: TrainingSession) -> None:
    client = new_client(app)
    page = client.get(link).text
    assert "Asta Berg" in page
    own = [
        path
        for path in re.findall(r'(?:href|action|src|data-url)="(/[rs]e?[^"]*)"', page)
        if "/static" not in path
    ]
    assert {path for path in own if not path.startswith(link)} <= {"/sign-in"}
    for path in (
        f"/sessions/{session_now.id}/attendance",
        f"/series/{session_now.series_id}/people",
        "/people",
    ):
        assert client.get(path).status_code == 302  # to sign-in
    assert client.get(f"{link[:-1]}{'a' if link[-1] != 'a' else 'b'}").status_code == 404


def test_mark_by_link_carries_its_name_and_a_slip_needs_no_reason(
    app: Flask, link: str, session_now: TrainingSession
) -> None:
    client, person = new_client(app), person_of(session_now)
    status, first = tap(client, link, person, "present")
    assert status == 200
    status, _second = tap(client, link, person, "late", seen=first)
    assert status == 200
    query = select(PresenceEntry.verdict, PresenceEntry.by_name, PresenceEntry.by_user_id)
    assert db.session.execute(query.order_by(PresenceEntry.received_at)).all() == [
        ("present", "Bo Dal", None),
        ("late", "Bo Dal", None),
    ]
    assert "Bo Dal" in client.get(f"{link}/{person.id}").text


def test_walk_in_by_link_is_typed_and_never_looked_up(
    app: Flask, link: str, session_now: TrainingSession
) -> None:
    stranger = make.person(make.company(), name="Disa Ek")
    client = new_client(app)
    assert "Disa Ek" not in client.get(f"{link}/walk-in?q=Disa").text
    refused = client.post(f"{link}/walk-in", data={"person": stranger.id, "entry_id": str(uuid.uuid4())})
    assert refused.status_code == 404
    added = client.post(f"{link}/walk-in", data={"name": "Ny Gäst", "entry_id": str(uuid.uuid4())})
    assert (added.status_code, added.location) == (302, link)
    names = db.session.scalars(select(Person.name).join(PresenceEntry, PresenceEntry.person_id == Person.id))
    assert names.all() == ["Ny Gäst"]


def test_revoked_link_and_that_of_an_old_session_open_nothing(
    app: Flask, link: str, session_now: TrainingSession, sign_in: SignIn
) -> None:
    organiser = sign_in(make.organiser())
    address = f"/sessions/{session_now.id}/attendance/links"
    organiser.post(address, data={"name": "Cia"})
    made = db.session.scalars(select(RosterLink).order_by(RosterLink.id)).all()
    assert organiser.post(f"{address}/{made[0].id}/revoke").status_code == 302
    other = link_on(organiser.get(address).text)
    client = new_client(app)
    assert [client.get(path).status_code for path in (link, other)] == [404, 200]
    session_now.starts_at, session_now.ends_at = now() - timedelta(days=8), now() - timedelta(days=7)
    db.session.commit()
    assert client.get(other).status_code == 404
    assert organiser.post(address, data={"name": "Cia"}).status_code == 422


def test_link_without_a_name_is_refused(session_now: TrainingSession, sign_in: SignIn) -> None:
    answer = sign_in(make.organiser()).post(
        f"/sessions/{session_now.id}/attendance/links", data={"name": " "}
    )
    assert answer.status_code == 422
    assert "Type who the link is for." in answer.text
    assert db.session.scalar(select(func.count()).select_from(RosterLink)) == 0


def test_neighbour_who_sees_some_of_the_people_may_not_share_them_all(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    db.session.execute(
        series_municipality.insert().values(series_id=session_now.series_id, municipality_code=make.NORA)
    )
    db.session.commit()
    client = sign_in(make.user((Role.organiser, make.organisation(make.NORA))))
    assert client.get(f"/sessions/{session_now.id}/attendance").status_code == 200
    assert client.get(f"/sessions/{session_now.id}/attendance/links").status_code == 404

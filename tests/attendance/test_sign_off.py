"""Signing off the attendance of a session, and what comes after it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.accounts.models import User
from planner.attendance import queries, service
from planner.attendance.models import SessionSignOff
from planner.attendance.rules import MarkInput, Place, Verdict, Via, roster_token
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.series.models import TrainingSession, series_municipality
from tests import factories as make

SignIn = Callable[[User], FlaskClient]
LATE = "late, after the sign-off"


@pytest.fixture
def session(app: Flask) -> TrainingSession:
    """A session that ended an hour ago, with Asta enrolled."""
    series = make.published_series()
    training = make.training(series, now() - timedelta(hours=3))
    make.enrolment(series, make.person(make.company(), name="Asta"))
    return training


def asta() -> Person:
    return db.session.scalars(select(Person).where(Person.name == "Asta")).one()


def note(training: TrainingSession, minutes: int = 120) -> None:
    wanted = MarkInput(
        Verdict.present, minutes, Place.on_site, str(uuid.uuid4()), reason="counted again", guard=False
    )
    with unit_of_work():
        service.mark(training, asta(), wanted, by=make.viewer_of(make.organiser()), via=Via.roster)


def sign(client: FlaskClient, training: TrainingSession) -> Any:
    return client.post(f"/sessions/{training.id}/attendance/sign-off", follow_redirects=True)


def signed(training: TrainingSession) -> SessionSignOff | None:
    return queries.find_sign_off(training)


def test_marks_before_are_in_time_and_marks_after_are_late(
    session: TrainingSession, sign_in: SignIn, at: Callable[[datetime], Any]
) -> None:
    client = sign_in(make.organiser())
    history, roster = (f"/sessions/{session.id}/attendance/{asta().id}", f"/sessions/{session.id}/attendance")
    note(session)
    assert ">Sign off<" in client.get(roster).text.replace("\n", "").replace("</svg>", ">")
    assert "The attendance is signed off." in sign(client, session).text
    assert "Signed off by" in client.get(history).text
    assert (LATE in client.get(history).text, "Late: changed" in client.get(roster).text) == (False, False)
    note(session, 100)  # at the very same instant, and yet after it
    with at(now() + timedelta(hours=1)):
        note(session, 90)
        assert client.get(history).text.count(LATE) == 2
        assert "Late: changed after the sign-off" in client.get(roster).text


def test_signing_twice_keeps_the_first(
    session: TrainingSession, sign_in: SignIn, at: Callable[[datetime], Any]
) -> None:
    note(session)
    sign(sign_in(make.organiser()), session)
    first = signed(session)
    assert first is not None
    before = (first.by_name, first.signed_at)
    with at(now() + timedelta(hours=1)):
        sign(sign_in(make.organiser()), session)
    again = signed(session)
    assert again is not None
    assert (again.by_name, again.signed_at) == before
    assert db.session.scalar(select(func.count()).select_from(SessionSignOff)) == 1


def test_what_cannot_be_signed_off_is_said(
    session: TrainingSession, sign_in: SignIn, at: Callable[[datetime], Any]
) -> None:
    client = sign_in(make.organiser())
    assert "Nobody is marked yet" in sign(client, session).text
    note(session)
    with at(session.ends_at - timedelta(seconds=1)):
        assert "when the session has ended" in sign(client, session).text
    session.cancelled_at = now()
    db.session.commit()
    assert "There is no attendance to sign off" in sign(client, session).text
    assert signed(session) is None


def test_neighbours_and_strangers_sign_nothing_off(session: TrainingSession, sign_in: SignIn) -> None:
    note(session)
    db.session.execute(
        series_municipality.insert().values(series_id=session.series_id, municipality_code=make.NORA)
    )
    facilitator = make.user((Role.facilitator.value, make.organisation(make.LINDESBERG)))
    for who in (make.organiser(make.NORA), make.organiser("1883"), facilitator):
        assert sign(sign_in(who), session).status_code == 404
    assert signed(session) is None


def test_facilitators_sign_off_by_account_and_by_link(app: Flask, session: TrainingSession) -> None:
    note(session)
    with unit_of_work():
        link = service.make_roster_link(session, "Gunnel", by=make.viewer_of(make.organiser()))
    token = roster_token(app.extensions["settings"].secret, link.id)
    answer = app.test_client().post(f"/r/{token}/sign-off")
    assert answer.location == f"/r/{token}"
    found = signed(session)
    assert found is not None
    assert (found.by_name, found.by_user_id) == ("Gunnel", None)
    assert app.test_client().post("/r/1-forged/sign-off").status_code == 404

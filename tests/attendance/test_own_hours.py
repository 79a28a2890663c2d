from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.attendance import queries, service
from planner.attendance.models import Presence, PresenceAnswer, PresenceEntry
from planner.attendance.rules import MarkInput, Place, Verdict, Via
from planner.base.db import db
from planner.base.viewer import system
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.series.models import TrainingSession
from tests import factories as make
from tests.conftest import NOW

SignIn = Callable[[User], FlaskClient]


class Scene:
    """A participant who was marked at two sessions."""

    def __init__(self, app: Flask) -> None:
        hub = make.organisation()
        self.organiser, self.series = make.user((make.Role.organiser, hub)), make.published_series(hub)
        self.who = make.person(make.company())
        make.enrolment(self.series, self.who)
        self.trainings = [make.training(self.series, NOW - timedelta(days=days)) for days in (9, 2)]
        for training in self.trainings:
            mark(training, self.who, 120)
        self.page = f"/p/{person_token(app.extensions['settings'].secret, self.who)}/hours"

    def entry(self, number: int) -> str:
        key = (self.trainings[number].id, self.who.id)
        return db.session.get_one(Presence, key, populate_existing=True).entry_id

    def states(self) -> list[str]:
        return [own.state.value for own in queries.list_own_hours(self.who)]


def mark(training: TrainingSession, who: Person, minutes: int) -> None:
    wanted = MarkInput(
        Verdict.present, minutes, Place.on_site, str(uuid.uuid4()), reason="right", guard=False
    )
    service.mark(training, who, wanted, by=system("Lena"), via=Via.roster)
    db.session.commit()


@pytest.fixture
def here(app: Flask) -> Scene:
    return Scene(app)


def ledger() -> list[Any]:
    rows = db.session.query(PresenceEntry).order_by(PresenceEntry.id).all()
    return [(row.id, row.verdict, row.minutes, row.reason) for row in rows]


def test_hours_are_confirmed_one_by_one_and_all_at_once(here: Scene, client: FlaskClient) -> None:
    before = ledger()
    assert here.states() == ["asked", "asked"]
    answer = {"agrees": "1", "entry": here.entry(1)}
    assert client.post(f"{here.page}/{here.trainings[1].uid}", data=answer).status_code == 302
    assert here.states() == ["confirmed", "asked"]
    client.post(here.page, data={"entry": [here.entry(0), here.entry(1), "x"]})
    assert here.states() == ["confirmed", "confirmed"]
    assert db.session.query(PresenceAnswer).count() == 2
    assert ledger() == before


def test_what_is_wrong_is_told_to_whoever_holds_the_roll_and_changes_no_mark(
    here: Scene, client: FlaskClient, sign_in: SignIn
) -> None:
    before = ledger()
    uid, roll = here.trainings[1].uid, f"/sessions/{here.trainings[1].id}/attendance"
    answer = {"agrees": "0", "entry": here.entry(1), "words": "I left <b>early</b>"}
    assert client.post(f"{here.page}/{uid}", data=answer).status_code == 302
    assert here.states() == ["questioned", "asked"]
    assert "You wrote: “I left &lt;b&gt;early&lt;/b&gt;”" in client.get(here.page).text
    organiser = sign_in(here.organiser)
    assert "Says: “I left &lt;b&gt;early&lt;/b&gt;”" in organiser.get(roll).text
    assert ledger() == before
    mark(here.trainings[1], here.who, 60)
    assert here.states() == ["asked", "asked"]
    assert "Says:" not in organiser.get(roll).text
    assert "about an earlier mark" in organiser.get(f"{roll}/{here.who.id}").text


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"agrees": "0", "words": " "}, "Say what is wrong"), ({"words": "x" * 501}, "500"),
        ({"agrees": "0", "words": "811228-9874"}, "personal identity number"),
    ],
)  # fmt: skip
def test_a_refused_answer_comes_back_with_what_was_typed(
    here: Scene, client: FlaskClient, form: dict[str, str], why: str
) -> None:
    answer = client.post(f"{here.page}/{here.trainings[0].uid}", data={**form, "entry": here.entry(0)})
    assert answer.status_code == 422
    assert why in answer.text
    assert f">{form['words'].strip()}</textarea>" in answer.text
    assert db.session.query(PresenceAnswer).count() == 0


def test_what_was_changed_meanwhile_is_not_confirmed(here: Scene, client: FlaskClient) -> None:
    seen = here.entry(0)
    mark(here.trainings[0], here.who, 45)
    answer = client.post(f"{here.page}/{here.trainings[0].uid}", data={"agrees": "1", "entry": seen})
    assert answer.status_code == 422
    assert "This was changed while you looked at it." in answer.text
    client.post(here.page, data={"entry": [seen]})
    assert here.states() == ["asked", "asked"]


def test_answering_the_same_twice_is_one_answer(here: Scene, client: FlaskClient) -> None:
    for _time in range(2):
        client.post(f"{here.page}/{here.trainings[0].uid}", data={"agrees": "1", "entry": here.entry(0)})
    assert db.session.query(PresenceAnswer).count() == 1


def test_only_ones_own_hours_at_what_is_over_can_be_answered(here: Scene, client: FlaskClient) -> None:
    other = make.training(here.series, NOW - timedelta(days=1))
    running = make.training(here.series, NOW - timedelta(minutes=10))
    mark(running, here.who, 120)
    for uid in (other.uid, running.uid, "x"):
        answer = client.post(f"{here.page}/{uid}", data={"agrees": "1", "entry": here.entry(0)})
        assert answer.status_code == 404
    assert len(queries.list_own_hours(here.who)) == 2


def test_the_list_is_one_statement_however_long(here: Scene, count_queries: Callable[[], Any]) -> None:
    with count_queries() as count:
        queries.list_own_hours(here.who)
        queries.list_standing_answers(here.trainings[0])
    assert len(count) == 2

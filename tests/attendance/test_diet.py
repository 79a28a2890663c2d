from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.attendance import queries, service
from planner.attendance.models import DietaryNeed
from planner.attendance.rules import Diet
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.directory.service import erase
from planner.series.models import TrainingSession
from tests import factories as make
from tests.conftest import NOW

SECRET = "s" * 32


@pytest.fixture
def training(app: Flask) -> TrainingSession:
    return make.training(make.published_series(make.organisation()))


def seated(training: TrainingSession) -> Person:
    who = make.person(make.company())
    make.seat(training, who)
    return who


def test_organisers_see_how_many_and_only_of_those_who_come(training: TrainingSession) -> None:
    people = [seated(training) for _each in range(3)]
    for who, wanted in zip(people, [{Diet.vegan}, {Diet.vegan, Diet.no_nuts}, {Diet.no_nuts}], strict=True):
        service.set_diet(training, who, wanted, SECRET)
    assert queries.count_diets(training, SECRET) == {Diet.vegan: 2, Diet.no_nuts: 2}
    service.cancel_seat(training, people[0])
    assert queries.count_diets(training, SECRET) == {Diet.no_nuts: 2, Diet.vegan: 1}
    assert queries.own_diet(training, people[1], SECRET) == {Diet.vegan, Diet.no_nuts}


def test_saying_it_again_stands_instead(training: TrainingSession) -> None:
    who = seated(training)
    for wanted in ({Diet.vegan}, {Diet.no_pork}, {Diet.no_pork}, set()):
        service.set_diet(training, who, wanted, SECRET)
        assert queries.own_diet(training, who, SECRET) == wanted
    assert db.session.query(DietaryNeed).count() == 0


def test_the_table_does_not_tell_who_it_is_nor_that_two_are_the_same(training: TrainingSession) -> None:
    who, other = seated(training), make.training(make.published_series())
    make.seat(other, who)
    for one in (training, other):
        service.set_diet(one, who, {Diet.vegan}, SECRET)
    rows = db.session.query(DietaryNeed).all()
    assert {column.name for column in DietaryNeed.__table__.columns} == {"training_id", "holder", "what"}
    assert len({row.holder for row in rows}) == 2
    assert queries.own_diet(training, who, "another secret") == set()


@pytest.mark.parametrize(
    "values",
    [{"mode": "digital"}, {"cancelled_at": NOW}, {"starts_at": NOW}, {"starts_at": NOW - timedelta(1)}],
)
def test_nothing_is_asked_where_nothing_is_served(training: TrainingSession, values: dict[str, Any]) -> None:
    who = seated(training)
    for name, value in values.items():
        setattr(training, name, value)
    with pytest.raises(RefusedError):
        service.set_diet(training, who, {Diet.vegan}, SECRET)


@pytest.mark.parametrize(("days", "left"), [(0, 1), (2.9, 1), (3.1, 0)])
def test_it_is_deleted_by_itself_some_days_afterwards(
    training: TrainingSession, at: Callable[..., Any], days: float, left: int
) -> None:
    service.set_diet(training, seated(training), {Diet.vegan}, SECRET)
    with at(training.ends_at + timedelta(days=days)):
        assert service.remove_old_diets() == 1 - left
    assert db.session.query(DietaryNeed).count() == left


def test_who_is_erased_has_said_nothing(app: Flask, training: TrainingSession) -> None:
    secret = app.extensions["settings"].secret
    gone, stays = seated(training), seated(training)
    for who in (gone, stays):
        service.set_diet(training, who, {Diet.vegan}, secret)
    erase(gone, keep_certificates=False)
    assert db.session.query(DietaryNeed).count() == 1
    assert queries.own_diet(training, stays, secret) == {Diet.vegan}


def test_from_the_personal_page_to_the_organisers_count(
    app: Flask, client: FlaskClient, sign_in: Callable[[User], FlaskClient]
) -> None:
    hub = make.organisation()
    training = make.training(make.published_series(hub))
    who, other = seated(training), make.person(make.company())
    secret = app.extensions["settings"].secret
    page = f"/p/{person_token(secret, who)}"
    food = f"{page}/sessions/{training.uid}/food"
    assert f'href="{food}"' in client.get(page).text
    assert client.post(food, data={"what": ["vegan", "no_nuts", "<b>"]}).status_code == 302
    assert client.get(food).text.count(" checked") == 2
    seats = sign_in(make.user((Role.organiser, hub))).get(f"/sessions/{training.id}/seats").text
    assert "Food: 1 vegan, 1 without nuts" in " ".join(seats.split()).replace("</svg> ", "")
    stranger = f"/p/{person_token(secret, other)}/sessions/{training.uid}/food"
    assert (client.get(stranger).status_code, client.post(stranger).status_code) == (404, 404)

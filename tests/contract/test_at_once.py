"""Many at the same moment, through the pages, with real commits: nobody is told a mistake of ours, nothing is lost.

Each answer must be one that a person can do something about: done, refused in words, gone, or saved meanwhile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.accounts.models import OneTimeLink, User, UserRole
from planner.accounts.rules import Purpose
from planner.accounts.service import make_link
from planner.attendance.models import Enrolment, Seat
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.series.models import Cohort, TrainingSession
from planner.series_templates.models import TemplateVersion
from tests import factories as make
from tests.conftest import signed_in
from tests.together import all_at_once

pytestmark = pytest.mark.committed
CROWD = 8
HUMAN = {200, 302, 404, 409, 410, 422}


def posts(clients: list[FlaskClient], address: str, *forms: dict[str, Any]) -> list[Callable[[], Any]]:
    """Each browser's own form at the address; the last form is everybody else's."""
    sent = [forms[min(number, len(forms) - 1)] for number in range(len(clients))]
    return [
        lambda client=client, form=form: client.post(address, data=form)
        for client, form in zip(clients, sent, strict=True)
    ]


def codes(answers: list[Any]) -> Counter[int]:
    found = Counter(answer.status_code for answer in answers)
    assert set(found) <= HUMAN, found
    return found


@pytest.fixture
def organiser(committed_app: Flask) -> User:
    return make.user((Role.organiser, make.organisation()), (Role.owner, make.organisation()))


@pytest.fixture
def crowd(committed_app: Flask, organiser: User) -> list[FlaskClient]:
    """The same organiser in as many browsers."""
    return [signed_in(committed_app, organiser) for _ in range(CROWD)]


def count(model: Any, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_writers_wait_for_their_turn(crowd: list[FlaskClient]) -> None:
    """Four writes from each of eight: on SQLite nobody meets a locked database."""
    before = count(Person)

    def add(number: int) -> Any:
        for turn in range(4):
            name = f"Person {number} {turn}"
            answer = crowd[number].post(
                "/people/new", data={"name": name, "company_id": "", "municipality_code": make.LINDESBERG}
            )
        return answer

    answers = all_at_once([lambda number=number: add(number) for number in range(CROWD)])
    assert codes(answers) == {302: CROWD}
    assert count(Person) - before == 4 * CROWD


def test_the_same_address_is_one_person(crowd: list[FlaskClient]) -> None:
    form = {
        "name": "Anna",
        "company_id": "",
        "email": "anna@example.test",
        "municipality_code": make.LINDESBERG,
    }
    assert codes(all_at_once(posts(crowd, "/people/new", form)))[302] == 1
    assert count(Person, Person.email == "anna@example.test") == 1


def test_a_one_time_link_opens_once(committed_app: Flask, organiser: User) -> None:
    _link, token = make_link(organiser, Purpose.sign_in)
    db.session.commit()
    strangers = [committed_app.test_client() for _ in range(CROWD)]
    assert codes(all_at_once(posts(strangers, f"/link/{token}", {}))) == {302: 1, 410: CROWD - 1}


def test_an_invitation_sent_twice_makes_one_account(committed_app: Flask) -> None:
    hub = make.organisation()
    owner = make.user((Role.owner, hub))
    clients = [signed_in(committed_app, owner) for _ in range(4)]
    form = {"name": "New", "email": "new@example.test", "role": "guide"}
    codes(all_at_once(posts(clients, f"/organisations/{hub.id}/colleagues", form)))
    assert count(User, User.email == "new@example.test") == 1
    assert count(OneTimeLink, OneTimeLink.purpose == "invite") >= 1


def test_two_owners_who_remove_each_other_leave_one(committed_app: Flask) -> None:
    hub = make.organisation()
    owners = [make.user((Role.owner, hub)) for _ in range(2)]
    clients = [signed_in(committed_app, owner) for owner in owners]
    paths = [f"/organisations/{hub.id}/colleagues/{owner.id}/remove" for owner in reversed(owners)]
    pairs = zip(clients, paths, strict=True)
    codes_found = Counter(
        answer.status_code
        for answer in all_at_once([lambda c=client, p=path: c.post(p) for client, path in pairs])
    )
    assert set(codes_found) <= HUMAN | {403}
    assert count(UserRole, UserRole.organisation_id == hub.id, UserRole.role == Role.owner) == 1


def test_publishing_at_once_is_publishing_once(crowd: list[FlaskClient]) -> None:
    series = make.series()
    training = make.training(series)
    assert set(codes(all_at_once(posts(crowd, f"/series/{series.id}/publish", {})))) == {302}
    db.session.refresh(training)
    assert training.sequence == 1


def test_versions_published_at_once_have_a_number_each(crowd: list[FlaskClient], organiser: User) -> None:
    hub = make.organisation()
    db.session.add(UserRole(user_id=organiser.id, organisation_id=hub.id, role=Role.organiser))
    template = make.template(hub)
    form = {"revision": str(template.revision), "note": ""}
    codes(all_at_once(posts(crowd, f"/templates/{template.id}/publish", form)))
    assert count(TemplateVersion) == 1


def test_cohorts_of_one_name_are_one(crowd: list[FlaskClient]) -> None:
    series = make.published_series()
    assert codes(all_at_once(posts(crowd, f"/series/{series.id}/cohorts/new", {"name": "Metal"})))[302] == 1
    assert count(Cohort) == 1


def test_two_who_edit_a_cohort_lose_nothing(crowd: list[FlaskClient]) -> None:
    series = make.published_series()
    cohort = make.cohort(series, name="Metal")
    opened = {
        "revision": str(cohort.revision),
        "opened_with": '{"name": "Metal", "note": "", "companies": []}',
    }
    forms = [{**opened, "name": "Metal", "note": f"Note {number}"} for number in range(CROWD)]
    found = codes(all_at_once(posts(crowd, f"/series/{series.id}/cohorts/{cohort.id}", *forms)))
    assert found[302] == 1
    db.session.refresh(cohort)
    assert cohort.note.startswith("Note ")


def test_moving_and_cancelling_at_once(crowd: list[FlaskClient]) -> None:
    """Whichever comes first, the session has both changes or the second is told; SEQUENCE counts each once."""
    series = make.published_series()
    training = make.training(series, now() + timedelta(days=14))
    room = make.room()
    move = {"day": "2026-10-27", "starts": "13:00", "mode": "on_site", "room_id": str(room.id)}
    move |= {"revision": str(training.revision), "opened_with": "{}", "clash_reason": "known"}
    half = CROWD // 2
    calls = posts(crowd[:half], f"/sessions/{training.id}/move", move)
    calls += posts(crowd[half:], f"/sessions/{training.id}/cancel", {"reason": "Ill"})
    codes(all_at_once(calls))
    db.session.refresh(training)
    assert training.cancelled_at is not None
    assert training.cancel_reason == "Ill"
    assert training.sequence == 1 + (training.moved_from_at is not None)


def test_renaming_copying_and_moving_wait_for_each_other_and_never_in_a_circle(
    crowd: list[FlaskClient],
) -> None:
    series = make.published_series()
    trainings = [make.training(series, now() + timedelta(days=7 + number)) for number in range(3)]
    texts = {"title": "Renamed", "revision": str(series.revision), "opened_with": "{}"}
    calls = posts(crowd[:2], f"/series/{series.id}/edit", texts)
    for client, training in zip(crowd[2:5], trainings, strict=True):
        copy = {"day": f"2026-11-{training.id + 16:02}", "starts": "09:00"}
        calls += posts([client], f"/sessions/{training.id}/copy", copy)
    for client, training in zip(crowd[5:8], trainings, strict=True):
        move = {"day": f"2026-11-{training.id + 2:02}", "starts": "13:00", "opened_with": "{}"}
        move |= {"revision": str(training.revision), "clash_reason": "known"}
        calls += posts([client], f"/sessions/{training.id}/move", move)
    # The two who rename may be one too many, and a move may meet the rename's rising revision.
    assert codes(all_at_once(calls))[302] >= 4


def test_enrolling_ending_and_changing_seats_at_once(crowd: list[FlaskClient]) -> None:
    series = make.published_series()
    works = make.company()
    cohort = make.cohort(series, works)
    trainings = [
        make.training(series, now() + timedelta(days=7 * week), cohort_id=cohort.id, seats_on_site=4)
        for week in (1, 2, 3)
    ]
    people = [make.person(works) for _ in range(CROWD)]
    held = [make.enrolment(series, person, cohort) for person in people[:3]]
    picks = [{"pick": f"{person.id}:{cohort.id}"} for person in people[3:]]
    calls = posts(crowd[:5], f"/series/{series.id}/people", *picks)
    calls += posts(
        crowd[5:], f"/series/{series.id}/people/end", *[{"enrolment": str(one.id)} for one in held]
    )
    assert set(codes(all_at_once(calls))) == {302}
    assert count(Enrolment, Enrolment.ended_at.is_(None)) == 5
    for training in trainings:
        here = Seat.training_id == training.id
        assert count(Seat, here, Seat.status == "booked") == 4
        assert count(Seat, here, Seat.status == "waiting") == 1


def test_one_room_is_given_once(crowd: list[FlaskClient]) -> None:
    """Eight series, one room, one hour: without a reason only the first gets it."""
    room, every = make.room(), [make.published_series() for _ in range(CROWD)]
    form = {"day": "2026-10-20", "starts": "09:00", "mode": "on_site", "room_id": str(room.id)}
    calls = []
    for client, series in zip(crowd, every, strict=True):
        calls += posts([client], f"/series/{series.id}/sessions/new", {**form, "step_id": series.steps[0].id})
    assert codes(all_at_once(calls)) == {302: 1, 422: CROWD - 1}
    assert count(TrainingSession) == 1

"""Many at once, with real commits from several connections."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from planner.attendance import queries, service
from planner.attendance.models import Presence, PresenceEntry, Seat
from planner.attendance.rules import Fill, MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Viewer
from planner.directory.models import Company, Person
from planner.series.models import TrainingSession
from tests import factories as make
from tests.together import all_at_once, units

pytestmark = pytest.mark.committed
CROWD = 8


def booking(training_id: int, person_id: int) -> Callable[[], None]:
    def book() -> None:
        training = db.session.get_one(TrainingSession, training_id)
        service.book_seat(training, db.session.get_one(Person, person_id), Place.on_site)

    return book


def test_never_one_seat_too_many_and_the_queue_moves_up(committed_app: Flask) -> None:
    training = make.training(make.series(), seats_on_site=3)
    people = [make.person().id for _ in range(CROWD)]
    all_at_once(units([booking(training.id, person) for person in people]))
    assert queries.fills([training.id]) == {training.id: Fill(3, 0, CROWD - 3)}

    queue = list(db.session.scalars(select(Seat).order_by(Seat.queued_at, Seat.id)))
    seated, waiting = queue[:3], queue[3:]
    assert {seat.status for seat in seated} == {"booked"}

    def cancelling(person_id: int) -> Callable[[], None]:
        def cancel() -> None:
            who = db.session.get_one(Person, person_id)
            service.cancel_seat(db.session.get_one(TrainingSession, training.id), who)

        return cancel

    db.session.commit()
    all_at_once(units([cancelling(seat.person_id) for seat in seated[:2]]))
    db.session.expire_all()
    assert queries.fills([training.id]) == {training.id: Fill(3, 0, CROWD - 5)}
    assert [seat.status for seat in waiting] == ["booked", "booked"] + ["waiting"] * (CROWD - 5)


def test_enrolling_and_booking_at_once_share_the_seats(committed_app: Flask) -> None:
    series = make.series()
    training = make.training(series, seats_on_site=2)
    people = [make.person().id for _ in range(6)]

    def enrolling(person_id: int) -> Callable[[], None]:
        def enrol() -> None:
            own = db.session.get_one(type(series), series.id)
            service.enrol(own, [(db.session.get_one(Person, person_id), None)])

        return enrol

    actions = [enrolling(p) for p in people[:3]] + [booking(training.id, p) for p in people[3:]]
    all_at_once(units(actions))
    assert queries.fills([training.id]) == {training.id: Fill(2, 0, 4)}
    booked = select(func.count()).select_from(Seat).where(Seat.status == "booked")
    assert db.session.scalar(booked) == 2


def test_same_mark_sent_many_times_at_once_is_one_line(committed_app: Flask) -> None:
    training = make.training(make.series(), now() - timedelta(hours=1))
    person = make.person()
    training_id, person_id, entry_id = training.id, person.id, str(uuid.uuid4())

    def send() -> None:
        wanted = MarkInput(Verdict.present, 120, Place.on_site, entry_id)
        session, who = db.session.get_one(TrainingSession, training_id), db.session.get_one(Person, person_id)
        service.mark(session, who, wanted, by=Viewer(None, "Anna"), via=Via.roster)

    all_at_once(units([send] * CROWD))
    assert db.session.scalar(select(func.count()).select_from(PresenceEntry)) == 1
    assert db.session.scalar(select(func.count()).select_from(Presence)) == 1


def test_reserving_and_booking_at_once_share_the_seats(committed_app: Flask) -> None:
    training = make.training(make.series(), seats_on_site=3)
    company_id, training_id = make.company().id, training.id
    people = [make.person().id for _ in range(3)]

    def reserve() -> None:
        session = db.session.get_one(TrainingSession, training_id)
        service.reserve_seats(session, db.session.get_one(Company, company_id), Place.on_site, 3)

    db.session.commit()
    all_at_once(units([reserve, reserve, *(booking(training_id, person) for person in people)]))
    assert queries.fills([training_id]) == {training_id: Fill(3, 0, 3)}


def test_two_names_for_one_seat_at_once_leave_one(committed_app: Flask) -> None:
    training, company = make.training(make.series()), make.company()
    seat_id = make.reserved_seat(training, company).id
    training_id, company_id = training.id, company.id

    def naming(person_id: int) -> Callable[[], None]:
        def name() -> None:
            session = db.session.get_one(TrainingSession, training_id)
            who = db.session.get_one(Person, person_id)
            service.name_seat(session, db.session.get_one(Company, company_id), seat_id, who)

        return name

    people = [make.person(company).id for _ in range(4)]
    db.session.commit()
    all_at_once(units([naming(person) for person in people]))
    held = db.session.scalars(select(Seat).where(Seat.status == "booked")).all()
    assert [(seat.id, seat.person_id in people) for seat in held] == [(seat_id, True)]

"""Standing places in a series."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select, update

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries.seats import list_coming
from planner.attendance.rules import SeatStatus
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.seats import settle_seats
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.models import Person
from planner.series.models import Cohort, Series


def enrol(series: Series, people: Iterable[tuple[Person, Cohort | None]]) -> list[Enrolment]:
    """Give each person a standing place, in a cohort or outside them, and a seat at every coming session it covers.

    Somebody already enrolled is moved to the cohort; somebody whose enrolment had ended starts anew, last in line.
    """
    made = [_enrol_one(series, person, cohort) for person, cohort in people]
    db.session.flush()
    _settle_coming(series)
    return made


def enrol_new_person(series: Series, new: NewPerson, cohort: Cohort | None) -> Enrolment:
    """Enrol somebody typed in; the person found when the address is known already. Raises RefusedError."""
    person = find_or_add_person(new)
    if _find(series, person) is not None:
        raise RefusedError(_("%(name)s is enrolled already.", name=person.name), field="name")
    return enrol(series, [(person, cohort)])[0]


def end_enrolment(enrolment: Enrolment, series: Series) -> None:
    """End a standing place. Seats at coming sessions are freed; what has been stays."""
    if enrolment.ended_at is not None:
        return
    enrolment.ended_at = now()
    coming = [training.id for training in list_coming(series.id)]
    # Not a choice of theirs any more: enrolling again gives the seats back.
    db.session.execute(
        update(Seat)
        .where(
            Seat.training_id.in_(coming),
            Seat.person_id == enrolment.person_id,
            Seat.status != SeatStatus.cancelled.value,
        )
        .values(chosen=False)
    )
    db.session.flush()
    _settle_coming(series)


def _enrol_one(series: Series, person: Person, cohort: Cohort | None) -> Enrolment:
    if cohort is not None and cohort.series_id != series.id:
        raise RefusedError(_("That cohort belongs to another series."), field="cohort")
    query = select(Enrolment).where(Enrolment.series_id == series.id, Enrolment.person_id == person.id)
    enrolment = db.session.scalar(query)
    if enrolment is None:
        enrolment = Enrolment(series_id=series.id, person_id=person.id, created_at=now())
        db.session.add(enrolment)
    elif enrolment.ended_at is not None:
        enrolment.ended_at, enrolment.created_at = None, now()
    enrolment.cohort_id = cohort.id if cohort else None
    return enrolment


def _find(series: Series, person: Person) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment).where(
            Enrolment.series_id == series.id,
            Enrolment.person_id == person.id,
            Enrolment.ended_at.is_(None),
        )
    )


def _settle_coming(series: Series) -> None:
    for training in list_coming(series.id):
        settle_seats(training)

"""Who is expected at a session, as SQL that the other reads (and the figures) build on.

Expected are those who hold or wait for a seat there, and those whose enrolment stands for it: in the session's
cohort, or anywhere in the series when it is open to all. A seat that somebody cancelled takes them out of that one
session. A seat made from an enrolment (`chosen` False) counts only as long as the enrolment stands.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, union

from planner.attendance.models import Enrolment, Presence, Seat
from planner.attendance.rules import SeatStatus
from planner.base.db import AnySelect
from planner.directory.models import Company, Person
from planner.series.models import TrainingSession


def stands_for() -> ColumnElement[bool]:
    """The condition that an Enrolment stands for a TrainingSession."""
    return and_(
        Enrolment.series_id == TrainingSession.series_id,
        or_(TrainingSession.cohort_id.is_(None), TrainingSession.cohort_id == Enrolment.cohort_id),
        or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > TrainingSession.starts_at),
    )


def seat_counts() -> ColumnElement[bool]:
    """The condition that a Seat of a TrainingSession is held or waited for."""
    standing = exists().where(Enrolment.person_id == Seat.person_id, stands_for())
    return and_(Seat.status != SeatStatus.cancelled.value, or_(Seat.chosen, standing))


def has_no_seat_row() -> ColumnElement[bool]:
    """The condition that an Enrolment's person neither has nor has declined a seat at the TrainingSession."""
    row = exists().where(
        Seat.training_id == TrainingSession.id,
        Seat.person_id == Enrolment.person_id,
        or_(Seat.chosen, Seat.status != SeatStatus.cancelled.value),
    )
    return ~row


def expected_people(*conditions: ColumnElement[bool]) -> AnySelect:
    """(training_id, person_id) of everyone expected, and of everyone marked, at sessions with these conditions.

    A waiting person is expected only once marked. Each pair comes once.
    """
    marked = (
        select(Presence.training_id, Presence.person_id)
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .where(*conditions)
    )
    return select(union(_held(*conditions), _stood_for(*conditions), marked).subquery("expected"))


def booked_people(*conditions: ColumnElement[bool], in_time: bool = False) -> AnySelect:
    """(training_id, person_id) of all who hold a seat, or stand to get one, at sessions with these conditions.

    `in_time` leaves out those who were enrolled when the session was over: they did not stay away from it.
    """
    unplaced = _stood_for(*conditions)
    if in_time:
        unplaced = unplaced.where(Enrolment.created_at < TrainingSession.ends_at)
    return select(union(_held(*conditions), unplaced).subquery("booked"))


def _held(*conditions: ColumnElement[bool]) -> AnySelect:
    return (
        select(Seat.training_id, Seat.person_id)
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(
            seat_counts(), Seat.status == SeatStatus.booked.value, Seat.person_id.is_not(None), *conditions
        )
    )


def _stood_for(*conditions: ColumnElement[bool]) -> AnySelect:
    """Those without a row of their own: they count as soon as the seats are settled."""
    return (
        select(TrainingSession.id.label("training_id"), Enrolment.person_id)
        .join(Enrolment, stands_for())
        .where(has_no_seat_row(), *conditions)
    )


def home_code() -> ColumnElement[str]:
    """The municipality a person counts to: their company's, else their own (joined: Person, outer Company)."""
    return func.coalesce(Company.municipality_code, Person.municipality_code)

"""Booking, cancelling and moving up.

Everything that gives or frees a seat first locks the session's row, then settles: whoever stands to come through
an enrolment gets into the queue, and the queue moves up. So there is one order per session, and whoever asks next
meets it as it is, however many ask at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries.expected import stands_for
from planner.attendance.rules import Claim, Place, SeatStatus, default_place, next_up, places_of
from planner.attendance.signals import seats_settled
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.models import Person
from planner.series.models import TrainingSession

_WHAT_SEATS_FOLLOW: Final = (
    "revision",  # SQLAlchemy reads it with every refresh
    "starts_at",
    "ends_at",
    "mode",
    "cohort_id",
    "seats_on_site",
    "seats_remote",
    "cancelled_at",
)


def lock_session(training: TrainingSession) -> None:
    """Hold the session's row until the unit of work ends, and read it afresh.

    SQLite needs no row lock: a unit of work there holds the whole database from its first statement.
    """
    # FOR NO KEY UPDATE: rows that only refer to the session may still be written by others.
    db.session.refresh(training, _WHAT_SEATS_FOLLOW, with_for_update={"key_share": True})


def book_seat(training: TrainingSession, person: Person, place: Place) -> Seat:
    """The person's seat at the session in this place: booked, or waiting when all are taken.

    Asking again changes nothing. Raises RefusedError when the session is over or cancelled, has no such place,
    or when somebody who holds a seat asks for another place that is full: then they keep the one they have.
    """
    lock_session(training)
    _check_bookable(training, place)
    seats = _settle(training)
    seat = seats.get(person.id)
    if seat is not None and seat.status != SeatStatus.cancelled and seat.place == place:
        seat.chosen = True
        _tell(training)
        return seat
    if (
        seat is not None
        and seat.status == SeatStatus.booked
        and not _has_room(training, place, seats.values())
    ):
        raise RefusedError(_("All seats there are taken. The seat you have is still yours."), field="place")
    if seat is None:
        seat = _new_seat(training, person.id, place, now())
        seats[person.id] = seat
    seat.place, seat.chosen = place.value, True
    _queue(seat, now())
    _move_up(training, seats.values())
    _tell(training)
    return seat


def cancel_seat(training: TrainingSession, person: Person) -> Seat:
    """Take the person out of this one session; whoever waited longest gets the seat."""
    lock_session(training)
    seats = _settle(training)
    seat = seats.get(person.id)
    if seat is None:
        seat = _new_seat(training, person.id, default_place(training.mode), now())
        seats[person.id] = seat
    seat.chosen = True
    _give_up(seat)
    _move_up(training, seats.values())
    _tell(training)
    return seat


def settle_seats(training: TrainingSession) -> None:
    """Bring the session's seats in line with its enrolments and limits; doing it again changes nothing.

    Call it after anything that may change them: an enrolment, a limit, the cohort, the mode.
    A session that has begun or is cancelled is left as it is.
    """
    lock_session(training)
    if training.cancelled_at is None and training.starts_at > now():
        _settle(training)
    _tell(training)


def _tell(training: TrainingSession) -> None:
    db.session.flush()
    seats_settled.send(training_id=training.id)


def _settle(training: TrainingSession) -> dict[int, Seat]:
    """The session's seats by person, after those standing to come have got theirs."""
    rows = select(Seat).where(Seat.training_id == training.id).order_by(Seat.id)
    seats = {
        seat.person_id: seat for seat in db.session.scalars(rows.execution_options(populate_existing=True))
    }
    standing = _standing(training)
    for seat in seats.values():
        if not seat.chosen and seat.person_id not in standing and seat.status != SeatStatus.cancelled:
            _give_up(seat)
        if seat.status != SeatStatus.cancelled and seat.place not in places_of(training.mode):
            seat.place = default_place(training.mode).value
            _queue(seat, seat.queued_at)
    place = default_place(training.mode)
    for person_id, since in standing.items():
        known = seats.get(person_id)
        if known is None:
            seats[person_id] = _new_seat(training, person_id, place, since, chosen=False)
        elif not known.chosen and known.status == SeatStatus.cancelled:
            known.place = place.value
            _queue(known, since)
    _move_up(training, seats.values())
    return seats


def _standing(training: TrainingSession) -> dict[int, datetime]:
    """Since when each person's enrolment stands, in the order they enrolled."""
    query = (
        select(Enrolment.person_id, Enrolment.created_at)
        .join(TrainingSession, stands_for())
        .where(TrainingSession.id == training.id)
        .order_by(Enrolment.created_at, Enrolment.id)
    )
    return dict(db.session.execute(query).all())


def _new_seat(
    training: TrainingSession, person_id: int, place: Place, since: datetime, *, chosen: bool = True
) -> Seat:
    seat = Seat(
        training_id=training.id, person_id=person_id, place=place.value, status=SeatStatus.waiting.value,
        chosen=chosen, queued_at=since, changed_at=now(),
    )  # fmt: skip
    db.session.add(seat)
    return seat


def _queue(seat: Seat, since: datetime) -> None:
    seat.status, seat.queued_at, seat.changed_at = SeatStatus.waiting.value, since, now()


def _give_up(seat: Seat) -> None:
    if seat.status != SeatStatus.cancelled:
        seat.status, seat.changed_at = SeatStatus.cancelled.value, now()


def _limit(training: TrainingSession, place: Place) -> int | None:
    return training.seats_on_site if place is Place.on_site else training.seats_remote


def _booked(seats: Iterable[Seat], place: Place) -> int:
    return sum(1 for seat in seats if seat.status == SeatStatus.booked and seat.place == place)


def _has_room(training: TrainingSession, place: Place, seats: Iterable[Seat]) -> bool:
    limit, seats = _limit(training, place), list(seats)
    waits = any(seat.status == SeatStatus.waiting and seat.place == place for seat in seats)
    return limit is None or (_booked(seats, place) < limit and not waits)


def _move_up(training: TrainingSession, seats: Iterable[Seat]) -> None:
    db.session.flush()  # new seats need their ids: they break ties in the queue
    seats = list(seats)
    by_id = {seat.id: seat for seat in seats}
    for place in places_of(training.mode):
        waiting = [
            Claim(seat.id, seat.queued_at)
            for seat in seats
            if seat.status == SeatStatus.waiting and seat.place == place
        ]
        for claim in next_up(_limit(training, place), _booked(seats, place), waiting):
            by_id[claim.id].status, by_id[claim.id].changed_at = SeatStatus.booked.value, now()
    db.session.flush()


def _check_bookable(training: TrainingSession, place: Place) -> None:
    if training.cancelled_at is not None:
        raise RefusedError(_("This session is cancelled."))
    if training.ends_at <= now():
        raise RefusedError(_("This session is over."))
    if place not in places_of(training.mode):
        raise RefusedError(_("This session cannot be joined that way. Choose the other."), field="place")

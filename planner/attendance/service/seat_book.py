"""A session's seats as one book: opened with the session's row locked, settled, written, and closed by telling.

Whoever opens it next meets it as it was left, however many ask at the same moment. So there is one order per session.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries.expected import stands_for
from planner.attendance.queries.terms import terms_of
from planner.attendance.rules import (
    Approval,
    Claim,
    Place,
    SeatNews,
    SeatStatus,
    answer_due,
    default_place,
    next_up,
    places_of,
)
from planner.attendance.signals import seat_news, seats_settled
from planner.base.clock import now
from planner.base.db import db
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


class SeatBook:
    """The seats of one session. Open it, `settle`, change, `move_up`, `close`."""

    def __init__(self, training: TrainingSession) -> None:
        lock_session(training)
        self.training, self.at = training, now()
        self.terms = terms_of(training)
        rows = select(Seat).where(Seat.training_id == training.id).order_by(Seat.id)
        self.seats = list(db.session.scalars(rows.execution_options(populate_existing=True)))
        self.standing = _standing(training)
        self._fresh: list[Seat] = []  # asked for just now: getting a seat at once is no news to them
        self._news: list[tuple[Seat, SeatNews]] = []

    @property
    def is_coming(self) -> bool:
        """Whether the session is on and has not begun."""
        return self.training.cancelled_at is None and self.training.starts_at > self.at

    def find(self, person_id: int) -> Seat | None:
        """The person's seat, in whatever state."""
        return next((seat for seat in self.seats if seat.person_id == person_id), None)

    def get(self, seat_id: int) -> Seat | None:
        """The seat with this id."""
        return next((seat for seat in self.seats if seat.id == seat_id), None)

    def add(
        self, person_id: int | None, place: Place, since: datetime, *, company_id: int | None = None,
        chosen: bool = True,
    ) -> Seat:  # fmt: skip
        """A new seat in the queue, for a person or (unnamed) for a company."""
        seat = Seat(
            training_id=self.training.id, person_id=person_id, company_id=company_id, place=place.value,
            status=SeatStatus.waiting.value, chosen=chosen, queued_at=since, changed_at=self.at,
            approval="", answer_by=None,
        )  # fmt: skip
        db.session.add(seat)
        self.seats.append(seat)
        self._fresh.append(seat)
        return seat

    def remove(self, seat: Seat) -> None:
        """Take the row away altogether."""
        self.seats.remove(seat)
        db.session.delete(seat)
        db.session.flush()  # before another row may take its person

    def queue(self, seat: Seat, since: datetime) -> None:
        """Put the seat in the queue as of `since`."""
        seat.status, seat.queued_at, seat.changed_at = SeatStatus.waiting.value, since, self.at
        seat.answer_by = None
        self._fresh.append(seat)

    def hold(self, seat: Seat) -> None:
        """The seat is theirs."""
        seat.status, seat.answer_by, seat.changed_at = SeatStatus.booked.value, None, self.at

    def give_up(self, seat: Seat) -> None:
        """Free the seat; the row stays and says so."""
        if seat.status != SeatStatus.cancelled:
            seat.status, seat.answer_by, seat.changed_at = SeatStatus.cancelled.value, None, self.at

    def tell(self, seat: Seat, news: SeatNews) -> None:
        """Tell of it when the book is closed."""
        self._news.append((seat, news))

    def has_room(self, place: Place) -> bool:
        """Whether one more gets a seat there at once: there is one, and nobody waits for it."""
        limit = self._limit(place)
        return limit is None or (self._held(place) < limit and not self._waiting(place))

    def settle(self) -> None:
        """Offers that were not answered go back, what enrolments give is given, and the queue moves up."""
        self.lapse()
        for seat in self.seats:
            self._put_right(seat)
        place = default_place(self.training.mode)
        for person_id, since in self.standing.items():
            known = self.find(person_id)
            if known is None:
                self.add(person_id, place, since, chosen=False)
            elif not known.chosen and known.status == SeatStatus.cancelled:
                known.place = place.value
                self.queue(known, since)
        self.move_up()

    def settle_quietly(self, seats: Iterable[Seat]) -> None:
        """Settle; what these seats get needs no mail of its own, since they are told of something else already."""
        self._fresh += seats
        self.settle()

    def _put_right(self, seat: Seat) -> None:
        if seat.status == SeatStatus.cancelled:
            return
        if not seat.chosen and seat.person_id not in self.standing:
            self.give_up(seat)
        elif seat.place not in places_of(self.training.mode):
            seat.place = default_place(self.training.mode).value
            self.queue(seat, seat.queued_at)
        if seat.approval == Approval.requested and not self.terms.needs_approval:
            seat.approval = ""

    def lapse(self) -> None:
        """Take back what was offered and not answered in time."""
        for seat in self.seats:
            if seat.answer_by is None:
                continue
            seat.answer_by = min(seat.answer_by, self.training.starts_at)  # it may have been moved
            if seat.answer_by <= self.at:
                self.give_up(seat)
                seat.chosen = True  # an enrolment must not put them back in line
                if self.is_coming:
                    self.tell(seat, SeatNews.lapsed)

    def move_up(self) -> None:
        """Give free seats to those first in line. Once the session has begun, only to those who ask now."""
        db.session.flush()  # new seats need their ids: they break ties in the queue
        by_id = {seat.id: seat for seat in self.seats}
        for place in places_of(self.training.mode):
            line = self._waiting(place)
            if not self.is_coming:
                line = [] if any(seat not in self._fresh for seat in line) else line
            claims = [Claim(seat.id, seat.queued_at) for seat in line]
            for claim in next_up(self._limit(place), self._held(place), claims):
                self._give(by_id[claim.id])
        db.session.flush()

    def _give(self, seat: Seat) -> None:
        if seat in self._fresh:
            self.hold(seat)
            return
        due = answer_due(self.terms.answer_hours, self.at, self.training.starts_at)
        if due is None or seat.person_id is None:
            self.hold(seat)
            self.tell(seat, SeatNews.moved_up)
        else:
            seat.answer_by, seat.changed_at = due, self.at
            self.tell(seat, SeatNews.offered)

    def close(self) -> None:
        """Write, and let the rooms above know."""
        db.session.flush()
        seats_settled.send(training_id=self.training.id)
        for seat, news in self._news:
            seat_news.send(training_id=self.training.id, seat_id=seat.id, news=news)
        self._news.clear()

    def _limit(self, place: Place) -> int | None:
        return self.training.seats_on_site if place is Place.on_site else self.training.seats_remote

    def _held(self, place: Place) -> int:
        return sum(1 for seat in self._at(place) if is_held(seat))

    def _waiting(self, place: Place) -> list[Seat]:
        return [seat for seat in self._at(place) if is_in_line(seat)]

    def _at(self, place: Place) -> Iterable[Seat]:
        return (seat for seat in self.seats if seat.place == place)


def is_held(seat: Seat) -> bool:
    """Whether nobody else can have the seat: it is booked, or offered and not answered yet."""
    return seat.status == SeatStatus.booked or (
        seat.status == SeatStatus.waiting and seat.answer_by is not None
    )


def is_in_line(seat: Seat) -> bool:
    """Whether it moves up by itself when there is room: it waits, and not for the organiser's yes."""
    return (
        seat.status == SeatStatus.waiting and seat.answer_by is None and seat.approval != Approval.requested
    )


def _standing(training: TrainingSession) -> dict[int, datetime]:
    """Since when each person's enrolment stands, in the order they enrolled."""
    query = (
        select(Enrolment.person_id, Enrolment.created_at)
        .join(TrainingSession, stands_for())
        .where(TrainingSession.id == training.id)
        .order_by(Enrolment.created_at, Enrolment.id)
    )
    return dict(db.session.execute(query).all())

"""Booking, cancelling and moving up, for one person at a time.

Everything that gives or frees a seat opens the session's book (seat_book), which holds the session's row: whoever
stands to come through an enrolment gets into the queue, and the queue moves up.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from planner.attendance.models import Seat
from planner.attendance.rules import Approval, Place, SeatNews, SeatStatus, default_place, places_of
from planner.attendance.service.seat_book import SeatBook, is_held, lock_session
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Person
from planner.directory.service.checks import check_no_personal_number
from planner.series.models import TrainingSession

__all__ = [
    "answer_requests",
    "book_seat",
    "cancel_seat",
    "cancel_seat_by_id",
    "check_bookable",
    "lock_session",
    "settle_seats",
]


def book_seat(training: TrainingSession, person: Person, place: Place, *, approved: bool = False) -> Seat:
    """The person's seat at the session in this place: booked, or waiting when all are taken.

    Asking again changes nothing, but takes a seat that was offered. Where seats need approval it waits for it, unless
    `approved`: then the organiser books, and the person is told. Raises RefusedError when the session is over or
    cancelled, has no such place, or when somebody who holds a seat asks for another place that is full: then they
    keep the one they have.
    """
    book = SeatBook(training)
    check_bookable(training, place)
    book.settle()
    seat = book.find(person.id)
    if seat is not None and seat.status != SeatStatus.cancelled and seat.place == place:
        _confirm(book, seat, approved=approved)
        book.close()
        return seat
    held = seat is not None and is_held(seat)
    if held and not book.has_room(place):
        raise RefusedError(_("All seats there are taken. The seat you have is still yours."), field="place")
    if seat is None:
        seat = book.add(person.id, place, book.at)
    seat.place, seat.chosen = place.value, True
    book.queue(seat, book.at)
    seat.approval = _approval(book, seat, approved=approved or held)
    if approved:
        book.tell(seat, SeatNews.booked_for)
    book.move_up()
    book.close()
    return seat


def _confirm(book: SeatBook, seat: Seat, *, approved: bool) -> None:
    seat.chosen = True
    if seat.answer_by is not None:
        book.hold(seat)
    elif approved and seat.approval == Approval.requested:
        seat.approval = Approval.approved.value
        book.move_up()


def _approval(book: SeatBook, seat: Seat, *, approved: bool) -> str:
    is_free = approved or seat.approval == Approval.approved or seat.person_id in book.standing
    if book.terms.needs_approval and not is_free:
        return Approval.requested.value
    return Approval.approved.value if book.terms.needs_approval else ""


def cancel_seat(training: TrainingSession, person: Person) -> Seat:
    """Take the person out of this one session; whoever waited longest gets the seat.

    A seat that a company has reserved stays the company's, without a name.
    """
    book = SeatBook(training)
    book.settle()
    seat = book.find(person.id)
    if seat is not None and seat.company_id is not None:
        seat.person_id, seat.changed_at = None, book.at
        db.session.flush()  # before another row may take its person
        book.tell(seat, SeatNews.unnamed)
        seat = None
    if seat is None:
        seat = book.add(person.id, default_place(training.mode), book.at)
    seat.chosen = True
    book.give_up(seat)
    book.move_up()
    book.close()
    return seat


def cancel_seat_by_id(training: TrainingSession, seat_id: int) -> None:
    """The organiser takes a seat back, also one without a name. Raises NotFoundError when it is gone."""
    book = SeatBook(training)
    book.settle()
    seat = book.get(seat_id)
    if seat is None or seat.status == SeatStatus.cancelled:
        raise NotFoundError(_("This seat has been given up already."))
    if seat.person_id is None:
        book.remove(seat)
    else:
        seat.chosen, seat.company_id = True, None
        book.give_up(seat)
        book.tell(seat, SeatNews.taken_back)
    book.move_up()
    book.close()


def answer_requests(
    training: TrainingSession, seat_ids: Iterable[int], *, approve: bool, reason: str = ""
) -> list[Seat]:
    """Say yes or no to seats that were asked for; those answered. One that has been answered already stays so."""
    check_no_personal_number(reason=reason)
    book, wanted = SeatBook(training), frozenset(seat_ids)
    if not book.is_coming:
        raise RefusedError(_("The session has begun or is cancelled."))
    asked = [seat for seat in book.seats if seat.id in wanted and _is_asked(seat)]
    for seat in asked:
        seat.chosen, seat.changed_at = True, book.at
        if approve:
            seat.approval = Approval.approved.value
        else:
            seat.approval, seat.note = Approval.declined.value, reason
            book.give_up(seat)
        book.tell(seat, SeatNews.approved if approve else SeatNews.declined)
    book.settle_quietly(asked if approve else ())
    book.close()
    return asked


def _is_asked(seat: Seat) -> bool:
    return seat.status == SeatStatus.waiting and seat.approval == Approval.requested


def settle_seats(training: TrainingSession) -> None:
    """Bring the session's seats in line with its enrolments and limits; doing it again changes nothing.

    Call it after anything that may change them: an enrolment, a limit, the cohort, the mode, the terms.
    A session that has begun or is cancelled is left as it is, but for offers that nobody answered.
    """
    book = SeatBook(training)
    if book.is_coming:
        book.settle()
    else:
        book.lapse()
    book.close()


def check_bookable(training: TrainingSession, place: Place) -> None:
    """Raise RefusedError when nobody can get a seat there any more."""
    if training.cancelled_at is not None:
        raise RefusedError(_("This session is cancelled."))
    if training.ends_at <= now():
        raise RefusedError(_("This session is over."))
    if place not in places_of(training.mode):
        raise RefusedError(_("This session cannot be joined that way. Choose the other."), field="place")

"""Seats that a company holds without names, and the names it gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask_babel import gettext as _

from planner.attendance.models import Seat
from planner.attendance.rules import Approval, Place, SeatNews, SeatStatus
from planner.attendance.service.seat_book import SeatBook, is_held
from planner.attendance.service.seats import check_bookable
from planner.base.db import db
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Company, Person
from planner.series.models import TrainingSession

MOST: Final = 100


def reserve_seats(
    training: TrainingSession, company: Company, place: Place, count: int, *, approved: bool = False
) -> list[Seat]:
    """The company's seats in this place, made `count` in all: new ones last in line, or the last ones given back.

    Sent twice it is the same. Raises RefusedError when the session has begun, or more seats than that have names.
    """
    if not 0 <= count <= MOST:
        raise RefusedError(_("Give a number between 0 and %(most)s.", most=MOST), field="count")
    book = SeatBook(training)
    check_bookable(training, place)
    _check_coming(book)
    book.settle()
    own = [seat for seat in _seats_of(book, company) if seat.place == place]
    if count < sum(1 for seat in own if seat.person_id is not None):
        raise RefusedError(_("More seats than that have names. Take names away first."), field="count")
    unnamed = [seat for seat in own if seat.person_id is None]
    # Those still in line go first, the latest before the others.
    unnamed.sort(key=lambda seat: (is_held(seat), seat.queued_at, seat.id))
    waiting = [seat for seat in unnamed if not is_held(seat)][::-1]
    held = [seat for seat in unnamed if is_held(seat)][::-1]
    for seat in [*waiting, *held][: max(0, len(own) - count)]:
        book.remove(seat)
    for _n in range(count - len(own)):
        seat = book.add(None, place, book.at, company_id=company.id)
        if book.terms.needs_approval:
            seat.approval = (Approval.approved if approved else Approval.requested).value
        db.session.flush()  # their ids keep them in line
    book.move_up()
    book.close()
    return [seat for seat in _seats_of(book, company) if seat.place == place]


def reserve_in_series(
    trainings: Iterable[TrainingSession],
    company: Company,
    place: Place,
    count: int,
    *,
    approved: bool = False,
) -> int:
    """The same in each of these sessions that has such a place; how many sessions it was."""
    done = 0
    for training in sorted(trainings, key=lambda one: one.id):  # the order sessions are locked in
        try:
            reserve_seats(training, company, place, count, approved=approved)
        except RefusedError as error:
            if error.field != "place":
                raise
        else:
            done += 1
    return done


def name_seat(training: TrainingSession, company: Company, seat_id: int, person: Person | None) -> Seat:
    """Give one of the company's seats this name, or none. Until the session starts.

    Somebody who waited for a seat of their own leaves the line. Raises RefusedError for somebody who has a seat.
    """
    book = SeatBook(training)
    _check_coming(book)
    seat = book.get(seat_id)
    if seat is None or seat.company_id != company.id or seat.status == SeatStatus.cancelled:
        raise NotFoundError(_("This seat is no longer the company's."))
    if seat.person_id == (person.id if person else None):
        return seat
    if person is not None:
        _let_in(book, company, person)
    before = seat.person_id
    seat.person_id, seat.chosen, seat.changed_at = (person.id if person else None), True, book.at
    db.session.flush()
    if before is not None:
        # A row that says no: else an enrolment would give them another seat.
        row = book.add(before, Place(seat.place), book.at)
        book.give_up(row)
        book.tell(row, SeatNews.given_away)
    if person is not None:
        book.tell(seat, SeatNews.named)
    book.settle()
    book.close()
    return seat


def _let_in(book: SeatBook, company: Company, person: Person) -> None:
    if person.company_id != company.id:
        raise RefusedError(_("Choose somebody who works at the company."), field="person")
    known = book.find(person.id)
    if known is None:
        return
    if known.company_id is not None or is_held(known):
        raise RefusedError(_("%(name)s has a seat already.", name=person.name), field="person")
    book.remove(known)


def _seats_of(book: SeatBook, company: Company) -> list[Seat]:
    return [
        seat for seat in book.seats if seat.company_id == company.id and seat.status != SeatStatus.cancelled
    ]


def _check_coming(book: SeatBook) -> None:
    if not book.is_coming:
        raise RefusedError(_("The session has begun or is cancelled."))

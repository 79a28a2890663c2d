"""Who the people of a pasted list are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_

from planner.attendance.models import Seat
from planner.attendance.queries.access import PeopleScope
from planner.attendance.queries.people import walk_ins
from planner.attendance.queries.seats import list_seats, seat_state
from planner.attendance.rules import PastedLine
from planner.base.db import db
from planner.base.types import swedish_sort_key
from planner.directory.models import Person
from planner.series.models import TrainingSession


@dataclass(frozen=True, slots=True)
class Match:
    """A pasted line and who it is. `fate` is book, seated, new, several or unknown."""

    line: PastedLine
    person: Person | None
    fate: str

    @property
    def is_bookable(self) -> bool:
        """Whether it leads to a seat."""
        return self.fate in ("book", "new")


def match_lines(training: TrainingSession, scope: PeopleScope, lines: Sequence[PastedLine]) -> list[Match]:
    """Each line with the person it means, by address, else by the whole name. Two statements."""
    people = _people(training, scope, lines)
    seats = {row.seat.person_id: row.seat for row in list_seats(training, PeopleScope(None))}
    return [_match(line, people, seats) for line in lines]


def _people(training: TrainingSession, scope: PeopleScope, lines: Iterable[PastedLine]) -> list[Person]:
    emails = [line.email for line in lines if line.email]
    names = [swedish_sort_key(line.name) for line in lines if not line.email]
    query = walk_ins(training, scope).where(or_(Person.email.in_(emails), Person.sort_key.in_(names)))
    return list(db.session.scalars(query.order_by(Person.id)))


def _match(line: PastedLine, people: Iterable[Person], seats: dict[int | None, Seat]) -> Match:
    key = swedish_sort_key(line.name)
    found = [
        person for person in people if (person.email == line.email if line.email else person.sort_key == key)
    ]
    if len(found) > 1:
        return Match(line, None, "several")
    if not found:
        return Match(line, None, "new" if line.email and line.name else "unknown")
    seat = seats.get(found[0].id)
    is_seated = seat is not None and seat_state(seat) != "requested"
    return Match(line, found[0], "seated" if is_seated else "book")

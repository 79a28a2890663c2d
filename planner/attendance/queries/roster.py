"""The list a facilitator holds in the hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from planner.attendance.models import Presence, PresenceEntry, Seat
from planner.attendance.queries.access import PeopleScope
from planner.attendance.queries.expected import expected_people, seat_counts
from planner.attendance.queries.ledger import standing_of
from planner.attendance.rules import ATTENDED, SeatStatus
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.directory.models import Person
from planner.series.models import TrainingSession


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A person (company loaded), their seat if they have one, the entry that stands, how many lines there are."""

    person: Person
    seat: Seat | None
    entry: PresenceEntry | None
    lines: int

    @property
    def is_waiting(self) -> bool:
        """Whether the person waits for a seat."""
        return self.seat is not None and self.seat.status == SeatStatus.waiting


def list_roster(
    training: TrainingSession, scope: PeopleScope, person_id: int | None = None
) -> list[RosterRow]:
    """Everyone expected, waiting or marked, by name; only `person_id` when given. One statement."""
    here = TrainingSession.id == training.id
    expected = expected_people(here).subquery()
    waiting = (
        select(Seat.person_id)
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(here, seat_counts(), Seat.status == SeatStatus.waiting.value)
    )
    counted = (
        select(PresenceEntry.person_id, func.count().label("lines"))
        .where(PresenceEntry.training_id == training.id)
        .group_by(PresenceEntry.person_id)
        .subquery()
    )
    query = (
        select(Person, Seat, PresenceEntry, func.coalesce(counted.c.lines, 0))
        .outerjoin(Person.company)
        .outerjoin(Seat, and_(Seat.training_id == training.id, Seat.person_id == Person.id))
        .outerjoin(PresenceEntry, PresenceEntry.id == standing_of(training.id, Person.id))
        .outerjoin(counted, counted.c.person_id == Person.id)
        .where(or_(Person.id.in_(select(expected.c.person_id)), Person.id.in_(waiting)), scope.condition())
        .options(joinedload(Person.company))
        .order_by(Person.sort_key, Person.id)
        .execution_options(populate_existing=True)
    )
    if person_id is not None:
        query = query.where(Person.id == person_id)
    rows: Any = db.session.execute(query)
    return [RosterRow(person, seat, entry, lines) for person, seat, entry, lines in rows]


def count_here(training: TrainingSession, scope: PeopleScope) -> tuple[int, int]:
    """How many are marked as there, of how many expected or marked."""
    expected = expected_people(TrainingSession.id == training.id).subquery()
    is_here = Presence.verdict.in_(ATTENDED)
    query = (
        select(func.count(Presence.person_id).filter(is_here), func.count(Person.id))
        .select_from(Person)
        .join(expected, expected.c.person_id == Person.id)
        .outerjoin(Person.company)
        .outerjoin(Presence, and_(Presence.training_id == training.id, Presence.person_id == Person.id))
        .where(scope.condition())
    )
    here, count = db.session.execute(query).one()
    return here, count


def get_roster_row(training: TrainingSession, scope: PeopleScope, person_id: int) -> RosterRow:
    """One person's row. Raises NotFoundError when the person is not on the list."""
    rows = list_roster(training, scope, person_id)
    if not rows:
        raise NotFoundError(_("This person is not on the list of this session."))
    return rows[0]

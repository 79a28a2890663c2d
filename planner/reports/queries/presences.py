"""Every presence of a viewer's figures, one row each, in portions: however many there are, few are in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import func, or_, select, tuple_

from planner.attendance.models import Presence
from planner.attendance.queries import home_code
from planner.base.db import AnySelect, db
from planner.directory.models import Company, Municipality, Person
from planner.reports.queries.held import is_held
from planner.series.models import Series, Step, TrainingSession

PORTION: Final = 2_000


def count_presences(codes: Iterable[str]) -> int:
    """How many there are, in series coordinated in these municipalities or of people there."""
    return int(db.session.scalar(_presences(codes).with_only_columns(func.count())) or 0)


def list_presences(codes: Iterable[str], done: int = 0) -> Iterator[list[Any]]:
    """Portions of (day, series, step, municipality, company, number, person, verdict, place, minutes), after the first
    `done`, in an order that new ones do not change: by session and person.
    """
    listed = list(codes)
    last = _nth(listed, done) if done else None
    while True:
        query = (
            _presences(listed)
            .with_only_columns(
                TrainingSession.starts_at, Series.title, Step.title, Municipality.name, Company.name,
                Company.organisation_number, Person.name, Presence.verdict, Presence.place, Presence.minutes,
                Presence.training_id, Presence.person_id,
            )
            .join(Step, Step.id == TrainingSession.step_id)
            .order_by(Presence.training_id, Presence.person_id)
            .limit(PORTION)
        )  # fmt: skip
        if last is not None:
            query = query.where(tuple_(Presence.training_id, Presence.person_id) > last)
        rows = db.session.execute(query).all()
        if not rows:
            return
        last = rows[-1].training_id, rows[-1].person_id
        yield [tuple(row)[:-2] for row in rows]
        if len(rows) < PORTION:
            return


def _nth(codes: list[str], done: int) -> tuple[int, int] | None:
    query = _presences(codes).order_by(Presence.training_id, Presence.person_id).offset(done - 1).limit(1)
    row = db.session.execute(query).first()
    return None if row is None else (row[0], row[1])


def _presences(codes: Iterable[str]) -> AnySelect:
    listed = list(codes)
    return (
        select(Presence.training_id, Presence.person_id)
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Person, Person.id == Presence.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .join(Municipality, Municipality.code == home_code())
        .where(*is_held(), or_(Series.municipality_code.in_(listed), Municipality.code.in_(listed)))
    )

"""From what was written to the sessions whose calendars it may touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select, union

from planner.base.clock import today
from planner.base.db import db
from planner.calendars import rules
from planner.calendars.models import StoredEvent
from planner.calendars.rules import ScopeKind, SubjectKey
from planner.directory.models import Room
from planner.series.models import Cohort, Series, TrainingSession, series_municipality, session_facilitator


@dataclass(slots=True)
class Touched:
    """What a unit of work has written that calendars may show, by its kind.

    `subjects` are those whose own name or existence changed; the others hold ids (or codes) whose sessions may have.
    """

    trainings: set[int] = field(default_factory=set)
    series: set[int] = field(default_factory=set)
    steps: set[int] = field(default_factory=set)
    rooms: set[int] = field(default_factory=set)
    venues: set[int] = field(default_factory=set)
    leaders: set[int] = field(default_factory=set)
    municipalities: set[str] = field(default_factory=set)
    subjects: set[SubjectKey] = field(default_factory=set)

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def list_touched(touched: Touched) -> list[int]:
    """The ids of the sessions that calendars may tell differently now.

    Only those that a feed can tell today, or told before: a venue's name changes no calendar of two years ago.
    """
    where = [
        (TrainingSession.id, touched.trainings),
        (TrainingSession.series_id, touched.series),
        (TrainingSession.step_id, touched.steps),
        (TrainingSession.room_id, touched.rooms),
    ]
    found: set[int] = set()
    for column, ids in where:
        found |= _told(column.in_(part) for part in _parts(ids))
    found |= _told(TrainingSession.room_id.in_(_rooms(part)) for part in _parts(touched.venues))
    found |= _told(TrainingSession.id.in_(_led(part)) for part in _parts(touched.leaders))
    found |= _told(TrainingSession.series_id.in_(_series_in(part)) for part in _parts(touched.municipalities))
    return sorted(found)


def list_training_ids(*, after: int = 0) -> list[int]:
    """Every session's id, in order; only those made later than the one with the id `after`."""
    return list(
        db.session.scalars(
            select(TrainingSession.id).where(TrainingSession.id > after).order_by(TrainingSession.id)
        )
    )


def list_named_subjects(touched: Touched) -> set[SubjectKey]:
    """The subjects whose feeds are called by something that was written."""
    cohorts = {
        SubjectKey(ScopeKind.COHORT, str(id_))
        for part in _parts(touched.series)
        for id_ in db.session.scalars(select(Cohort.id).where(Cohort.series_id.in_(part)))
    }
    return touched.subjects | cohorts


def _told(conditions: Iterable[Any]) -> set[int]:
    on = rules.window_starts_at(today())
    first = rules.instant_key(on)
    told = (
        select(StoredEvent.id).where(StoredEvent.id == TrainingSession.id, StoredEvent.mark >= first).exists()
    )
    query = select(TrainingSession.id).where(or_(TrainingSession.starts_at >= on, told))
    return {id_ for condition in conditions for id_ in db.session.scalars(query.where(condition))}


def _parts(ids: Iterable[Any], size: int = 500) -> Iterator[list[Any]]:
    ordered = sorted(ids)
    return (ordered[at : at + size] for at in range(0, len(ordered), size))


def _rooms(venue_ids: Iterable[int]) -> Any:
    return select(Room.id).where(Room.venue_id.in_(venue_ids))


def _led(user_ids: Iterable[int]) -> Any:
    return select(session_facilitator.c.training_id).where(session_facilitator.c.user_id.in_(user_ids))


def _series_in(codes: Iterable[str]) -> Any:
    return union(
        select(Series.id).where(Series.municipality_code.in_(codes)),
        select(series_municipality.c.series_id).where(series_municipality.c.municipality_code.in_(codes)),
    )

"""Reads for the start page, the public pages and the personal ones. Each page costs a constant number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, union
from sqlalchemy.orm import joinedload, selectinload

from planner.attendance.models import Enrolment, Presence, Seat
from planner.attendance.queries import list_positions, seat_state
from planner.attendance.queries.expected import has_no_seat_row, seat_counts, stands_for
from planner.attendance.rules import SeatStatus
from planner.base.clock import now
from planner.base.db import db
from planner.base.interval import Interval
from planner.base.types import like_pattern, swedish_sort_key
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Municipality, Person
from planner.home.rules import COMING, LOOK_AHEAD, LOOK_BACK, Watched
from planner.plan.queries import facts_of
from planner.plan.rules import SessionFact
from planner.series.models import Series, TrainingSession, series_municipality
from planner.series.queries import (
    TRAINING_LOADS,
    SessionFilter,
    list_series,
    list_trainings,
    may_edit,
    trainings_query,
)

# --- the start page -------------------------------------------------------------------------------


def list_watched(viewer: Viewer) -> list[Watched]:
    """The viewer's sessions from a month back to six weeks ahead (two for those who do not plan)."""
    moment = now()
    ahead = LOOK_AHEAD if viewer.has_role(EDITORS) else COMING
    trainings = list_trainings(
        SessionFilter(published_only=False, viewer=viewer, after=moment - LOOK_BACK, before=moment + ahead)
    )
    trainings = [training for training in trainings if training.series.archived_at is None]
    with_marks = _with_attendance([t.id for t in trainings if t.ends_at <= moment])
    return [
        Watched(
            session=fact,
            is_mine=any(user.id == viewer.user_id for user in training.facilitators),
            may_edit=may_edit(viewer, training.series),
            has_room=training.room_id is not None,
            has_link=bool(training.join_url),
            has_clash=bool(training.clash_reason),
            has_attendance=training.id in with_marks,
        )
        for training, fact in zip(trainings, facts_of(trainings), strict=True)
    ]


def _with_attendance(training_ids: Sequence[int]) -> set[int]:
    query = select(Presence.training_id).where(Presence.training_id.in_(training_ids)).distinct()
    return set(db.session.scalars(query))


def list_drafts(viewer: Viewer, limit: int = 5) -> list[Series]:
    """The newest draft series that the viewer may edit."""
    query = list_series(viewer).where(Series.published_at.is_(None)).limit(limit * 2)
    found = db.session.scalars(query).unique().all()
    return [series for series in found if may_edit(viewer, series)][:limit]


# --- what anyone may see --------------------------------------------------------------------------


def find_municipalities(words: str, limit: int = 12) -> list[Municipality]:
    """Municipalities whose name has these letters, those that begin with them first."""
    key = swedish_sort_key(words.strip())
    query = select(Municipality).where(Municipality.sort_key.like(like_pattern(key), escape="\\"))
    found = list(db.session.scalars(query.order_by(Municipality.sort_key)))
    return sorted(found, key=lambda place: not place.sort_key.startswith(key))[:limit]


def _is_open(moment: datetime) -> ColumnElement[bool]:
    """Series with something still to come."""
    coming = exists().where(
        TrainingSession.series_id == Series.id,
        TrainingSession.starts_at > moment,
        TrainingSession.cancelled_at.is_(None),
    )
    return Series.published_at.is_not(None) & Series.archived_at.is_(None) & coming


def list_open_places() -> list[tuple[Municipality, int]]:
    """Municipalities that have open series, with how many; by county and name. One statement."""
    open_now = _is_open(now())
    own = select(Series.municipality_code.label("code"), Series.id.label("series_id")).where(open_now)
    neighbours = (
        select(series_municipality.c.municipality_code, series_municipality.c.series_id)
        .join(Series, Series.id == series_municipality.c.series_id)
        .where(open_now)
    )
    pairs = union(own, neighbours).subquery()
    counts = select(pairs.c.code, func.count().label("n")).group_by(pairs.c.code).subquery()
    query: Select[Any] = (
        select(Municipality, counts.c.n)
        .join(counts, counts.c.code == Municipality.code)
        .order_by(Municipality.county_name, Municipality.sort_key)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """A published series with the start of its next session."""

    series: Series
    next_at: datetime


def list_newest_open(limit: int = 6) -> list[OpenSeries]:
    """The open series that were published last (municipality, organisation and steps loaded)."""
    moment = now()
    next_at = (
        select(TrainingSession.series_id, func.min(TrainingSession.starts_at).label("at"))
        .where(TrainingSession.starts_at > moment, TrainingSession.cancelled_at.is_(None))
        .group_by(TrainingSession.series_id)
        .subquery()
    )
    query: Select[Any] = (
        select(Series, next_at.c.at)
        .join(next_at, next_at.c.series_id == Series.id)
        .where(Series.published_at.is_not(None), Series.archived_at.is_(None))
        .options(joinedload(Series.municipality), joinedload(Series.organisation), selectinload(Series.steps))
        .order_by(Series.published_at.desc(), Series.id.desc())
        .limit(limit)
    )
    return [OpenSeries(row[0], row[1]) for row in db.session.execute(query)]


def list_public_sessions(municipality_code: str, during: Interval) -> list[SessionFact]:
    """Sessions of published series in the municipality that start in the interval, cancelled ones too."""
    trainings = list_trainings(
        SessionFilter(
            municipality_codes=frozenset({municipality_code}), after=during.starts_at, before=during.ends_at
        )
    )
    return facts_of([training for training in trainings if training.series.archived_at is None])


def list_series_sessions(series: Series) -> list[SessionFact]:
    """Every session of a published series."""
    return facts_of(list_trainings(SessionFilter(series_id=series.id)))


# --- behind a personal link -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonalSession:
    """A session as its participant, or a contact of a company it is for, sees it.

    `join_url` is empty unless it is theirs; `is_own` when they are expected there; `seat` what has become of their
    seat, empty when they have none; `position` their place in line.
    """

    fact: SessionFact
    join_url: str
    is_own: bool
    seat: str
    position: int | None = None


def list_personal_sessions(person: Person, since: datetime) -> list[PersonalSession]:
    """Published sessions from `since` on that the person is expected at, and, for a contact, the company's."""
    own_ids = set(db.session.scalars(_expected(person, since)))
    company_id = _speaks_for(person)
    trainings: list[TrainingSession] = []
    if company_id is not None:
        trainings = list_trainings(SessionFilter(company_id=company_id, after=since))
    missing = own_ids - {training.id for training in trainings}
    query = select(TrainingSession).where(TrainingSession.id.in_(missing)).options(*TRAINING_LOADS)
    trainings += db.session.scalars(query).unique().all()
    seats = _seats_of(person, [training.id for training in trainings])
    positions = list_positions(list(seats)) if seats else {}
    return sorted(
        (
            PersonalSession(
                fact,
                training.join_url if _is_theirs(person, training, own_ids) else "",
                training.id in own_ids,
                seat_state(seats[training.id]) if training.id in seats else "",
                positions.get(seats[training.id].id) if training.id in seats else None,
            )
            for training, fact in zip(trainings, facts_of(trainings), strict=True)
        ),
        key=lambda item: (item.fact.starts_at, item.fact.uid),
    )


def _speaks_for(person: Person) -> int | None:
    return person.company_id if person.is_contact else None


def _is_theirs(person: Person, training: TrainingSession, own_ids: set[int]) -> bool:
    """Whether they may join: expected there, or contact of a company in the session's cohort."""
    companies = training.cohort.companies if training.cohort else []
    return training.id in own_ids or _speaks_for(person) in {company.id for company in companies}


def _expected(person: Person, since: datetime) -> Select[Any]:
    """Ids of the published sessions from `since` on where the person has, or waits for, a seat or stands to come."""
    held = select(Seat.training_id).join(Seat.training).where(Seat.person_id == person.id, seat_counts())
    standing = (
        select(TrainingSession.id)
        .join(Enrolment, stands_for())
        .where(Enrolment.person_id == person.id, has_no_seat_row())
    )
    query = trainings_query(SessionFilter(after=since)).where(TrainingSession.id.in_(union(held, standing)))
    return query.with_only_columns(TrainingSession.id).order_by(None)


def _seats_of(person: Person, training_ids: Sequence[int]) -> dict[int, Seat]:
    query = select(Seat).where(
        Seat.person_id == person.id, Seat.training_id.in_(training_ids), Seat.status != SeatStatus.cancelled
    )
    return {seat.training_id: seat for seat in db.session.scalars(query)}


def list_attendance(person: Person) -> list[Presence]:
    """The person's own attendance, newest first, each with its session's step and series."""
    query = (
        select(Presence)
        .join(Presence.training)
        .where(Presence.person_id == person.id)
        .options(
            joinedload(Presence.training).options(
                joinedload(TrainingSession.step), joinedload(TrainingSession.series)
            )
        )
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
    )
    return list(db.session.scalars(query))

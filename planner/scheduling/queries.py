"""Reads for placing sessions: what is already booked, and what there is to choose from.

A room is taken whoever took it, so bookings are looked for in every series of the database, drafts too. What may be
told of them is another question: a draft of others is a time without a title.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, text
from sqlalchemy.orm import joinedload

from planner.accounts.models import User
from planner.accounts.queries import list_facilitators
from planner.base.db import db
from planner.base.interval import Interval
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Company
from planner.directory.models import Room as RoomRow
from planner.directory.queries import list_rooms
from planner.scheduling.rules import Booking, ClashKind, Party, Proposal, Room, Source
from planner.series.models import (
    Cohort,
    Series,
    Step,
    TrainingSession,
    cohort_company,
    session_facilitator,
)
from planner.series.queries import list_users, visible_to
from planner.series.rules import LONGEST_SESSION


def bookings_of(proposals: Sequence[Proposal]) -> list[Booking]:
    """What each proposed session would take up, in three statements."""
    rooms = _rooms({one.details.room_id for one in proposals if one.details.is_on_site})
    people = {
        user.id: user for user in list_users({i for one in proposals for i in one.details.facilitator_ids})
    }
    companies = _companies(
        {one.cohort_id for one in proposals if one.cohort_id is not None},
        {one.series_id for one in proposals if one.cohort_id is None},
    )
    return [
        Booking(
            one.key,
            one.interval,
            one.title,
            one.series_title,
            tuple(Party(i, people[i].name) for i in one.details.facilitator_ids if i in people),
            rooms.get(one.details.room_id or 0) if one.details.is_on_site else None,
            companies.taking_part(one.cohort_id, one.series_id),
            one.details.seats_on_site,
            open_to=companies.open_to(one.cohort_id, Party(one.series_id, one.series_title)),
        )
        for one in proposals
    ]


def bookings_in_the_way(viewer: Viewer, proposed: Sequence[Booking]) -> list[Booking]:
    """Sessions, not cancelled, that share a room, facilitator, company or series with a proposed one, around
    their time.

    In three statements, however many there are. They are read anew, never from what the session already holds.
    """
    if not proposed:
        return []
    rows = db.session.execute(_bookings_query(viewer, proposed)).all()
    facilitators = _facilitators({row.id for row in rows})
    companies = _companies(
        {row.cohort_id for row in rows if row.cohort_id is not None},
        {row.series_id for row in rows if row.cohort_id is None},
    )
    return [
        Booking(
            row.uid,
            Interval(row.starts_at, row.ends_at),
            row.step if row.is_public or row.opens else "",
            row.series if row.is_public or row.opens else "",
            facilitators.get(row.id, ()),
            Room(row.room_id, row.room, row.capacity) if row.room_id is not None else None,
            companies.taking_part(row.cohort_id, row.series_id),
            row.seats_on_site,
            Source(row.id if row.opens else None, row.key if row.is_public else None),
            companies.open_to(row.cohort_id, Party(row.series_id, row.series)),
        )
        for row in rows
    ]


def _bookings_query(viewer: Viewer, proposed: Sequence[Booking]) -> Any:
    first = min(booking.interval.starts_at for booking in proposed)
    last = max(booking.interval.ends_at for booking in proposed)
    t = TrainingSession
    return (
        select(
            t.id, t.uid, t.starts_at, t.ends_at, t.series_id, t.cohort_id, t.seats_on_site, t.room_id,
            RoomRow.name.label("room"), RoomRow.capacity, Step.title.label("step"),
            Series.title.label("series"), Series.key,
            Series.published_at.is_not(None).label("is_public"), visible_to(viewer).label("opens"),
        )
        .join(t.series).join(t.step).outerjoin(t.room)
        .where(
            t.cancelled_at.is_(None), t.ends_at > first, t.starts_at < last,
            t.starts_at > first - LONGEST_SESSION, _shares_with(proposed),
        )
        .order_by(t.starts_at, t.uid)
    )  # fmt: skip


def _shares_with(proposed: Sequence[Booking]) -> ColumnElement[bool]:
    rooms = {booking.room.id for booking in proposed if booking.room}
    people = {party.id for booking in proposed for party in booking.facilitators}
    companies = {party.id for booking in proposed for party in booking.companies}
    series = {booking.open_to.id for booking in proposed if booking.open_to}
    cohorts = select(cohort_company.c.cohort_id).where(cohort_company.c.company_id.in_(companies))
    series_of_cohorts = select(Cohort.series_id).where(Cohort.id.in_(cohorts))
    led = exists().where(
        session_facilitator.c.training_id == TrainingSession.id, session_facilitator.c.user_id.in_(people)
    )
    return or_(
        TrainingSession.room_id.in_(rooms),
        led,
        TrainingSession.cohort_id.in_(cohorts),
        and_(
            TrainingSession.cohort_id.is_(None),
            or_(TrainingSession.series_id.in_(series_of_cohorts), TrainingSession.series_id.in_(series)),
        ),
    )


def _rooms(ids: Iterable[int | None]) -> dict[int, Room]:
    query = select(RoomRow.id, RoomRow.name, RoomRow.capacity).where(
        RoomRow.id.in_([room_id for room_id in ids if room_id is not None])
    )
    return {row.id: Room(row.id, row.name, row.capacity) for row in db.session.execute(query)}


def _facilitators(training_ids: Iterable[int]) -> dict[int, tuple[Party, ...]]:
    query = (
        select(session_facilitator.c.training_id, User.id, User.name)
        .join(User, User.id == session_facilitator.c.user_id)
        .where(session_facilitator.c.training_id.in_(list(training_ids)))
        .order_by(User.sort_key)
    )
    found: dict[int, tuple[Party, ...]] = {}
    for row in db.session.execute(query):
        found[row.training_id] = (*found.get(row.training_id, ()), Party(row.id, row.name))
    return found


@dataclass(frozen=True, slots=True)
class _Companies:
    """Companies of cohorts: rows of cohort_id, series_id, id and name."""

    rows: Sequence[Any]

    def taking_part(self, cohort_id: int | None, series_id: int) -> tuple[Party, ...]:
        """Those of the cohort, or of the whole series when it is open to all."""
        wanted = (
            row
            for row in self.rows
            if (row.series_id == series_id if cohort_id is None else row.cohort_id == cohort_id)
        )
        return tuple(dict.fromkeys(Party(row.id, row.name) for row in wanted))

    def open_to(self, cohort_id: int | None, series: Party) -> Party | None:
        """The series, when the session is open to all and no company of it is known."""
        return series if cohort_id is None and not self.taking_part(None, series.id) else None


def _companies(cohort_ids: Iterable[int], series_ids: Iterable[int]) -> _Companies:
    query = (
        select(Cohort.id.label("cohort_id"), Cohort.series_id, Company.id, Company.name)
        .join(cohort_company, cohort_company.c.cohort_id == Cohort.id)
        .join(Company, Company.id == cohort_company.c.company_id)
        .where(or_(Cohort.id.in_(list(cohort_ids)), Cohort.series_id.in_(list(series_ids))))
        .order_by(Company.sort_key, Company.id)
    )
    return _Companies(db.session.execute(query).all())


_LANES = {ClashKind.ROOM: 7101, ClashKind.FACILITATOR: 7102, ClashKind.COMPANY: 7103, ClashKind.SERIES: 7104}


def take_turns(proposed: Sequence[Booking]) -> None:
    """Hold whoever else plans for the same rooms, facilitators, companies or series until this unit of work ends.

    On SQLite a unit of work is the only writer anyhow. On PostgreSQL each of them is an advisory lock of the
    transaction, taken in one order by everybody, so that two planners wait for each other and never in a circle.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    lanes = {(_LANES[ClashKind.ROOM], booking.room.id) for booking in proposed if booking.room}
    lanes |= {(_LANES[ClashKind.FACILITATOR], p.id) for booking in proposed for p in booking.facilitators}
    lanes |= {(_LANES[ClashKind.COMPANY], p.id) for booking in proposed for p in booking.companies}
    lanes |= {(_LANES[ClashKind.SERIES], booking.open_to.id) for booking in proposed if booking.open_to}
    ordered = sorted(lanes)
    if not ordered:
        return
    db.session.execute(
        text(
            "SELECT pg_advisory_xact_lock(lane.kind, lane.id) FROM"
            " unnest(CAST(:kinds AS int[]), CAST(:ids AS int[])) WITH ORDINALITY AS lane(kind, id, place)"
        ),
        {"kinds": [kind for kind, _ in ordered], "ids": [number for _, number in ordered]},
    )


def choosable_rooms(viewer: Viewer, series: Series, keep: int | None = None) -> list[RoomRow]:
    """Rooms (venue loaded) in the series' municipalities and the viewer's own; `keep` is offered wherever it is."""
    rooms = list_rooms(_codes(viewer, series))
    if keep is not None and all(room.id != keep for room in rooms):
        query = select(RoomRow).where(RoomRow.id == keep).options(joinedload(RoomRow.venue))
        rooms += list(db.session.scalars(query))
    return rooms


def choosable_facilitators(viewer: Viewer, series: Series, keep: Iterable[User] = ()) -> list[User]:
    """Who may lead sessions in the series' municipalities and the viewer's own, and those in `keep`, by name."""
    offered = {user.id: user for user in [*list_facilitators(_codes(viewer, series)), *keep]}
    return sorted(offered.values(), key=lambda user: (user.sort_key, user.id))


def _codes(viewer: Viewer, series: Series) -> frozenset[str]:
    return viewer.municipalities(EDITORS) | series.municipality_codes


@dataclass(frozen=True, slots=True)
class Placed:
    """A session that a step already has."""

    step_id: int
    cohort_id: int | None
    interval: Interval


def list_placed(series: Series) -> list[Placed]:
    """The sessions of the series that are not cancelled, in time order."""
    t = TrainingSession
    query = select(t.step_id, t.cohort_id, t.starts_at, t.ends_at).where(
        t.series_id == series.id, t.cancelled_at.is_(None)
    )
    return [
        Placed(row.step_id, row.cohort_id, Interval(row.starts_at, row.ends_at))
        for row in db.session.execute(query.order_by(t.starts_at, t.id))
    ]

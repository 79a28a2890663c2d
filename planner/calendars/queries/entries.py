"""Sessions as entries: what calendars tell of each, read in two statements however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from planner.accounts.models import User
from planner.base.db import db
from planner.calendars import rules
from planner.calendars.rules import Entry, Position
from planner.directory.models import Municipality, Room, Venue
from planner.series.models import Series, Step, TrainingSession, session_facilitator
from planner.series_templates.rules import Mode
from planner.web.links import site_link

_SHOWN = (
    select(
        TrainingSession.id, TrainingSession.uid, TrainingSession.sequence, TrainingSession.revised_at,
        TrainingSession.starts_at, TrainingSession.ends_at, TrainingSession.zone, TrainingSession.mode,
        TrainingSession.note, TrainingSession.join_url, TrainingSession.cancelled_at, TrainingSession.cancel_reason,
        Step.title.label("step"), Step.position, Step.goals, Step.preparation,
        Series.title.label("series"), Series.key.label("series_key"), Municipality.name.label("municipality"),
        Room.name.label("room"), Venue.name.label("venue"), Venue.address, Venue.latitude, Venue.longitude,
    )
    .join(Step, Step.id == TrainingSession.step_id)
    .join(Series, Series.id == TrainingSession.series_id)
    .join(Municipality, Municipality.code == Series.municipality_code)
    .outerjoin(Room, Room.id == TrainingSession.room_id)
    .outerjoin(Venue, Venue.id == Room.venue_id)
)  # fmt: skip


def entries_of(training_ids: Collection[int]) -> dict[int, Entry]:
    """The sessions with these ids as calendars tell them, drafts too: who may read them is asked elsewhere."""
    leaders = _leaders(training_ids)
    shown = db.session.execute(_SHOWN.where(TrainingSession.id.in_(training_ids)))
    return {row.id: _entry(row, leaders[row.id]) for row in shown}


def entry_of(training: TrainingSession) -> Entry:
    """One session as calendars tell it, as the database has it now."""
    return entries_of([training.id])[training.id]


def _leaders(training_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    query = (
        select(session_facilitator.c.training_id, User.name)
        .join(User, User.id == session_facilitator.c.user_id)
        .where(session_facilitator.c.training_id.in_(training_ids))
        .order_by(User.sort_key, User.id)
    )
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    rows: Any = db.session.execute(query)
    for training_id, name in rows:
        names[training_id] += (name,)
    return names


def _entry(row: Row[*tuple[Any, ...]], leaders: tuple[str, ...]) -> Entry:
    position = None
    if row.latitude is not None and row.longitude is not None:
        position = Position(row.latitude, row.longitude)
    return Entry(
        uid=rules.uid_for(row.uid),
        sequence=row.sequence,
        revised_at=row.revised_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        # In a calendar of many things the step's title alone would not say whose session it is.
        summary=f"{row.step} · {row.series}",
        mode=Mode(row.mode),
        series_title=row.series,
        step=f"{row.position}. {row.step}",
        goals=row.goals,
        preparation=row.preparation,
        note=row.note,
        facilitators=leaders,
        place=rules.place_words(row.room, row.venue, row.address) if row.venue else "",
        position=position,
        join_url=row.join_url or None,
        page_url=site_link("home.session_page", key=row.series_key, uid=row.uid),
        cancelled=row.cancelled_at is not None,
        cancel_reason=row.cancel_reason,
        categories=(row.municipality,),
    )

"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select

from planner.attendance.models import Presence, PresenceEntry
from planner.base.db import db
from planner.directory.models import Person
from planner.series.models import TrainingSession


def standing_of(training_id: int, person_id: ColumnElement[int] | Any) -> ScalarSelect[str]:
    """The id of the entry that stands for a person at a session, as SQL."""
    query = select(Presence.entry_id).where(
        Presence.training_id == training_id, Presence.person_id == person_id
    )
    return query.correlate(Person).scalar_subquery()


def standing_entry(training: TrainingSession, person: Person) -> PresenceEntry | None:
    """The entry that stands; None when the person has not been marked."""
    query = select(PresenceEntry).join(Presence, Presence.entry_id == PresenceEntry.id)
    return db.session.scalar(
        query.where(Presence.training_id == training.id, Presence.person_id == person.id)
    )


def list_entries_of(training: TrainingSession, person: Person) -> Sequence[PresenceEntry]:
    """Every line of one person at the session, newest first."""
    query = select(PresenceEntry).where(
        PresenceEntry.training_id == training.id, PresenceEntry.person_id == person.id
    )
    order = PresenceEntry.noted_at.desc(), PresenceEntry.received_at.desc(), PresenceEntry.id.desc()
    return db.session.scalars(query.order_by(*order)).all()

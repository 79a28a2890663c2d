"""Reads of sign-offs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from planner.attendance.models import PresenceEntry, SessionSignOff
from planner.attendance.queries.access import PeopleScope
from planner.base.db import db
from planner.series.models import TrainingSession


def find_sign_off(training: TrainingSession) -> SessionSignOff | None:
    """The sign-off of the session's attendance; None when there is none yet."""
    query = select(SessionSignOff).where(SessionSignOff.training_id == training.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def last_received(training: TrainingSession) -> datetime | None:
    """When the newest line of the session's ledger came in; None when nobody has been marked."""
    query = select(func.max(PresenceEntry.received_at)).where(PresenceEntry.training_id == training.id)
    return db.session.scalar(query)


def may_sign_off(training: TrainingSession, scope: PeopleScope) -> bool:
    """Whether whoever sees these people answers for the whole list: not a neighbour, who sees its own only."""
    return scope.codes is None and training.cancelled_at is None

"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from planner.base.db import db
from planner.outbox.models import Message


def list_newest(limit: int = 100) -> Sequence[Message]:
    """The newest messages, newest first; for the demo's mailbox only, since texts carry personal links."""
    query = select(Message).order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def count_by_status() -> dict[str, int]:
    """How many messages there are of each status."""
    query = select(Message.status, func.count()).group_by(Message.status)
    return dict(db.session.execute(query).tuples().all())

"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.outbox.models import Message
from planner.outbox.rules import Status


def list_newest(limit: int = 100) -> Sequence[Message]:
    """The newest messages, newest first; for the demo's mailbox only, since texts carry personal links."""
    query = select(Message).order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def get_html(message_id: int) -> str:
    """A message's HTML; raises NotFoundError when there is none, or it has been erased."""
    html = db.session.scalar(select(Message.html).where(Message.id == message_id))
    if html is None:
        raise NotFoundError
    return html


def count_by_status() -> dict[str, int]:
    """How many messages there are of each status."""
    query = select(Message.status, func.count()).group_by(Message.status)
    return {status: count for status, count in db.session.execute(query)}  # noqa: C416 - rows are no pairs to dict()


def count_late(after: timedelta = timedelta(minutes=10)) -> int:
    """How many messages nobody has tried to deliver though they have been due for `after`."""
    query = (
        select(func.count()).select_from(Message)
        .where(Message.status == Status.queued, Message.due_at < now() - after)
    )  # fmt: skip
    return db.session.scalar(query) or 0

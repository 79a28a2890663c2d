"""Reads of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.outbox.models import Message
from planner.outbox.rules import Status
from planner.web.paging import Page, page_of


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


def list_mail(viewer: Viewer, status: Status, page: int = 1) -> Page:
    """One page of the mail of the viewer's organisations that stands so, the newest first. Not for showing texts."""
    query = _own(viewer).where(Message.status == status)
    return page_of(query.order_by(Message.created_at.desc(), Message.id.desc()), page)


def count_mail(viewer: Viewer) -> dict[str, int]:
    """How much mail of the viewer's organisations there is of each status."""
    own = _own(viewer).subquery()
    query = select(own.c.status, func.count()).group_by(own.c.status)
    rows: Any = db.session.execute(query)
    found = {Status(status): int(count) for status, count in rows}
    return {status.value: found.get(status, 0) for status in Status}


def get_mail(viewer: Viewer, message_id: int) -> Message:
    """A message of the viewer's organisations, locked to be changed. Raises NotFoundError."""
    message = db.session.scalar(_own(viewer).where(Message.id == message_id).with_for_update())
    if message is None:
        raise NotFoundError
    return message


def _own(viewer: Viewer) -> Select[Message]:
    return select(Message).where(Message.organisation_id.in_(viewer.organisations(EDITORS)))


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

"""Carries queued messages out: claim in one short transaction, send outside any, note the outcome in another.

A claim moves `due_at` a lease ahead and counts the attempt, so that no other worker takes the same message
meanwhile; if this one dies, the message falls due again by itself. That gives "at least once", and the
Message-ID made from the key lets mail programmes drop a second copy.
"""

from __future__ import annotations

import logging
from typing import Final

from sqlalchemy import CursorResult, select, update

from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.outbox.models import Message
from planner.outbox.rules import (
    KEPT_AFTER_FAILURE,
    LEASE,
    CalendarPart,
    DeliveryError,
    Letter,
    Status,
    next_wait,
)
from planner.outbox.sender import Sender

# What is left of a mail that has gone: that there was one.
ERASED: Final[dict[str, None]] = {"body": None, "html": None, "calendar": None, "unsubscribe": None}

log = logging.getLogger("planner.outbox")


def deliver_due(sender: Sender, limit: int = 20, *, keep_body: bool = False) -> int:
    """Carry out at most `limit` messages that are due; how many were claimed.

    Commits by itself; call it outside any unit of work. `keep_body` leaves the text of sent messages (demo).
    """
    letters = claim_due(limit)
    try:
        for letter in letters:
            _deliver(sender, letter, keep_body=keep_body)
    finally:
        sender.close()
    return len(letters)


def claim_due(limit: int) -> list[Letter]:
    """Claim at most `limit` due messages for one lease. Two workers never get the same one."""
    query = (
        select(Message)
        .where(Message.status == Status.queued, Message.due_at <= now())
        .order_by(Message.due_at, Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite's unit of work is the only writer anyway
        .execution_options(populate_existing=True)
    )
    with unit_of_work():
        claimed = db.session.scalars(query).all()
        for message in claimed:
            message.attempts += 1
            message.due_at = now() + LEASE
        return [_letter(message) for message in claimed]


def _letter(message: Message) -> Letter:
    return Letter(
        id=message.id,
        key=message.key,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body or "",
        written_at=message.created_at,
        attempt=message.attempts,
        calendar=_calendar(message),
        html=message.html or "",
        unsubscribe=message.unsubscribe or "",
    )


def _calendar(message: Message) -> CalendarPart | None:
    if message.calendar is None or message.calendar_method is None:
        return None
    return CalendarPart(message.calendar_method, message.calendar)


def _deliver(sender: Sender, letter: Letter, *, keep_body: bool) -> None:
    try:
        sender.send(letter)
    except DeliveryError as error:
        _note_failure(letter, error)
    else:
        gone = {} if keep_body else ERASED
        _note(letter, status=Status.sent, sent_at=now(), error="", **gone)


def _note_failure(letter: Letter, error: DeliveryError) -> None:
    wait = next_wait(letter.attempt, permanent=error.permanent)
    # Neither address nor text in the log: only what finds the row.
    data = {"message": letter.id, "attempt": letter.attempt, "gave_up": wait is None}
    log.warning("mail not delivered", extra={"data": {"outbox": data}})
    words = str(error)[:500]
    if wait is None:
        _note(letter, status=Status.failed, error=words)  # its text is kept a while: somebody may try again
    else:
        _note(letter, due_at=now() + wait, error=words)


def _note(letter: Letter, **values: object) -> None:
    """Write the outcome, unless the lease ran out and somebody else has the message now."""
    with unit_of_work():
        db.session.execute(
            update(Message)
            .where(
                Message.id == letter.id,
                Message.attempts == letter.attempt,
                Message.status == Status.queued,
            )
            .values(**values)
        )


def erase_given_up() -> int:
    """Erase the text of what was given up long ago; how many. In the caller's transaction."""
    old = (
        update(Message)
        .where(
            Message.status == Status.failed,
            Message.body.is_not(None),
            Message.due_at < now() - KEPT_AFTER_FAILURE,
        )
        .values(**ERASED)
        .execution_options(synchronize_session=False)
    )
    removed = db.session.execute(old)
    return removed.rowcount if isinstance(removed, CursorResult) else 0

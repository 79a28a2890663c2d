"""A feed as bytes: the finished events of its subject, joined. Nothing is made here but the head."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Row, and_, bindparam, exists, or_, select

from planner.base.clock import today
from planner.base.db import AnySelect, reading
from planner.base.errors import NotFoundError
from planner.calendars import rules
from planner.calendars.ical import calendar_bytes, head_bytes, with_alarm
from planner.calendars.models import CalendarMember, CalendarStamp, DepartedEvent, Departure, StoredEvent
from planner.calendars.queries.subjects import find_subject
from planner.calendars.rules import CalendarHead, EventBytes, Narrowing, ScopeKind, SubjectKey, Variant

log = logging.getLogger("planner.calendars")

EVERYTHING: Final = Narrowing()


@dataclass(frozen=True, slots=True)
class FeedBody:
    """A whole feed and its validator."""

    body: bytes
    tag: str


def stamp_of(subject: SubjectKey) -> int:
    """The version of what the subject's feeds can show; 0 when it has never had any."""
    with reading() as connection:
        return connection.execute(_STAMP, subject._asdict()).scalar() or 0


def feed_bytes(
    scope: ScopeKind, key: str, variant: Variant, narrowing: Narrowing = EVERYTHING, *, on: date | None = None
) -> bytes:
    """The bytes of `read_feed`."""
    return read_feed(SubjectKey(scope, key), variant, narrowing, on or today()).body


def read_feed(subject: SubjectKey, variant: Variant, narrowing: Narrowing, on: date) -> FeedBody:
    """The whole feed of a subject on this Stockholm day; equal data gives equal bytes all day.

    Raises NotFoundError when there is no such subject. Who may have it is asked before.
    """
    found = find_subject(ScopeKind(subject.scope), subject.key)
    if found is None:
        raise NotFoundError
    head = CalendarHead(name=found.title(variant.language), language=variant.language)
    with reading() as connection:
        rows = list(chain(_standing(connection, subject, variant, narrowing, on),
                          _departed(connection, subject, variant, narrowing, on)))  # fmt: skip
    rows.sort(key=lambda row: row[0])  # stable: positions differ by UID
    minutes = variant.reminder_minutes
    if minutes is None:
        body = calendar_bytes(head, (row[2] for row in rows))
    else:
        body = calendar_bytes(head, (with_alarm(EventBytes(row[2], row[3]), minutes) for row in rows))
    _warn_of_size(subject, len(body))
    about = b"%d %s" % (-1 if minutes is None else minutes, head_bytes(head))
    return FeedBody(body, rules.validator(about, (row[1] for row in rows)))


def _warn_of_size(subject: SubjectKey, size: int) -> None:
    if size > rules.SIZE_WARNING_BYTES:
        data = {"scope": subject.scope, "bytes": size}
        log.warning("a feed nears the size at which Google stops reading", extra={"data": data})


# --- the statements: (position, digest, body[, alarm]) ---

_STAMP = select(CalendarStamp.version).where(
    CalendarStamp.scope == bindparam("scope"), CalendarStamp.key == bindparam("key")
)


def _standing_query(*, with_alarm: bool) -> AnySelect:
    columns = [StoredEvent.position, StoredEvent.digest, StoredEvent.body]
    kept = StoredEvent.position >= bindparam("kept")
    kept_cancelled = or_(
        StoredEvent.cancelled.is_(False), StoredEvent.position >= bindparam("kept_cancelled")
    )
    return (
        select(*columns, *([StoredEvent.alarm] if with_alarm else []))
        .select_from(CalendarMember)
        .join(
            StoredEvent,
            StoredEvent.id == CalendarMember.training_id + bindparam("first_id", type_=BigInteger),
        )
        .where(CalendarMember.scope == bindparam("scope"), CalendarMember.key == bindparam("key"))
        .where(kept, kept_cancelled)
    )


_STANDING = {wanted: _standing_query(with_alarm=wanted) for wanted in (False, True)}


def _standing(
    connection: Connection, subject: SubjectKey, variant: Variant, narrowing: Narrowing, on: date
) -> Iterable[Row[Any]]:
    """What stands in the subject's calendar, and in each that narrows it."""
    kept, kept_cancelled = rules.window_keys(on)
    values = {
        **subject._asdict(), "first_id": rules.event_id(variant.number, 0), "kept": kept,
        "kept_cancelled": kept_cancelled,
    }  # fmt: skip
    query = _STANDING[variant.reminder_minutes is not None]
    for other in narrowing.subjects:
        query = query.where(_stands(other, CalendarMember.training_id))
    return connection.execute(query, values).all()


def _departed(
    connection: Connection, subject: SubjectKey, variant: Variant, narrowing: Narrowing, on: date
) -> Iterable[tuple[Any, ...]]:
    """What left the subject's calendar lately, or one that narrows it, as it was told last; never with an alarm."""
    since, (_, kept) = rules.first_left_on(on), rules.window_keys(on)
    latest: dict[int, Row[Any]] = {}
    for place in (subject, *narrowing.subjects):
        query = _departed_query(subject, place, [*narrowing.subjects], since)
        values = {"variant": variant.number, "kept": kept, "since": since}
        for row in connection.execute(query, values):
            known = latest.get(row.training_id)
            if known is None or known.sequence < row.sequence:
                latest[row.training_id] = row
    return [(row.position, row.digest, row.body, b"") for row in latest.values()]


def _departed_query(
    subject: SubjectKey, place: SubjectKey, narrowing: list[SubjectKey], since: date
) -> AnySelect:
    """Departures from `place` of what the subject's calendar and all that narrow it tell or told."""
    query = (
        select(
            Departure.training_id, Departure.sequence, DepartedEvent.position, DepartedEvent.digest,
            DepartedEvent.body,
        )
        .join(
            DepartedEvent,
            and_(DepartedEvent.training_id == Departure.training_id, DepartedEvent.sequence == Departure.sequence),
        )
        .where(Departure.scope == place.scope, Departure.key == place.key, Departure.left_on >= bindparam("since"))
        .where(DepartedEvent.variant == bindparam("variant"), DepartedEvent.position >= bindparam("kept"))
    )  # fmt: skip
    for other in (subject, *narrowing):
        if other != place:
            query = query.where(
                or_(_stands(other, Departure.training_id), _has_left(other, Departure.training_id, since))
            )
    return query


def _stands(subject: SubjectKey, training_id: Any) -> Any:
    other = CalendarMember.__table__.alias()
    return exists().where(
        other.c.scope == subject.scope, other.c.key == subject.key, other.c.training_id == training_id
    )  # fmt: skip


def _has_left(subject: SubjectKey, training_id: Any, since: date) -> Any:
    other = Departure.__table__.alias()
    return exists().where(
        other.c.scope == subject.scope, other.c.key == subject.key, other.c.training_id == training_id,
        other.c.left_on >= since,
    )  # fmt: skip

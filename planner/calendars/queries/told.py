"""A feed as bytes: the finished events of its subject, joined. Nothing is made here but the head."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Connection,
    Row,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from planner.base.db import AnySelect, reading
from planner.base.errors import NotFoundError
from planner.calendars import rules
from planner.calendars.ical import calendar_bytes, head_bytes, with_alarm
from planner.calendars.models import CalendarMember, CalendarStamp, DepartedEvent, Departure, StoredEvent
from planner.calendars.queries.subjects import find_subject
from planner.calendars.rules import (
    CalendarHead,
    EventBytes,
    Language,
    Narrowing,
    ScopeKind,
    SubjectKey,
    Variant,
)

log = logging.getLogger("planner.calendars")

EVERYTHING: Final = Narrowing()


@dataclass(frozen=True, slots=True)
class FeedBody:
    """A whole feed and its validator."""

    body: bytes
    tag: str


class Stamp(NamedTuple):
    """The version of what a subject's feeds can show, 0 when there was never any; and its names, if they are kept."""

    version: int = 0
    name: str | None = None
    english_name: str | None = None

    def title(self, scope: ScopeKind, language: Language) -> str | None:
        """What the subject's feed is called; None when that has to be looked up."""
        if self.name is None:
            return None
        name = self.english_name if language == "en" and self.english_name else self.name
        return rules.feed_title(scope, name, language)


def stamp_of(subject: SubjectKey) -> Stamp:
    """The subject's stamp."""
    with reading() as connection:
        row = connection.execute(_STAMP, subject._asdict()).first()
    return Stamp(*row) if row else Stamp()


def read_feed(
    subject: SubjectKey, variant: Variant, narrowing: Narrowing, on: date, stamp: Stamp
) -> FeedBody:
    """The whole feed of a subject on this Stockholm day; equal data gives equal bytes all day.

    Raises NotFoundError when there is no such subject. Who may have it is asked before.
    """
    title = stamp.title(ScopeKind(subject.scope), variant.language)
    if title is None:
        found = find_subject(ScopeKind(subject.scope), subject.key)
        if found is None:
            raise NotFoundError
        title = found.title(variant.language)
    head = CalendarHead(name=title, language=variant.language)
    rows = _told(subject, variant, narrowing, on)
    rows.sort(key=_MARK)
    minutes = variant.reminder_minutes
    if minutes is None:
        body = calendar_bytes(head, map(_BODY, rows))
    else:
        body = calendar_bytes(head, (with_alarm(EventBytes(row[1], row[2]), minutes) for row in rows))
    _warn_of_size(subject, len(body))
    about = b"%d %s" % (-1 if minutes is None else minutes, head_bytes(head))
    return FeedBody(body, rules.validator(about, map(_MARK, rows)))


def _warn_of_size(subject: SubjectKey, size: int) -> None:
    if size > rules.SIZE_WARNING_BYTES:
        data = {"scope": subject.scope, "bytes": size}
        log.warning("a feed nears the size at which Google stops reading", extra={"data": data})


# --- the statements: (mark, body[, alarm]) ---

_MARK, _BODY = itemgetter(0), itemgetter(1)

Place = tuple[Any, Any]  # scope and key of a calendar, as values or to be given

_ASKED: Final[Place] = (bindparam("scope"), bindparam("key"))

_STAMP = select(CalendarStamp.version, CalendarStamp.name, CalendarStamp.english_name).where(
    CalendarStamp.scope == bindparam("scope"), CalendarStamp.key == bindparam("key")
)


def _told(subject: SubjectKey, variant: Variant, narrowing: Narrowing, on: date) -> list[Any]:
    """What stands in the subject's calendar and in each that narrows it, and what left one of them lately."""
    kept, kept_cancelled = rules.window_keys(on)
    values = {
        **subject._asdict(), "first_id": rules.event_id(variant.number, 0), "variant": variant.number,
        "kept": kept, "kept_cancelled": kept_cancelled, "since": rules.first_left_on(on),
    }  # fmt: skip
    with_alarm = variant.reminder_minutes is not None
    with reading() as connection:
        if not narrowing.subjects:
            return list(connection.execute(_whole_query(with_alarm=with_alarm), values))
        standing = connection.execute(_standing_query(narrowing, with_alarm=with_alarm), values)
        return [*standing, *_departed(connection, narrowing, values)]


# Each statement is made once: making it costs more than running it.


@cache
def _whole_query(*, with_alarm: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Where nothing is narrowed, what stands and what left, at once: no session is both."""
    left = _departed_query(_ASKED, []).subquery()
    alarm = [literal(b"")] if with_alarm else []
    return union_all(
        _standing_query(EVERYTHING, with_alarm=with_alarm),
        select(left.c.mark, left.c.body, *alarm),
    )


@cache
def _standing_query(narrowing: Narrowing, *, with_alarm: bool) -> AnySelect:
    columns = [StoredEvent.mark, StoredEvent.body]
    kept = StoredEvent.mark >= bindparam("kept")
    kept_cancelled = or_(StoredEvent.cancelled.is_(False), StoredEvent.mark >= bindparam("kept_cancelled"))
    query = (
        select(*columns, *([StoredEvent.alarm] if with_alarm else []))
        .select_from(CalendarMember)
        .join(
            StoredEvent,
            StoredEvent.id == CalendarMember.training_id + bindparam("first_id", type_=BigInteger),
        )
        .where(CalendarMember.scope == bindparam("scope"), CalendarMember.key == bindparam("key"))
        .where(kept, kept_cancelled)
    )
    for other in narrowing.subjects:
        query = query.where(_stands(other, CalendarMember.training_id))
    return query


def _departed(
    connection: Connection, narrowing: Narrowing, values: dict[str, Any]
) -> Iterable[tuple[Any, ...]]:
    """What left the subject's calendar, or one that narrows it, as it was told last; never with an alarm."""
    latest: dict[int, Row[Any]] = {}
    for query in _departed_queries(narrowing):
        for row in connection.execute(query, values):
            known = latest.get(row.training_id)
            if known is None or known.sequence < row.sequence:
                latest[row.training_id] = row
    return [(row.mark, row.body, b"") for row in latest.values()]


@cache
def _departed_queries(narrowing: Narrowing) -> tuple[AnySelect, ...]:
    places = (_ASKED, *narrowing.subjects)
    return tuple(_departed_query(place, [other for other in places if other != place]) for place in places)


def _departed_query(place: Place, others: list[Place]) -> AnySelect:
    """Departures from `place` of what the other calendars tell or told."""
    query = (
        select(
            Departure.training_id, Departure.sequence, DepartedEvent.mark, DepartedEvent.body,
        )
        .join(
            DepartedEvent,
            and_(DepartedEvent.training_id == Departure.training_id, DepartedEvent.sequence == Departure.sequence),
        )
        .where(Departure.scope == place[0], Departure.key == place[1], Departure.left_on >= bindparam("since"))
        .where(DepartedEvent.variant == bindparam("variant"), DepartedEvent.mark >= bindparam("kept"))
    )  # fmt: skip
    for other in others:
        query = query.where(
            or_(_stands(other, Departure.training_id), _has_left(other, Departure.training_id))
        )
    return query


def _stands(place: Place, training_id: Any) -> Any:
    other = CalendarMember.__table__.alias()
    return exists().where(
        other.c.scope == place[0], other.c.key == place[1], other.c.training_id == training_id
    )  # fmt: skip


def _has_left(place: Place, training_id: Any) -> Any:
    other = Departure.__table__.alias()
    return exists().where(
        other.c.scope == place[0], other.c.key == place[1], other.c.training_id == training_id,
        other.c.left_on >= bindparam("since"),
    )  # fmt: skip

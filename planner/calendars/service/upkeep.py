"""Keeping what feeds read true: who has which session, its finished bytes, what left, and the version of it all.

Everything is compared with what is stored, so doing it twice, or for too many sessions, changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute

from planner.base.clock import now, today
from planner.base.db import db, unit_of_work, upsert
from planner.calendars import rules
from planner.calendars.ical import LIBRARY, finished_event
from planner.calendars.models import (
    CalendarBuild,
    CalendarMember,
    CalendarStamp,
    DepartedEvent,
    Departure,
    StoredEvent,
)
from planner.calendars.queries import (
    Touched,
    entries_of,
    find_members,
    find_subjects,
    list_named_subjects,
    list_touched,
)
from planner.calendars.rules import NARROWING_SCOPES, STORED_VARIANTS, Entry, ScopeKind, SubjectKey
from planner.series.models import TrainingSession
from planner.series.service import raise_above

Member = tuple[SubjectKey, int]
T = TypeVar("T")

AT_ONCE: Final = 200  # sessions; also keeps statements short of any limit on their values
_LOCK: Final = 0x63616C  # the calendars' own space of PostgreSQL's advisory locks


# A session's own feed is too seldom read for its name to be kept; narrowing ones have no address.
NAMED_SCOPES: Final = frozenset(scope.value for scope in ScopeKind if scope is not ScopeKind.SESSION)

_STAMPED: Final = select(CalendarStamp.scope, CalendarStamp.key)
_NAME: Final = (
    update(CalendarStamp.__table__)  # type: ignore[arg-type]  # a Table, typed as any FromClause
    .where(CalendarStamp.scope == bindparam("scope_"), CalendarStamp.key == bindparam("key_"))
    .values(name=bindparam("name_"), english_name=bindparam("english_"))
)


_LEAVE_AGAIN: Final = (
    update(Departure.__table__)  # type: ignore[arg-type]  # as above
    .where(Departure.training_id == bindparam("training_"), Departure.sequence < bindparam("sequence_"))
    .values(sequence=bindparam("sequence_"))
)


def follow(touched: Touched) -> None:
    """Bring calendars up to date with what a unit of work wrote. Flushed before; nothing may be written after."""
    named = list_named_subjects(touched)
    news = [_bring_up(ids) for ids in _parts(list_touched(touched), AT_ONCE)]
    _raise_stamps(named.union(*(part.seen for part in news)))
    _store_names(named.union(*(part.moved for part in news)))


def rebuild(training_ids: Sequence[int]) -> Iterator[int]:
    """Bring the calendars of these sessions up to date; gives the number done after each part.

    A unit of work for each part: a site that is in use meanwhile stays so. Also throws away what no feed tells.
    """
    for part in _parts(training_ids, AT_ONCE):
        with unit_of_work():
            _raise_stamps(_bring_up(part).seen)
        yield len(part)
    with unit_of_work():
        _store_names({SubjectKey(scope, key) for scope, key in db.session.execute(_STAMPED)})
        _forget_old_departures()


class News(NamedTuple):
    """In which subjects there is something new, and which of them sessions have entered or left."""

    seen: set[SubjectKey]
    moved: set[SubjectKey]


def _bring_up(ids: Sequence[int]) -> News:
    """Store what calendars tell of these sessions now."""
    _wait_for_others(ids)
    before, after = _stored_members(ids), find_members(ids)
    left, entered = before - after, after - before
    returned = _return(entered)
    entries = entries_of(ids)
    _depart(left, entries)
    _write_members(left, entered)
    told = {training_id for _, training_id in after}
    revised = _store_events({id_: entry for id_, entry in entries.items() if id_ in told})
    narrowed = {training_id for subject, training_id in left | entered if subject.scope in NARROWING_SCOPES}
    seen = {subject for subject, training_id in before | after if training_id in revised | narrowed}
    seen |= _left_by(narrowed | returned)
    moved = {subject for subject, _ in left | entered}
    return News(seen | moved, moved)


def _wait_for_others(ids: Sequence[int]) -> None:
    """On PostgreSQL, let one transaction at a time say who has the sessions of a series.

    Two that know nothing of each other, a new session and a company in its cohort, would each miss the other's.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    series = select(TrainingSession.series_id).where(TrainingSession.id.in_(ids)).distinct()
    for series_id in sorted(db.session.scalars(series)):
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK, series_id)))


def _stored_members(ids: Sequence[int]) -> set[Member]:
    query = select(CalendarMember.scope, CalendarMember.key, CalendarMember.training_id)
    rows = db.session.execute(query.where(CalendarMember.training_id.in_(ids)))
    return {(SubjectKey(scope, key), training_id) for scope, key, training_id in rows}


def _write_members(left: set[Member], entered: set[Member]) -> None:
    _delete(CalendarMember, left)
    if entered:
        db.session.execute(insert(CalendarMember), [_columns(member) for member in sorted(entered)])


def _delete(table: type[CalendarMember | Departure], members: set[Member]) -> None:
    key = tuple_(table.scope, table.key, table.training_id)
    for part in _parts(sorted(members), AT_ONCE):
        rows = [(*subject, training_id) for subject, training_id in part]
        db.session.execute(
            delete(table).where(key.in_(rows)), execution_options={"synchronize_session": False}
        )


def is_rebuild_due(site_url: str) -> bool:
    """Whether the stored events were made otherwise than they would be now: after an upgrade, at another address."""
    if db.session.get(CalendarBuild, rules.build_key(LIBRARY, site_url)) is not None:
        return False
    return db.session.scalar(select(TrainingSession.id).limit(1)) is not None


def note_rebuilt(site_url: str) -> None:
    """Remember that all stored events are made as they would be now. Flushes."""
    db.session.execute(delete(CalendarBuild))
    db.session.add(CalendarBuild(key=rules.build_key(LIBRARY, site_url)))
    db.session.flush()


# --- what leaves and comes back ---


def _return(entered: set[Member]) -> set[int]:
    """End the departures of what has come back, and give it a higher SEQUENCE than it left with; its ids.

    What else such a session has left is told from now on as it left last: where a calendar narrows another, both
    have told of it, and with the later one gone the earlier would come back with its lower SEQUENCE.
    """
    ids = sorted({training_id for _, training_id in entered})
    known = db.session.execute(
        select(Departure.scope, Departure.key, Departure.training_id, Departure.sequence).where(
            Departure.training_id.in_(ids)
        )
    )
    back = {
        (SubjectKey(scope, key), training_id): sequence
        for scope, key, training_id, sequence in known
        if (SubjectKey(scope, key), training_id) in entered
    }
    if back:
        left_with: dict[int, int] = {}
        for (_, training_id), sequence in back.items():
            left_with[training_id] = max(sequence, left_with.get(training_id, 0))
        raise_above(left_with)
        _delete(Departure, set(back))
        rows = [{"training_": id_, "sequence_": sequence} for id_, sequence in sorted(left_with.items())]
        db.session.connection().execute(_LEAVE_AGAIN, rows)
    return {training_id for _, training_id in back}


def _depart(left: set[Member], entries: dict[int, Entry]) -> None:
    """Remember what left, and the bytes it is told with from now on; not of what no feed told any more."""
    told = {id_: entry for id_, entry in entries.items() if rules.in_window(entry, today())}
    gone = sorted(member for member in left if member[1] in told)
    if not gone:
        return
    last = {id_: rules.left_scope(told[id_]) for id_ in {id_ for _, id_ in gone}}
    rows = [{**_columns(member), "left_on": today(), "sequence": last[member[1]].sequence} for member in gone]
    db.session.execute(insert(Departure), rows)
    events = [row for id_, entry in last.items() for row in _departed_rows(id_, entry)]
    db.session.execute(upsert(DepartedEvent).on_conflict_do_nothing(), events)


def _left_by(training_ids: set[int]) -> set[SubjectKey]:
    """The subjects that these sessions left: their narrowed feeds tell of it where the session fits, or did."""
    if not training_ids:
        return set()
    query = select(Departure.scope, Departure.key).where(Departure.training_id.in_(training_ids))
    return {SubjectKey(scope, key) for scope, key in db.session.execute(query)}


def _departed_rows(training_id: int, entry: Entry) -> Iterator[dict[str, Any]]:
    for number, variant in enumerate(STORED_VARIANTS):
        made = finished_event(entry, variant)
        yield {
            "training_id": training_id, "sequence": entry.sequence, "variant": number,
            "mark": rules.mark(entry, made), "body": made.body,
        }  # fmt: skip


def _forget_old_departures() -> None:
    db.session.execute(delete(Departure).where(Departure.left_on < rules.first_left_on(today())))
    still = select(Departure.training_id).where(
        Departure.training_id == DepartedEvent.training_id, Departure.sequence == DepartedEvent.sequence
    )
    db.session.execute(
        delete(DepartedEvent).where(~still.exists()), execution_options={"synchronize_session": False}
    )


# --- finished events ---


def _store_events(entries: dict[int, Entry]) -> set[int]:
    """Make the events of those entries that are not what the stored ones were made from; their sessions' ids."""
    sources = {id_: rules.source(entry, LIBRARY) for id_, entry in entries.items()}
    stored = dict(
        db.session.execute(
            select(StoredEvent.id, StoredEvent.source).where(StoredEvent.id.in_(sources))
        ).all()
    )  # the first variant's number is the session's own id
    stale = {id_ for id_, source in sources.items() if stored.get(id_) != source}
    rows = [row for id_ in sorted(stale) for row in _event_rows(id_, entries[id_], sources[id_])]
    for part in _parts(rows, AT_ONCE):
        statement = upsert(StoredEvent)
        columns: list[InstrumentedAttribute[Any]] = [
            StoredEvent.mark, StoredEvent.cancelled, StoredEvent.source, StoredEvent.alarm,
            StoredEvent.body,
        ]  # fmt: skip
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["id"], set_={column.key: statement.excluded[column.key] for column in columns}
            ),
            part,
        )
    return stale


def _event_rows(training_id: int, entry: Entry, source: bytes) -> Iterator[dict[str, Any]]:
    for number, variant in enumerate(STORED_VARIANTS):
        made = finished_event(entry, variant)
        yield {
            "id": rules.event_id(number, training_id), "mark": rules.mark(entry, made),
            "cancelled": entry.cancelled, "source": source, "alarm": made.alarm,
            "body": made.body,
        }  # fmt: skip


# --- versions ---


def _raise_stamps(subjects: Iterable[SubjectKey]) -> None:
    """Raise the version of each subject, always in the same order, so that no two wait for each other."""
    wanted = sorted(subject for subject in subjects if subject.scope not in NARROWING_SCOPES)
    for part in _parts(wanted, AT_ONCE):
        rows = [{**subject._asdict(), "version": 1, "changed_at": now()} for subject in part]
        statement = upsert(CalendarStamp).values(rows)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["scope", "key"],
                set_={"version": CalendarStamp.version + 1, "changed_at": statement.excluded.changed_at},
            )
        )


def _store_names(subjects: Iterable[SubjectKey]) -> None:
    """Keep what the subjects' feeds are called now; nothing for those that are gone, or drafts."""
    by_scope: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        if subject.scope in NAMED_SCOPES:
            by_scope[subject.scope].add(subject.key)
    for scope, keys in by_scope.items():
        for part in _parts(sorted(keys), AT_ONCE):
            found = find_subjects(ScopeKind(scope), part)
            rows = [
                {"scope_": scope, "key_": key, "name_": subject.name if subject else None,
                 "english_": subject.english_name if subject else None}
                for key in part for subject in [found.get(key)]
            ]  # fmt: skip
            db.session.connection().execute(_NAME, rows)


def _columns(member: Member) -> dict[str, Any]:
    subject, training_id = member
    return {**subject._asdict(), "training_id": training_id}


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[at : at + size] for at in range(0, len(items), size))

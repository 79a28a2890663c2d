"""What must hold in the database after a load run, whatever happened at the same time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select

from planner.attendance.models import Presence, PresenceEntry, Seat
from planner.attendance.rules import SeatStatus
from planner.base.clock import now
from planner.base.config import UID_DOMAIN
from planner.base.db import db
from planner.series.models import SessionChange, TrainingSession
from planner.series.rules import Change
from tests.load.people import Notes


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before the run."""

    entries: frozenset[str]
    sequences: dict[int, int]
    changes: dict[int, int]


def snapshot() -> Before:
    """What stands now."""
    entries = frozenset(db.session.scalars(select(PresenceEntry.id)))
    return Before(entries, _sequences(), _count_changes())


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: what it says, how much of it there was to check, and what broke it."""

    name: str
    checked: int
    broken: list[str]


def check(before: Before, notes: Notes) -> list[Finding]:
    """Every invariant, kept or broken."""
    answers = sum(notes.statuses.values())
    return [
        Finding("no answer but those expected, and no 5xx", answers, notes.problems),
        *_seats(),
        _ledger(before, notes),
        _presence(),
        _sequence(before, notes),
    ]


def _seats() -> list[Finding]:
    """No place of a session has more booked seats than its limit, and nobody waits for one that is free."""
    query = select(Seat.training_id, Seat.place, Seat.status, func.count()).group_by(
        Seat.training_id, Seat.place, Seat.status
    )
    counted = {(id_, place, status): count for id_, place, status, count in db.session.execute(query)}
    too_many, idle, places = [], [], 0
    for training in db.session.scalars(select(TrainingSession)):
        for place, limit in (("on_site", training.seats_on_site), ("remote", training.seats_remote)):
            if limit is None:
                continue
            places += 1
            booked = counted.get((training.id, place, SeatStatus.booked), 0)
            waiting = counted.get((training.id, place, SeatStatus.waiting), 0)
            where = f"session {training.id}, {place}: {booked} booked, {waiting} waiting, {limit} seats"
            if booked > limit:
                too_many.append(where)
            if waiting and booked < limit and training.cancelled_at is None and training.starts_at > now():
                idle.append(where)
    return [
        Finding("never one seat too many", places, too_many),
        Finding("nobody waits beside a free seat", places, idle),
    ]


def _ledger(before: Before, notes: Notes) -> Finding:
    """The ledger grew by exactly the marks that the site said it took."""
    grown = set(db.session.scalars(select(PresenceEntry.id))) - before.entries
    broken = [f"lost: {entry}" for entry in sorted(notes.marks - grown)]
    broken += [f"unasked: {entry}" for entry in sorted(grown - notes.marks)]
    return Finding("ledger entries = marks", len(notes.marks), broken)


def _presence() -> Finding:
    """Each person marked at a session has one current verdict, and it is that of the ledger's newest entry."""
    newest: dict[tuple[int, int], PresenceEntry] = {}
    order = (PresenceEntry.noted_at, PresenceEntry.received_at, PresenceEntry.id)
    for entry in db.session.scalars(select(PresenceEntry).order_by(*order)):
        newest[entry.training_id, entry.person_id] = entry
    broken, found = [], 0
    for row in db.session.scalars(select(Presence)):
        found += 1
        entry = newest.pop((row.training_id, row.person_id), None)
        if entry is None or (row.entry_id, row.verdict, row.minutes) != (
            entry.id,
            entry.verdict,
            entry.minutes,
        ):
            broken.append(f"session {row.training_id}, person {row.person_id}")
    broken += [f"without a verdict: session {training}, person {person}" for training, person in newest]
    return Finding("the verdict is the newest entry's", found, broken)


def _sequence(before: Before, notes: Notes) -> Finding:
    """SEQUENCE rose by one with every change, and no feed told a higher one than there is."""
    after, changes = _sequences(), _count_changes()
    broken = []
    for id_, sequence in after.items():
        rise = changes.get(id_, 0) - before.changes.get(id_, 0)
        if sequence != before.sequences.get(id_, 0) + rise:
            broken.append(f"session {id_}: {before.sequences.get(id_)} to {sequence} in {rise} changes")
    told = {uid.removesuffix(f"@{UID_DOMAIN}"): number for uid, number in notes.sequences.items()}
    for uid, sequence in db.session.execute(select(TrainingSession.uid, TrainingSession.sequence)):
        if told.get(uid, 0) > sequence:
            broken.append(f"session {uid}: a feed told {told[uid]}, it is {sequence}")
    rises = sum(changes.values()) - sum(before.changes.values())
    return Finding("SEQUENCE never falls, and rises by one a change", rises, broken)


def _sequences() -> dict[int, int]:
    query = select(TrainingSession.id, TrainingSession.sequence)
    return dict(db.session.execute(query).tuples().all())


def _count_changes() -> dict[int, int]:
    query = select(SessionChange.training_id).where(SessionChange.what != Change.placed)
    return dict(Counter(db.session.scalars(query)))

"""Who the people of an attendance report are, and what the ledger says of them already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_

from planner.attendance.models import PresenceEntry
from planner.attendance.queries.access import PeopleScope
from planner.attendance.queries.people import walk_ins
from planner.attendance.queries.roster import RosterRow, list_roster
from planner.attendance.rules import ATTENDED, Attendee, Place, Via, default_place, minutes_there, places_of
from planner.base.db import db
from planner.base.types import swedish_sort_key
from planner.directory.models import Person
from planner.series.models import TrainingSession

_AT_ONCE = 400  # as many addresses or names in one statement


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One person of a report, or one whom nobody matches. `fate` is one of:

    mark (not marked yet), update (an earlier report said otherwise), same (noted already), noted (somebody else's mark
    stands), outside (not there during the session), several, unknown. `index`: the attendee's in the report.
    """

    index: int
    attendee: Attendee
    person: Person | None
    minutes: int
    fate: str
    entry: PresenceEntry | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report against the roster: its lines, who of the roster is not in it, and a digest of what is marked now."""

    lines: list[ReportLine]
    missing: list[Person]
    seen: str

    def of(self, *fates: str) -> list[ReportLine]:
        """The lines with these fates."""
        return [line for line in self.lines if line.fate in fates]


def judge_report(
    training: TrainingSession,
    scope: PeopleScope,
    attendees: Sequence[Attendee],
    picked: Mapping[int, Person] | None = None,
) -> ReportView:
    """Each person of the report with what becomes of them; `picked` says who an attendee is, by index."""
    rows = {row.person.id: row for row in list_roster(training, scope)}
    finder = _Finder(training, scope, [row.person for row in rows.values()], attendees)
    groups: dict[int, tuple[Person, list[int]]] = {}
    lines: list[ReportLine] = []
    for index, attendee in enumerate(attendees):
        found = [picked[index]] if picked and index in picked else finder.find(attendee)
        if len(found) == 1:
            groups.setdefault(found[0].id, (found[0], []))[1].append(index)
        else:
            minutes = minutes_there([attendee], training.starts_at, training.ends_at)
            lines.append(ReportLine(index, attendee, None, minutes, "several" if found else "unknown"))
    for person, indexes in groups.values():
        same = [attendees[index] for index in indexes]
        minutes = minutes_there(same, training.starts_at, training.ends_at)
        entry = rows[person.id].entry if person.id in rows else None
        fate = _fate(entry, minutes, report_place(training))
        lines.append(ReportLine(indexes[0], same[0], person, minutes, fate, entry))
    lines.sort(key=lambda line: line.index)
    missing = [row.person for row in rows.values() if row.person.id not in groups]
    return ReportView(lines, missing, _digest(rows.values()))


def report_place(training: TrainingSession) -> Place:
    """Where those of a report took part: by video, where the session has video."""
    return Place.remote if Place.remote in places_of(training.mode) else default_place(training.mode)


def _fate(entry: PresenceEntry | None, minutes: int, place: Place) -> str:
    if not minutes:
        return "outside"
    if entry is None:
        return "mark"
    if entry.verdict in ATTENDED and (entry.minutes, entry.place) == (minutes, place):
        return "same"
    return "update" if entry.via == Via.report else "noted"


def _digest(rows: Iterable[RosterRow]) -> str:
    said = sorted(f"{row.person.id}:{row.entry.id}" for row in rows if row.entry is not None)
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:32]


class _Finder:
    """Those of the roster, and those of the directory with an address or a name in the report."""

    def __init__(
        self,
        training: TrainingSession,
        scope: PeopleScope,
        roster: Sequence[Person],
        all_: Iterable[Attendee],
    ) -> None:
        self.roster = {person.id for person in roster}
        known = {person.id: person for person in roster}
        if not scope.is_roster_only:
            emails = {one.email for one in all_ if one.email}
            keys = {swedish_sort_key(name) for one in all_ for name in one.names}
            known |= {person.id: person for person in _people(training, scope, emails, keys)}
        self.by_email: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}
        for person in known.values():
            self.by_email.setdefault(person.email or "", []).append(person)
            self.by_name.setdefault(person.sort_key, []).append(person)

    def find(self, attendee: Attendee) -> list[Person]:
        """Who it may be: by address, else by name; those of the roster before others."""
        if attendee.email and (found := self._nearest(self.by_email.get(attendee.email, []))):
            return found
        for name in attendee.names:
            if found := self._nearest(self.by_name.get(swedish_sort_key(name), [])):
                return found
        return []

    def _nearest(self, people: list[Person]) -> list[Person]:
        return [person for person in people if person.id in self.roster] or people


def _people(
    training: TrainingSession, scope: PeopleScope, emails: Iterable[str], keys: Iterable[str]
) -> Iterable[Person]:
    asked = [(email, "") for email in sorted(emails)] + [("", key) for key in sorted(keys)]
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        query = walk_ins(training, scope).where(
            or_(
                Person.email.in_([email for email, _key in some if email]),
                Person.sort_key.in_([key for _email, key in some if key]),
            )
        )
        yield from db.session.scalars(query.order_by(Person.id))

"""The ledger: marks are appended, never changed; the current row follows in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from planner.attendance.errors import ReasonMissingError
from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.queries.ledger import standing_entry
from planner.attendance.rules import (
    Mark,
    MarkInput,
    Verdict,
    Via,
    clean_entry_id,
    is_reason_needed,
    minutes_problem,
    noted_at,
    places_of,
    supersedes,
)
from planner.attendance.service.seats import lock_session
from planner.base.clock import now, today
from planner.base.days import local_day
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.directory.service.checks import check_no_personal_number
from planner.series.models import TrainingSession


class MarkedMeanwhileError(RefusedError):
    """Someone else marked the person since the page was opened; `standing` is their entry."""

    def __init__(self, message: str, standing: PresenceEntry) -> None:
        super().__init__(message)
        self.standing = standing


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of a mark: the entry that stands now, and whether it is this one.

    `met`: somebody else's mark that this one (`entry`) was made without knowing of; both are kept.
    """

    standing: PresenceEntry
    stands: bool
    met: PresenceEntry | None = None
    entry: PresenceEntry | None = None


def mark(training: TrainingSession, person: Person, wanted: MarkInput, *, by: Viewer, via: Via) -> Marked:
    """Write a mark into the ledger, once for each `entry_id`.

    A mark that says what stands already is not written again. A mark noted before the one that stands (it waited
    for a network) is kept in the ledger and does not stand. Where another mark than the one seen stands, both are
    kept and told of when it `keeps_both`; else raises MarkedMeanwhileError. Raises ReasonMissingError when the
    correction must say why, RefusedError for minutes or a place that cannot be.
    """
    entry_id = _checked(training, wanted)
    lock_session(training)
    standing = standing_entry(training, person)
    known = db.session.get(PresenceEntry, entry_id)
    if known is not None:
        return _already(known, training, person, standing, wanted)
    received = _next_instant(standing)
    entry = PresenceEntry(
        id=entry_id, training_id=training.id, person_id=person.id, verdict=wanted.verdict.value,
        minutes=wanted.minutes, place=wanted.place.value, via=via.value, reason=wanted.reason,
        by_user_id=by.user_id, by_name=by.name, device=wanted.device, noted_at=noted_at(received, wanted.waited),
        received_at=received,
    )  # fmt: skip
    if standing is None:
        return _append(entry, None)
    is_unseen = wanted.guard and standing.id != wanted.seen_id and not _says_the_same(entry, standing)
    if is_unseen and wanted.keeps_both:
        return _keep_both(entry, standing)
    if not supersedes(_mark_of(entry), _mark_of(standing)):
        return _append(entry, standing)
    if _says_the_same(entry, standing):
        return Marked(standing, stands=True)
    if is_unseen:
        raise MarkedMeanwhileError(
            _("%(name)s marked this person while your page was open.", name=standing.by_name), standing
        )
    entry.corrects_id = standing.id
    entry.reason = wanted.reason or _own_slip(standing, by)
    return _append(entry, standing)


def _keep_both(entry: PresenceEntry, met: PresenceEntry) -> Marked:
    """Two marked the same person without knowing of each other: the one noted later stands until somebody chooses."""
    entry.reason = entry.reason or _("noted without having seen what %(name)s noted", name=met.by_name)
    if supersedes(_mark_of(entry), _mark_of(met)):
        entry.corrects_id = met.id
    return replace(_append(entry, met), met=met, entry=entry)


def mark_rows(
    training: TrainingSession, rows: Iterable[tuple[Person, MarkInput]], *, by: Viewer, via: Via = Via.roster
) -> dict[int, RefusedError]:
    """Mark every row that can be marked; the refusals of the others by the person's id."""
    refused: dict[int, RefusedError] = {}
    for person, wanted in rows:
        try:
            mark(training, person, wanted, by=by, via=via)
        except RefusedError as error:
            refused[person.id] = error
    return refused


def _checked(training: TrainingSession, wanted: MarkInput) -> str:
    """The entry's id in its one spelling; raises RefusedError for a mark that cannot be."""
    check_no_personal_number(reason=wanted.reason)
    entry_id = clean_entry_id(wanted.entry_id)
    if entry_id is None:
        raise RefusedError(_("This mark has no number of its own. Reload the page and try again."))
    length = training.minutes
    problem = minutes_problem(wanted.verdict, wanted.minutes, length)
    if problem == "not_there":
        raise RefusedError(_("Somebody who was not there has 0 minutes."), field="minutes")
    if problem == "too_many":
        raise RefusedError(_("Give between 0 and %(most)s minutes.", most=2 * length), field="minutes")
    if wanted.place not in places_of(training.mode):
        raise RefusedError(_("This session cannot be joined that way. Choose the other."), field="place")
    if training.cancelled_at is not None:
        raise RefusedError(_("This session is cancelled. Restore it before you take attendance."))
    return entry_id


def _already(
    known: PresenceEntry, training: TrainingSession, person: Person, standing: PresenceEntry | None,
    wanted: MarkInput,
) -> Marked:  # fmt: skip
    """What became of a mark that is here already, as the first answer said, which may have been lost."""
    if known.training_id != training.id or known.person_id != person.id or standing is None:
        raise RefusedError(_("This mark's number belongs to another mark. Reload the page and try again."))
    stands = standing.id == known.id
    met_id = known.corrects_id if stands else standing.id
    if not wanted.keeps_both or met_id in (None, wanted.seen_id):
        return Marked(standing, stands)
    return Marked(standing, stands, met=db.session.get(PresenceEntry, met_id), entry=known)


def _next_instant(standing: PresenceEntry | None) -> datetime:
    """Now, or just after the entry that stands: what arrives later in the same instant still comes after it."""
    if standing is None:
        return now()
    return max(now(), standing.received_at + timedelta(microseconds=1))


def _own_slip(standing: PresenceEntry, by: Viewer) -> str:
    """The reason of a correction that explains itself; raises ReasonMissingError for one that does not."""
    marked_by: int | str | None = standing.by_user_id
    if marked_by is None and Via(standing.via) in (Via.roster, Via.walk_in, Via.sheet):
        marked_by = standing.by_name
    if is_reason_needed(marked_by, local_day(standing.noted_at), by.user_id or by.name, today()):
        raise ReasonMissingError(
            _("Say why you change what %(name)s noted.", name=standing.by_name), field="reason"
        )
    return _("changed on the roster")


def _append(entry: PresenceEntry, standing: PresenceEntry | None) -> Marked:
    db.session.add(entry)
    db.session.flush()
    if standing is not None and not supersedes(_mark_of(entry), _mark_of(standing)):
        return Marked(standing, stands=False)
    current = db.session.get(Presence, (entry.training_id, entry.person_id), populate_existing=True)
    if current is None:
        current = Presence(training_id=entry.training_id, person_id=entry.person_id)
        db.session.add(current)
    current.entry_id = entry.id
    current.verdict, current.minutes, current.place = entry.verdict, entry.minutes, entry.place
    db.session.flush()
    return Marked(entry, stands=True)


def _says_the_same(entry: PresenceEntry, standing: PresenceEntry) -> bool:
    said = (entry.verdict, entry.minutes, entry.place)
    return said == (standing.verdict, standing.minutes, standing.place)


def _mark_of(entry: PresenceEntry) -> Mark:
    return Mark(
        entry.id, Verdict(entry.verdict), entry.minutes, entry.place, entry.noted_at, entry.received_at
    )

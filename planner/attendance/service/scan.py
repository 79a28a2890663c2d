"""Coming in by one's own code, held before the facilitator's camera."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from planner.attendance.queries import PeopleScope, is_within, list_roster, standing_entry
from planner.attendance.rules import ATTENDED, MarkInput, Place, Verdict, Via, default_place
from planner.attendance.service.ledger import mark
from planner.attendance.service.seats import lock_session
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.series.models import TrainingSession


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan came to: `here` now, `already` before, or `unexpected` and not marked."""

    person: Person
    state: str


def scan(
    training: TrainingSession, scope: PeopleScope, person: Person, *, entry_id: str, as_walk_in: bool, by: Viewer,
    device: str,
) -> Scanned:  # fmt: skip
    """Mark the person present whose code was shown. Scanning again changes nothing.

    Somebody who is not on the list is marked only `as_walk_in`: whoever showed the code may be written in, also by a
    facilitator who may look nobody up. Raises RefusedError for somebody whom `scope` does not cover.
    """
    lock_session(training)
    if not is_within(scope, person):
        raise RefusedError(_("This person is on the list of another municipality."), field="code")
    rows = list_roster(training, scope, person.id)
    if not rows and not as_walk_in:
        return Scanned(person, "unexpected")
    standing = standing_entry(training, person)
    if standing is not None and standing.verdict in ATTENDED:
        return Scanned(person, "already")
    seat = rows[0].seat if rows else None
    wanted = MarkInput(
        Verdict.present, training.minutes, Place(seat.place) if seat else default_place(training.mode), entry_id,
        reason=_("came after this was noted") if standing else "", guard=False, device=device,
    )  # fmt: skip
    mark(training, person, wanted, by=by, via=Via.scan)
    return Scanned(person, "here")

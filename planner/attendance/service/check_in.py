"""Coming in: alone through the door, or written in there by the facilitator."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _

from planner.attendance.models import PresenceEntry
from planner.attendance.queries.ledger import standing_entry
from planner.attendance.rules import (
    ATTENDED,
    DoorState,
    MarkInput,
    Place,
    Verdict,
    Via,
    clean_entry_id,
    door_state,
)
from planner.attendance.service.ledger import mark
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.seats import lock_session
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.series.models import TrainingSession


def check_in(
    training: TrainingSession, person: Person, place: Place, *, entry_id: str, via: Via, device: str = ""
) -> PresenceEntry:
    """The person's own mark: present, the whole session's minutes. Coming again changes nothing.

    Somebody marked absent or excused who then comes is marked present, as a correction that says so.
    Raises RefusedError while the door is closed.
    """
    check_door(training)
    lock_session(training)
    standing = standing_entry(training, person)
    if standing is not None and standing.verdict in ATTENDED:
        return standing
    wanted = MarkInput(
        Verdict.present, training.minutes, place, entry_id, guard=False, device=device,
        reason=_("checked in after this was noted") if standing is not None else "",
    )  # fmt: skip
    return mark(training, person, wanted, by=Viewer(None, person.name), via=via).standing


def add_walk_in(
    training: TrainingSession, person: Person, place: Place, *, entry_id: str, by: Viewer,
    waited: timedelta = timedelta(), device: str = "",
) -> PresenceEntry:  # fmt: skip
    """Mark somebody present who was not expected; it gives no standing place in the series."""
    standing = standing_entry(training, person)
    if standing is not None and standing.verdict in ATTENDED:
        return standing
    reason = _("came after this was noted") if standing is not None else ""
    wanted = MarkInput(
        Verdict.present, training.minutes, place, entry_id, reason=reason, guard=False, waited=waited,
        device=device,
    )  # fmt: skip
    return mark(training, person, wanted, by=by, via=Via.walk_in).standing


def add_new_walk_in(
    training: TrainingSession, new: NewPerson, place: Place, *, entry_id: str, by: Viewer,
    waited: timedelta = timedelta(), device: str = "",
) -> PresenceEntry:  # fmt: skip
    """The same for somebody typed in. Sent again with the same number, it is the same person and one mark."""
    lock_session(training)
    known = db.session.get(PresenceEntry, clean_entry_id(entry_id) or "")
    if known is not None and known.training_id == training.id:
        return known
    person = find_or_add_person(new)
    return add_walk_in(training, person, place, entry_id=entry_id, by=by, waited=waited, device=device)


def check_door(training: TrainingSession) -> None:
    """Raise RefusedError, saying when to come, unless people may check in now."""
    state = door_state(training.starts_at, training.ends_at, training.cancelled_at is not None, now())
    if state is DoorState.early:
        raise RefusedError(_("Check-in opens 30 minutes before the session starts."))
    if state is DoorState.closed:
        raise RefusedError(_("Check-in has closed. The facilitator can still note that you were here."))
    if state is DoorState.cancelled:
        raise RefusedError(_("This session is cancelled."))

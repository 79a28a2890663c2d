"""Writes of sessions. What a calendar can show raises SEQUENCE and LAST-MODIFIED (RFC 5545 3.8.7.3-4)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.series.models import Cohort, Series, SessionChange, Step, TrainingSession
from planner.series.queries import list_users
from planner.series.rules import Change, SessionDetails, time_problem
from planner.series.signals import session_changed
from planner.series_templates.rules import Mode


def place_session(
    series: Series,
    step: Step,
    cohort: Cohort | None,
    details: SessionDetails,
    *,
    by: Viewer,
    clash_reason: str = "",
) -> TrainingSession:
    """A new session of `step` for `cohort` (None: open to all)."""
    _must_be_of_the_series(step)
    leaders = list_users(details.facilitator_ids)  # read before the new row hangs half-made in the session
    training = TrainingSession(
        uid=str(uuid.uuid4()), sequence=0, revised_at=now(), clash_reason=clash_reason,
        series=series, step=step, cohort=cohort, facilitators=leaders,
    )  # fmt: skip
    _write(training, details)
    db.session.add(training)
    db.session.flush()
    _note(training, Change.placed, by, {"starts_at": training.starts_at.isoformat()})
    session_changed.send(training_id=training.id)
    return training


def edit_session(
    training: TrainingSession,
    details: SessionDetails,
    *,
    by: Viewer,
    step: Step | None = None,
    cohort: Cohort | None = None,
    clash_reason: str = "",
) -> None:
    """Change a session, `cohort` None meaning open to all; a new time is remembered as a move."""
    before, started_at = _visible(training), training.starts_at
    if step is not None:
        training.step = step
        training.step_id = step.id
    training.cohort = cohort
    training.cohort_id = cohort.id if cohort else None
    training.clash_reason = clash_reason
    _write(training, details)
    moved = training.starts_at != started_at
    if moved:
        training.moved_from_at = started_at
    if before != _visible(training):
        _raise_sequence(training)
        told = {"from": started_at.isoformat(), "to": training.starts_at.isoformat()} if moved else {}
        _note(training, Change.moved if moved else Change.edited, by, told)
    db.session.flush()
    session_changed.send(training_id=training.id)


def copy_session(
    training: TrainingSession,
    details: SessionDetails,
    cohort: Cohort | None,
    *,
    by: Viewer,
    clash_reason: str = "",
) -> TrainingSession:
    """A new session of the same step with `details`; it has a UID of its own and shares nothing else."""
    return place_session(training.series, training.step, cohort, details, by=by, clash_reason=clash_reason)


def cancel_session(training: TrainingSession, reason: str, *, by: Viewer) -> None:
    """Cancel with a reason people will read; the session stays in every feed as cancelled."""
    if not reason:
        raise RefusedError(
            _("Say why it is cancelled; those who planned to come will read it."), field="reason"
        )
    if training.cancelled_at is not None:
        raise RefusedError(_("This session is already cancelled."))
    training.cancelled_at, training.cancel_reason = now(), reason
    _raise_sequence(training)
    _note(training, Change.cancelled, by, {"reason": reason})
    db.session.flush()
    session_changed.send(training_id=training.id)


def restore_session(training: TrainingSession, *, by: Viewer, clash_reason: str = "") -> None:
    """Take a cancellation back."""
    if training.cancelled_at is None:
        raise RefusedError(_("This session is not cancelled."))
    _must_be_of_the_series(training.step)
    training.cancelled_at, training.cancel_reason, training.clash_reason = None, "", clash_reason
    _raise_sequence(training)
    _note(training, Change.restored, by, {})
    db.session.flush()
    session_changed.send(training_id=training.id)


def touch_sessions(
    *,
    by: Viewer,
    series_id: int | None = None,
    step_id: int | None = None,
    room_ids: list[int] | None = None,
    facilitator_id: int | None = None,
) -> None:
    """Raise SEQUENCE of sessions whose words changed elsewhere: a series, step, room or facilitator renamed."""
    query = select(TrainingSession)
    if series_id is not None:
        query = query.where(TrainingSession.series_id == series_id)
    if step_id is not None:
        query = query.where(TrainingSession.step_id == step_id)
    if room_ids is not None:
        query = query.where(TrainingSession.room_id.in_(room_ids))
    if facilitator_id is not None:
        query = query.where(TrainingSession.facilitators.any(id=facilitator_id))
    for training in db.session.scalars(query):
        _raise_sequence(training)
        _note(training, Change.renamed, by, {})


def raise_above(sequences: Mapping[int, int]) -> None:
    """Raise SEQUENCE of each session, by id, above the number given, where it is not higher already. Flushes."""
    query = select(TrainingSession).where(TrainingSession.id.in_(sequences))
    for training in db.session.scalars(query):
        while training.sequence <= sequences[training.id]:
            _raise_sequence(training)
    db.session.flush()


def _must_be_of_the_series(step: Step) -> None:
    if step.removed_at is not None:
        raise RefusedError(_("Its step is no longer in the series. Set a new session of another step."))


def _write(training: TrainingSession, details: SessionDetails) -> None:
    problem = time_problem(details.starts_at, details.ends_at)
    if problem == "backwards":
        raise RefusedError(_("The session must end after it starts."), field="ends")
    if problem == "too_long":
        raise RefusedError(_("A session lasts at most 12 hours. Set one session for each day."), field="ends")
    training.starts_at, training.ends_at = details.starts_at, details.ends_at
    training.mode, training.note = details.mode.value, details.note
    training.room_id = details.room_id if details.is_on_site else None
    training.seats_on_site = details.seats_on_site if details.is_on_site else None
    training.join_url = details.join_url if details.is_remote else ""
    training.seats_remote = details.seats_remote if details.is_remote else None
    if {user.id for user in training.facilitators} != set(details.facilitator_ids):
        with db.session.no_autoflush:  # a new session is not yet whole enough to be written
            training.facilitators = list_users(details.facilitator_ids)


def details_of(training: TrainingSession) -> SessionDetails:
    """The session's present details (facilitators must be loaded)."""
    return SessionDetails(
        training.starts_at,
        training.ends_at,
        Mode(training.mode),
        training.room_id,
        training.join_url,
        training.seats_on_site,
        training.seats_remote,
        training.note,
        tuple(user.id for user in training.facilitators),
    )


def _visible(training: TrainingSession) -> tuple[Any, ...]:
    """All of a session that a calendar can show."""
    return (
        training.starts_at,
        training.ends_at,
        training.mode,
        training.room_id,
        training.join_url,
        training.note,
        training.step_id,
        training.cohort_id,
        sorted(user.id for user in training.facilitators),
    )


def _raise_sequence(training: TrainingSession) -> None:
    training.sequence += 1
    # Calendars read whole seconds: two changes within one must still have rising stamps.
    training.revised_at = max(now(), _next_second(training.revised_at))


def _next_second(at: datetime) -> datetime:
    return at.replace(microsecond=0) + timedelta(seconds=1)


def _note(training: TrainingSession, what: Change, by: Viewer, details: dict[str, Any]) -> None:
    db.session.add(
        SessionChange(
            training_id=training.id, what=what.value, details=details,
            by_user_id=by.user_id, by_name=by.name, at=now(),
        )
    )  # fmt: skip

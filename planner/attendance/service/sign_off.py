"""Signing off the attendance of a session."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.attendance.models import SessionSignOff
from planner.attendance.queries import PeopleScope, find_sign_off, last_received, may_sign_off
from planner.attendance.service.seats import lock_session
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError, RefusedError
from planner.base.viewer import Viewer
from planner.series.models import TrainingSession


def sign_off(training: TrainingSession, scope: PeopleScope, *, by: Viewer) -> SessionSignOff:
    """Say that the attendance is right; the first one to say so stands. Flushes.

    Marks can still be changed, and are late from then on. Raises RefusedError before the session has ended, and when
    nobody has been marked; NotFoundError for somebody who sees a part of the list only.
    """
    lock_session(training)
    if training.cancelled_at is not None:
        raise RefusedError(_("This session is cancelled. There is no attendance to sign off."))
    if not may_sign_off(training, scope):
        raise NotFoundError(_("There is no such session here."))
    if (already := find_sign_off(training)) is not None:
        return already
    newest = last_received(training)
    if training.ends_at > now():
        raise RefusedError(_("The attendance can be signed off when the session has ended."))
    if newest is None:
        raise RefusedError(_("Nobody is marked yet. Mark who was there before you sign off."))
    # What came in at this very instant came before: the session is locked.
    signed = SessionSignOff(
        training_id=training.id, by_user_id=by.user_id, by_name=by.name, signed_at=max(now(), newest)
    )
    db.session.add(signed)
    db.session.flush()
    return signed

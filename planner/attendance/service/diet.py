"""Writes of what people eat."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import delete, select

from planner.attendance.models import DietaryNeed
from planner.attendance.rules.diet import KEPT_AFTER, Diet, diet_holder
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.models import Person
from planner.series.models import TrainingSession
from planner.series_templates.rules import Mode


def set_diet(training: TrainingSession, person: Person, wanted: Collection[Diet], secret: str) -> None:
    """What the person eats at this session, instead of what they said before. Flushes."""
    if training.mode == Mode.DIGITAL:
        raise RefusedError(_("This session is by video: nothing is served."))
    if training.cancelled_at is not None or training.starts_at <= now():
        raise RefusedError(_("The session has begun or is cancelled."))
    holder = diet_holder(secret, training.uid, person.id)
    own = DietaryNeed.training_id == training.id, DietaryNeed.holder == holder
    db.session.execute(delete(DietaryNeed).where(*own).execution_options(synchronize_session=False))
    db.session.expire_all()
    for what in wanted:
        db.session.add(DietaryNeed(training_id=training.id, holder=holder, what=what.value))
    db.session.flush()


def forget_diets(person: Person, secret: str) -> None:
    """Delete all that the person has said."""
    said = (
        select(TrainingSession.uid)
        .join(DietaryNeed, DietaryNeed.training_id == TrainingSession.id)
        .distinct()
    )
    holders = [diet_holder(secret, uid, person.id) for uid in db.session.scalars(said)]
    gone = delete(DietaryNeed).where(DietaryNeed.holder.in_(holders))
    db.session.execute(gone.execution_options(synchronize_session=False))


def remove_old_diets() -> int:
    """Delete what was said for sessions that are over since some days, or cancelled; how many."""
    over = select(TrainingSession.id).where(
        (TrainingSession.ends_at < now() - KEPT_AFTER) | TrainingSession.cancelled_at.is_not(None)
    )
    gone = delete(DietaryNeed).where(DietaryNeed.training_id.in_(over)).returning(DietaryNeed.holder)
    return len(db.session.scalars(gone.execution_options(synchronize_session=False)).all())

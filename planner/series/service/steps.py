"""Writes of steps."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _

from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.series.models import Series, Step
from planner.series.queries import count_trainings
from planner.series.rules import StepTexts, moved_order
from planner.series.service.sessions import touch_sessions


def add_step(series: Series, texts: StepTexts) -> Step:
    """A new last step."""
    step = Step(series_id=series.id, key=secrets.token_hex(4), position=len(series.steps) + 1)
    _write(step, texts)
    series.steps.append(step)
    db.session.flush()
    return step


def edit_step(step: Step, texts: StepTexts, *, by: Viewer) -> None:
    """Change a step; sessions already placed keep their length and mode, and calendars see new words."""
    shown = (step.title, step.goals, step.preparation)
    _write(step, texts)
    if shown != (step.title, step.goals, step.preparation):
        touch_sessions(step_id=step.id, by=by)
    db.session.flush()


def move_step(series: Series, step: Step, to: int, *, by: Viewer) -> None:
    """Move a step to the position `to`, from 1; the others close up. Calendars see the new numbers."""
    before = {other.id: other.position for other in series.steps}
    by_key = {other.key: other for other in series.steps}
    order = moved_order([other.key for other in series.steps], step.key, to - 1)
    for position, key in enumerate(order, start=1):
        by_key[key].position = position
    series.steps.sort(key=lambda other: other.position)
    for other in series.steps:
        if before[other.id] != other.position:
            touch_sessions(step_id=other.id, by=by)
    db.session.flush()


def remove_step(series: Series, step: Step) -> None:
    """Remove a step that has no sessions."""
    if count_trainings(series.id, step_id=step.id):
        raise RefusedError(_("This step has sessions. Move or cancel them first; a held one keeps its step."))
    series.steps.remove(step)
    for position, other in enumerate(series.steps, start=1):
        other.position = position
    db.session.flush()


def _write(step: Step, texts: StepTexts) -> None:
    step.title, step.goals, step.preparation = texts.title, texts.goals, texts.preparation
    step.minutes, step.mode, step.gap_days = texts.minutes, texts.mode.value, texts.gap_days
    step.materials, step.follow_up = texts.materials, texts.follow_up

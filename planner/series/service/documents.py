"""Writes of a whole series at once, as a template document says it, and which of its fields are locked."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy.orm.attributes import set_committed_value

from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Viewer
from planner.series.models import Series, Step
from planner.series.queries import list_removed_steps
from planner.series.rules import SeriesTexts, StepTexts
from planner.series.service.series import edit_series
from planner.series.service.sessions import touch_sessions
from planner.series.service.steps import edit_step
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument


def write_document(
    series: Series, document: TemplateDocument, *, with_sessions: Collection[str], by: Viewer
) -> None:
    """Make the series say what the document says; calendars see new words and numbers at once.

    `with_sessions` are the keys of steps that sessions stand on: such a step is kept, out of sight, when it goes.
    """
    edit_series(
        series,
        SeriesTexts(document.title, document.summary, document.audience, document.competences),
        by=by,
    )
    _remove(series, set(document.step_keys), with_sessions)
    _change(series, document.steps, by)
    _add(series, document.steps)
    _arrange(series, document.step_keys, by)
    db.session.flush()


def set_locked(series: Series, path: str, *, is_locked: bool) -> None:
    """Let updates of the template leave this path alone, or no longer."""
    rest = [other for other in series.locked if other != path]
    series.locked = sorted([*rest, path] if is_locked else rest)
    db.session.flush()


def texts_of(step: Step) -> StepTexts:
    """What a step says now, to change a part of it."""
    return StepTexts(
        step.title, step.minutes, Mode(step.mode), step.goals, step.preparation, step.gap_days, step.materials,
        step.follow_up,
    )  # fmt: skip


def _remove(series: Series, kept: Collection[str], with_sessions: Collection[str]) -> None:
    for step in [step for step in series.steps if step.key not in kept]:
        if step.key in with_sessions:
            step.removed_at = now()
            _set_steps(series, [other for other in series.steps if other is not step])
        else:
            series.steps.remove(step)
    db.session.flush()


def _change(series: Series, documents: Iterable[StepDocument], by: Viewer) -> None:
    wanted = {document.key: document for document in documents}
    for step in series.steps:
        if step.key in wanted:
            edit_step(step, _texts(wanted[step.key]), by=by)


def _add(series: Series, documents: Iterable[StepDocument]) -> None:
    here = {step.key for step in series.steps}
    missing = [document for document in documents if document.key not in here]
    gone = {step.key: step for step in list_removed_steps(series)} if missing else {}
    for document in missing:
        step = gone.get(document.key)
        if step is None:
            step = Step(key=document.key, position=len(series.steps) + 1)
            _write(step, document)
            series.steps.append(step)
        else:  # it comes back with the sessions that it had
            step.removed_at = None
            _write(step, document)
            _set_steps(series, [*series.steps, step])
    db.session.flush()


def _arrange(series: Series, keys: Iterable[str], by: Viewer) -> None:
    by_key = {step.key: step for step in series.steps}
    for position, key in enumerate(keys, start=1):
        if by_key[key].position != position:
            by_key[key].position = position
            touch_sessions(step_id=by_key[key].id, by=by)
    _set_steps(series, sorted(series.steps, key=lambda step: step.position))


def _set_steps(series: Series, steps: list[Step]) -> None:
    # Not by the list itself: what leaves it that way is deleted.
    db.session.flush()
    set_committed_value(series, "steps", steps)


def _texts(document: StepDocument) -> StepTexts:
    return StepTexts(
        document.title, document.minutes, document.mode, document.goals, document.preparation, document.gap_days,
        document.materials, document.follow_up,
    )  # fmt: skip


def _write(step: Step, document: StepDocument) -> None:
    step.title, step.goals, step.preparation = document.title, document.goals, document.preparation
    step.minutes, step.mode, step.gap_days = document.minutes, document.mode.value, document.gap_days
    step.materials, step.follow_up = document.materials, document.follow_up

"""Pages that change one session: edit, move, copy, cancel, restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.scheduling import service
from planner.scheduling.forms import (
    CancelForm,
    CopySessionForm,
    EditSessionForm,
    MoveSessionForm,
    RestoreForm,
)
from planner.scheduling.routes.blueprint import (
    blueprint,
    choices_for,
    clashes_shown,
    editable_series,
    editable_training,
    step_and_cohort,
)
from planner.scheduling.routes.session import check_answer, day_note
from planner.scheduling.rules import NEW, Proposal
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from planner.series.queries import get_cohort, get_series, get_training
from planner.series.rules import SessionDetails
from planner.series.service.sessions import details_of
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


def _done(training_id: int, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("scheduling.session", training_id=training_id))


@blueprint.route("/sessions/<int:training_id>/edit", methods=["GET", "POST"])
@requires("organiser")
def edit_session(training_id: int) -> Answer:
    """Change anything of a session."""
    training = editable_training(training_id)
    series = editable_series(training.series_id)
    form = _edit_form(training, series)
    if form.validate_on_submit():
        try:
            if _save_edit(form, training_id):
                return _done(training_id, _("Saved."))
        except RefusedError as error:
            form.refuse(error)
        training, series = editable_training(training_id), editable_series(training.series_id)
    found = clashes_shown(form, lambda: _proposed_edit(form, training, series))
    return form_page(
        "scheduling/edit_session.html",
        form=form,
        training=training,
        series=series,
        clashes=found,
        day_note=day_note(form.day),
    )


def _edit_form(training: TrainingSession, series: Series, *, posted: bool = True) -> EditSessionForm:
    values = EditSessionForm.values(training) | {"clash_reason": training.clash_reason}
    form = EditSessionForm(data=values) if posted else EditSessionForm(None, data=values)
    form.offer(choices_for(series, training))
    return form


def _save_edit(form: EditSessionForm, training_id: int) -> bool:
    """Whether it was saved; False when somebody else changed the same fields meanwhile."""
    with unit_of_work():
        viewer = current_viewer()
        training = get_training(viewer, training_id, to_edit=True)
        series = get_series(viewer, training.series_id)
        if not form.reconcile(_edit_form(training, series, posted=False), training.revision):
            return False
        step, cohort = step_and_cohort(series, form.step_id.data, form.cohort_id.data)
        details = form.edited(training, step.minutes)
        service.change(training, step, cohort, details, by=viewer, override=form.override())
    return True


def _proposed_edit(form: EditSessionForm, training: TrainingSession, series: Series) -> list[Proposal]:
    if training.cancelled_at is not None:
        return []
    step, cohort = step_and_cohort(series, form.step_id.data, form.cohort_id.data)
    return [service.proposal(series, step, cohort, form.edited(training, step.minutes), training.uid)]


@blueprint.route("/sessions/<int:training_id>/move", methods=["GET", "POST"])
@requires("organiser")
def move_session(training_id: int) -> Answer:
    """Give a session another time."""
    training = editable_training(training_id)
    form = MoveSessionForm(data=MoveSessionForm.values(training) | {"clash_reason": training.clash_reason})
    if form.validate_on_submit():
        try:
            if _save_move(form, training_id):
                return _done(training_id, _("The session has its new time."))
        except RefusedError as error:
            form.refuse(error)
        training = editable_training(training_id)
    found = clashes_shown(form, lambda: _proposed_move(form, training))
    return form_page(
        "scheduling/move_session.html",
        form=form,
        training=training,
        clashes=found,
        day_note=day_note(form.day),
    )


def _save_move(form: MoveSessionForm, training_id: int) -> bool:
    with unit_of_work():
        viewer = current_viewer()
        training = get_training(viewer, training_id, to_edit=True)
        saved = MoveSessionForm(None, data=MoveSessionForm.values(training))
        if not form.reconcile(saved, training.revision):
            return False
        details = _at_typed_time(form, training)
        service.change(training, training.step, training.cohort, details, by=viewer, override=form.override())
    return True


def _at_typed_time(form: Any, training: TrainingSession) -> SessionDetails:
    """The session's details at the time in the form; without an end, as long as it is now."""
    before = details_of(training)
    starts_at, ends_at = form.times(training.minutes)
    return replace(before, starts_at=starts_at, ends_at=ends_at)


def _proposed_move(form: MoveSessionForm, training: TrainingSession) -> list[Proposal]:
    if training.cancelled_at is not None:
        return []
    details = _at_typed_time(form, training)
    return [service.proposal(training.series, training.step, training.cohort, details, training.uid)]


@blueprint.route("/sessions/<int:training_id>/copy", methods=["GET", "POST"])
@requires("organiser")
def copy_session(training_id: int) -> Answer:
    """The same step again, for another cohort or at another time."""
    training = editable_training(training_id)
    series = editable_series(training.series_id)
    form = _copy_form(training, series)
    if form.validate_on_submit():
        try:
            made = _save_copy(form, training_id)
        except RefusedError as error:
            form.refuse(error)
            training, series = editable_training(training_id), editable_series(training.series_id)
        else:
            return _done(made.id, _("The copy is set. It is a session of its own."))
    found = clashes_shown(form, lambda: _proposed_copy(form, training, series))
    return form_page(
        "scheduling/copy_session.html",
        form=form,
        training=training,
        clashes=found,
        day_note=day_note(form.day),
    )


def _copy_form(training: TrainingSession, series: Series) -> CopySessionForm:
    values = MoveSessionForm.values(training) | {"day": "", "cohort_id": training.cohort_id}
    form = CopySessionForm(data=values)
    form.cohort_id.choices = choices_for(series, training).cohorts
    return form


def _save_copy(form: CopySessionForm, training_id: int) -> TrainingSession:
    with unit_of_work():
        viewer = current_viewer()
        training = get_training(viewer, training_id, to_edit=True)
        series = get_series(viewer, training.series_id)
        cohort = get_cohort(series, form.cohort_id.data) if form.cohort_id.data else None
        details = _at_typed_time(form, training)
        return service.copy(training, cohort, details, by=viewer, override=form.override())


def _proposed_copy(form: CopySessionForm, training: TrainingSession, series: Series) -> list[Proposal]:
    cohort = get_cohort(series, form.cohort_id.data) if form.cohort_id.data else None
    return [service.proposal(series, training.step, cohort, _at_typed_time(form, training), NEW)]


@blueprint.post("/sessions/<int:training_id>/check")
@requires("organiser")
def check_times(training_id: int) -> Response:
    """What the session, or with `?copy=1` a copy of it, would clash with at the time typed, as JSON."""
    training = editable_training(training_id)
    if "copy" not in request.args:
        form = MoveSessionForm()
        return check_answer(form, clashes_shown(form, lambda: _proposed_move(form, training)))
    series = editable_series(training.series_id)
    copied = _copy_form(training, series)
    return check_answer(copied, clashes_shown(copied, lambda: _proposed_copy(copied, training, series)))


@blueprint.route("/sessions/<int:training_id>/cancel", methods=["GET", "POST"])
@requires("organiser")
def cancel_session(training_id: int) -> Answer:
    """Cancel with a reason; the session stays in every calendar as cancelled."""
    training = editable_training(training_id)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                viewer = current_viewer()
                current = get_training(viewer, training_id, to_edit=True)
                series_service.cancel_session(current, form.reason.data, by=viewer)
        except RefusedError as error:
            form.refuse(error)
            training = editable_training(training_id)
        else:
            return _done(training_id, _("The session is cancelled. Calendars show it as cancelled."))
    return form_page("scheduling/cancel_session.html", form=form, training=training)


@blueprint.route("/sessions/<int:training_id>/restore", methods=["GET", "POST"])
@requires("organiser")
def restore_session(training_id: int) -> Answer:
    """Take a cancellation back; what has taken its time meanwhile is shown first."""
    training = editable_training(training_id)
    form = RestoreForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                viewer = current_viewer()
                current = get_training(viewer, training_id, to_edit=True)
                service.restore(current, by=viewer, override=form.override())
        except RefusedError as error:
            form.refuse(error)
            training = editable_training(training_id)
        else:
            return _done(training_id, _("The session is back on its time."))
    found = clashes_shown(form, lambda: [_as_it_was(training)])
    return form_page("scheduling/restore_session.html", form=form, training=training, clashes=found)


def _as_it_was(training: TrainingSession) -> Proposal:
    details = details_of(training)
    return service.proposal(training.series, training.step, training.cohort, details, training.uid)

"""Pages of a series' steps."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.series import queries, service
from planner.series.forms import StepForm
from planner.series.models import Step
from planner.series.routes.blueprint import blueprint
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


def _back(series_id: int) -> Response:
    return redirect(url_for("series.series", series_id=series_id, _anchor="steps"))


@blueprint.route("/series/<int:series_id>/steps/new", methods=["GET", "POST"])
@requires("organiser")
def new_step(series_id: int) -> Answer:
    """Add a last step."""
    shown = queries.get_series(current_viewer(), series_id, to_edit=True)
    form = StepForm()
    if form.validate_on_submit():
        with unit_of_work():
            current = queries.get_series(current_viewer(), series_id, to_edit=True)
            service.add_step(current, form.texts())
        flash(_("The step is added, last."), "success")
        return _back(series_id)
    return form_page("series/step.html", form=form, series=shown, step=None)


def _form(step: Step, *, posted: bool) -> StepForm:
    return StepForm(formdata=request.form if posted else None, obj=step)


@blueprint.route("/series/<int:series_id>/steps/<int:step_id>", methods=["GET", "POST"])
@requires("organiser")
def step(series_id: int, step_id: int) -> Answer:
    """Change one step."""
    shown = queries.get_series(current_viewer(), series_id, to_edit=True)
    form = _form(queries.get_step(shown, step_id), posted=request.method == "POST")
    if form.validate_on_submit() and _save(form, series_id, step_id):
        flash(_("The step is saved."), "success")
        return _back(series_id)
    return form_page("series/step.html", form=form, series=shown, step=queries.get_step(shown, step_id))


def _save(form: StepForm, series_id: int, step_id: int) -> bool:
    viewer = current_viewer()
    with unit_of_work():
        current = queries.get_step(queries.get_series(viewer, series_id, to_edit=True), step_id)
        if not form.reconcile(_form(current, posted=False), current.revision):
            return False
        service.edit_step(current, form.texts(), by=viewer)
    return True


@blueprint.post("/series/<int:series_id>/steps/<int:step_id>/move")
@requires("organiser")
def move_step(series_id: int, step_id: int) -> Answer:
    """Move a step to the position in `to`, from 1. A script's drag asks for no page back."""
    with unit_of_work():
        current = queries.get_series(current_viewer(), series_id, to_edit=True)
        moved = queries.get_step(current, step_id)
        to = request.form.get("to", moved.position, type=int)
        service.move_step(current, moved, to, by=current_viewer())
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return _back(series_id)


@blueprint.post("/series/<int:series_id>/steps/<int:step_id>/remove")
@requires("organiser")
def remove_step(series_id: int, step_id: int) -> Response:
    """Remove a step without sessions."""
    try:
        with unit_of_work():
            current = queries.get_series(current_viewer(), series_id, to_edit=True)
            service.remove_step(current, queries.get_step(current, step_id))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The step is removed."), "success")
    return _back(series_id)

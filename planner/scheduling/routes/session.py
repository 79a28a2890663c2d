"""Pages of one session: read it, set a new one, and the check that runs while the form is filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.clock import now
from planner.base.days import day_mark, local_day
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.scheduling import service
from planner.scheduling.forms import NewSessionForm
from planner.scheduling.routes.blueprint import (
    blueprint,
    choices_for,
    clashes_shown,
    editable_series,
    step_and_cohort,
)
from planner.scheduling.rules import NEW, Clash, Proposal
from planner.series.models import Series, TrainingSession
from planner.series.queries import (
    get_series,
    get_training,
    list_changes,
    may_edit,
    may_take_attendance,
)
from planner.web.access import current_viewer, requires
from planner.web.addresses import row_number
from planner.web.answers import Answer, form_page
from planner.web.fields import DayField
from planner.web.formats import format_long_day, mark_name


@blueprint.get("/sessions/<int:training_id>")
@requires("member")
def session(training_id: int) -> str:
    """One session: its facts, its history and what can be done with it."""
    viewer = current_viewer()
    training = get_training(viewer, training_id)
    return render_template(
        "scheduling/session.html",
        training=training,
        changes=list_changes(training),
        may_edit=may_edit(viewer, training.series),
        may_take_attendance=may_take_attendance(viewer, training),
        day_note=day_note_of(local_day(training.starts_at)),
    )


@blueprint.route("/series/<int:series_id>/sessions/new", methods=["GET", "POST"])
@requires("organiser")
def new_session(series_id: int) -> Answer:
    """Set one session; `?step=` and `?cohort=` choose beforehand."""
    series = editable_series(series_id)
    form = _new_form(series)
    if form.validate_on_submit():
        try:
            training = _place(form, series_id)
        except RefusedError as error:
            form.refuse(error)
            series = editable_series(series_id)  # the rollback let go of what was loaded
        else:
            flash(_("The session is set."), "success")
            return redirect(url_for("series.series", series_id=series_id, _anchor=f"session-{training.id}"))
    found = clashes_shown(form, lambda: _proposed(form, series, NEW))
    return form_page(
        "scheduling/new_session.html", form=form, series=series, clashes=found, day_note=day_note(form.day)
    )


def _new_form(series: Series) -> NewSessionForm:
    step_id = request.args.get("step", type=int)
    step = next(
        (step for step in series.steps if step.id == step_id), series.steps[0] if series.steps else None
    )
    values = {
        "step_id": step.id if step else None,
        "cohort_id": request.args.get("cohort", type=int),
        "mode": step.mode if step else None,
    }
    form = NewSessionForm(data=values)
    form.offer(choices_for(series))
    return form


def _place(form: NewSessionForm, series_id: int) -> TrainingSession:
    with unit_of_work():
        viewer = current_viewer()
        series = get_series(viewer, series_id, to_edit=True)
        step, cohort = step_and_cohort(series, form.step_id.data, form.cohort_id.data)
        details = form.session_details(step.minutes)
        return service.place(series, step, cohort, details, by=viewer, override=form.override())


def _proposed(form: NewSessionForm, series: Series, key: str) -> list[Proposal]:
    step, cohort = step_and_cohort(series, form.step_id.data, form.cohort_id.data)
    return [service.proposal(series, step, cohort, form.session_details(step.minutes), key)]


@blueprint.post("/series/<int:series_id>/sessions/check")
@requires("organiser")
def check_session(series_id: int) -> Response:
    """What the form as it now stands would clash with, as JSON for the page's script; writes nothing.

    `?session=` is the session being edited: it does not clash with itself.
    """
    series = editable_series(series_id)
    training_id = request.args.get("session", type=row_number)
    training = get_training(current_viewer(), training_id) if training_id else None
    form = NewSessionForm()
    form.offer(choices_for(series, training))
    found = clashes_shown(form, lambda: _proposed(form, series, training.uid if training else NEW))
    return check_answer(form, found)


def check_answer(form: Any, found: list[Clash]) -> Response:
    """For the page's script: the day in words, the clashes as a part of the page, and which they are."""
    html = render_template("scheduling/_clashes.html", clashes=found)
    return jsonify(day=day_note(form.day), clashes=html, count=len(found), seen=form.seen.data)


def day_note(field: DayField) -> str:
    """The typed day in full with its week and mark; empty while it cannot be read."""
    return _told_if_past(field.on) if field.on else ""


def day_note_of(on: date) -> str:
    """A day in full, its week, and the name of a holiday or squeeze day."""
    mark, text = day_mark(on), format_long_day(on)
    return f"{text} · {mark_name(mark)}" if mark else text


def _told_if_past(on: date) -> str:
    """The note of a typed day; one that has been is told, for a slip of the year is easily made."""
    text = day_note_of(on)
    return f"{text} · {_('has already been')}" if on < local_day(now()) else text

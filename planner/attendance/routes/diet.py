"""What a person eats, by the personal link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.attendance import queries, service
from planner.attendance.routes.blueprint import blueprint
from planner.attendance.rules import Diet
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.series.models import TrainingSession
from planner.web.access import requires
from planner.web.settings import current_settings


@blueprint.get("/p/<token>/sessions/<uid>/food")
@requires("link")
def own_food(token: str, uid: str) -> str:
    """What to mind when food is ordered."""
    person, training = _own(token, uid)
    chosen = queries.own_diet(training, person, current_settings().secret)
    return render_template(
        "attendance/own_food.html", token=token, training=training, diets=list(Diet), chosen=chosen
    )


@blueprint.post("/p/<token>/sessions/<uid>/food")
@requires("link")
def save_own_food(token: str, uid: str) -> Response:
    """Say it, or take it back."""
    wanted = {Diet(what) for what in request.form.getlist("what") if what in list(Diet)}
    try:
        with unit_of_work():
            person, training = _own(token, uid)
            service.set_diet(training, person, wanted, current_settings().secret)
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("Saved. Only how many need what is shown to others."), "success")
    return redirect(url_for("attendance.own_food", token=token, uid=uid))


def _own(token: str, uid: str) -> tuple[Person, TrainingSession]:
    """Whoever has the link, and a published session where they are expected."""
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    training = queries.find_training_by_uid(uid)
    if training is None or training.series.published_at is None or not queries.is_expected(training, person):
        raise NotFoundError(_("There is no such session here."))
    return person, training

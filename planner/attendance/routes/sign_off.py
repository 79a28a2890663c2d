"""Signing off the attendance."""

from __future__ import annotations

from flask import flash, redirect
from flask_babel import gettext as _

from planner.attendance import queries, service
from planner.attendance.routes.blueprint import blueprint, roster_address
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer


@blueprint.post("/sessions/<int:training_id>/attendance/sign-off")
@requires("facilitator")
def sign_off(training_id: int) -> Answer:
    """Say that the attendance is right; changes after that are marked as late."""
    viewer = current_viewer()
    try:
        with unit_of_work():
            training, scope = queries.get_roster_training(viewer, training_id)
            service.sign_off(training, scope, by=viewer)
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The attendance is signed off."), "success")
    return redirect(roster_address("roster", training_id))

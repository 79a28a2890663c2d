"""Asking for every presence in one file."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.clock import today
from planner.base.db import unit_of_work
from planner.base.errors import NotAllowedError
from planner.base.viewer import EDITORS
from planner.jobs.service import start_job
from planner.reports import queries
from planner.reports.routes.blueprint import blueprint
from planner.reports.work import KIND
from planner.web.access import current_viewer, requires
from planner.web.formats import page_language


@blueprint.post("/figures/presences")
@requires("organiser")
def presences() -> Response:
    """Let the worker make the file, and show how far it is."""
    viewer = current_viewer()
    if not queries.sees_all(viewer):
        raise NotAllowedError
    with unit_of_work():
        values = {"codes": sorted(viewer.municipalities(EDITORS))}
        name = f"{_('presences')}-{today():%Y-%m-%d}.csv"
        job = start_job(KIND, _("Every presence"), name, values, language=page_language(), by=viewer)
    return redirect(url_for("jobs.job", key=job.key))

"""The page of a job: how far it is, and the file."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, stream_with_context, url_for
from flask import Response as FlaskResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.jobs import queries, service
from planner.jobs.models import Job
from planner.jobs.rules import KINDS, LIFE, JobStatus
from planner.jobs.work import failure_words
from planner.web.access import current_viewer, requires
from planner.web.downloads import zip_stream

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs/<key>")
@requires("user")
def job(key: str) -> str:
    """How far a file is, and then the file."""
    shown = queries.get_job(current_viewer(), key)
    return render_template(
        "jobs/job.html",
        job=shown,
        words=_words(shown),
        until=shown.created_at + LIFE,
        why=failure_words(shown.error),
    )


@blueprint.get("/jobs/<key>/state")
@requires("user")
def state(key: str) -> Response:
    """The same as JSON, for the page that waits."""
    shown = queries.get_job(current_viewer(), key)
    return jsonify(status=shown.status, done=shown.done, total=shown.total, words=_words(shown))


@blueprint.get("/jobs/<key>/file")
@requires("user")
def file(key: str) -> Response:
    """The finished file."""
    made = queries.get_job(current_viewer(), key)
    if made.status != JobStatus.finished:
        raise NotFoundError(_("The file is not finished yet."))
    kind = KINDS[made.kind]
    data = zip_stream(queries.read_members(made)) if kind.is_zip else queries.read_file(made)
    answer = FlaskResponse(stream_with_context(data), mimetype=kind.mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return answer


@blueprint.post("/jobs/<key>/again")
@requires("user")
def again(key: str) -> Response:
    """Let a job that failed go on."""
    with unit_of_work():
        service.try_again(queries.get_job(current_viewer(), key))
    return redirect(url_for("jobs.job", key=key))


def _words(shown: Job) -> str:
    if not shown.total:
        return _("Waiting for its turn")
    return _("%(done)s of %(total)s", done=shown.done, total=shown.total)

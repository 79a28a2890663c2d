"""Importing an attendance report from Teams or Zoom: choose the file, look through it, then write."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.attendance import forms, queries, service
from planner.attendance.queries import PeopleScope
from planner.attendance.routes.blueprint import blueprint
from planner.attendance.rules import Attendee, pack_report, unpack_report
from planner.attendance.service import MarkedSinceError
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.directory.sheets import MAX_BYTES
from planner.series.models import TrainingSession
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/sessions/<int:training_id>/attendance/report", methods=["GET", "POST"])
@requires("facilitator")
def report(training_id: int) -> Answer:
    """Choose a report, then see what becomes of everyone in it; nothing is written yet."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    form = forms.ReportForm()
    if form.validate_on_submit():
        try:
            found = service.read_report_file(training, form.file.data.stream.read(MAX_BYTES + 1))
        except RefusedError as error:
            form.refuse(error)
        else:
            return _preview(training, scope, found.attendees, unread=found.unread)
    return form_page("attendance/report.html", form=form, training=training)


@blueprint.post("/sessions/<int:training_id>/attendance/report/import")
@requires("facilitator")
def import_report(training_id: int) -> Answer:
    """Write what the preview showed, with the choices made there."""
    viewer, form = current_viewer(), forms.ReportConfirmForm()
    training, scope = queries.get_roster_training(viewer, training_id)
    attendees = unpack_report(form.report.data or "")
    if not form.validate() or attendees is None:
        flash(_("The report has to be chosen again."), "warning")
        return redirect(url_for("attendance.report", training_id=training_id))
    try:
        with unit_of_work():
            training, scope = queries.get_roster_training(viewer, training_id)
            count = service.import_report(
                training, scope, attendees, _chosen(len(attendees)), form.seen.data or "",
                replace=form.replace.data, by=viewer,
            )  # fmt: skip
    except MarkedSinceError as error:
        return _preview(training, scope, attendees, changed=error.message), 409
    except RefusedError as error:
        return _preview(training, scope, attendees, changed=error.message), 422
    flash(ngettext("%(num)s person marked.", "%(num)s people marked.", count), "success")
    return redirect(url_for("attendance.roster", training_id=training_id))


def _chosen(count: int) -> dict[int, str]:
    return {index: request.form.get(f"who-{index}", "") for index in range(count)}


def _preview(
    training: TrainingSession,
    scope: PeopleScope,
    attendees: Sequence[Attendee],
    *,
    unread: Sequence[int] = (),
    changed: str = "",
) -> str:
    view = queries.judge_report(training, scope, attendees)
    form = forms.ReportConfirmForm(formdata=None, data={"report": pack_report(attendees), "seen": view.seen})
    return render_template(
        "attendance/report_preview.html",
        training=training,
        view=view,
        form=form,
        unread=unread,
        changed=changed,
        chosen=_chosen(len(attendees)),
        is_elsewhere=not any(line.minutes for line in view.lines),
    )

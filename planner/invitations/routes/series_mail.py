"""When a series reminds of its sessions, and follows them up."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.invitations import queries, service
from planner.invitations.forms import SeriesMailForm
from planner.invitations.routes.blueprint import blueprint
from planner.series.queries import get_series
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/series/<int:series_id>/mail", methods=["GET", "POST"])
@requires("organiser")
def series_mail(series_id: int) -> Answer:
    """Reminders and follow-up mail of a series."""
    series = get_series(current_viewer(), series_id, to_edit=True)
    form = SeriesMailForm()
    form.offer_choices()
    if not form.is_submitted():
        form.show(queries.series_mail(series))
    if form.validate_on_submit():
        with unit_of_work():
            series = get_series(current_viewer(), series_id, to_edit=True)
            service.set_series_mail(series, form.terms())
        flash(_("Saved."), "success")
        return redirect(url_for("attendance.enrolments", series_id=series_id))
    return form_page("invitations/series_mail.html", form=form, series=series)

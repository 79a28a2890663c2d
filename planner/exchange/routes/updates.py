"""What was decided about a version: the entry in the series' history, and undoing it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.exchange.forms.words import decided
from planner.exchange.models import TemplateUpdate
from planner.exchange.queries.series import get_adopted, get_update
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.rules.reviews import Decided
from planner.exchange.service import updates as service
from planner.series.models import Series
from planner.series_templates.diff import diff
from planner.series_templates.rules import from_document
from planner.web.access import current_viewer, requires


@blueprint.get("/series/<int:series_id>/updates/<int:update_id>")
@requires("organiser")
def update(series_id: int, update_id: int) -> str:
    """What was decided, by whom, and what it changed."""
    series = get_adopted(current_viewer(), series_id, to_edit=True)
    return update_page(series, get_update(series, update_id))


def update_page(series: Series, entry: TemplateUpdate, *, written: Sequence[str] = ()) -> str:
    """The entry's page; `written` is what somebody else was writing at the same time."""
    changed, decisions = None, []
    if entry.outcome != Decided.SKIPPED:
        changed = diff(from_document(entry.before["document"]), from_document(entry.after["document"]))
        decisions = decided(
            entry.decisions["fields"], changed.after, changed.before, from_document(entry.to_version.document)
        )
    return render_template(
        "exchange/update.html",
        series=series,
        entry=entry,
        diff=changed,
        decisions=decisions,
        written=written,
        may_undo=service.may_undo(series, entry),
    )


@blueprint.post("/series/<int:series_id>/updates/<int:update_id>/undo")
@requires("organiser")
def undo(series_id: int, update_id: int) -> Response:
    """Put the series back to before the update."""
    try:
        with unit_of_work():
            series = get_adopted(current_viewer(), series_id, to_edit=True)
            service.undo(series, get_update(series, update_id), by=current_viewer())
    except RefusedError as error:
        flash(error.message, "warning")
        return redirect(url_for(".update", series_id=series_id, update_id=update_id))
    flash(_("The update is undone. The series and its sessions are as they were before."), "success")
    return redirect(url_for("series.series", series_id=series_id))

"""How a series differs from its template version, and which of its fields updates leave alone."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.exchange.forms.locks import LockForm, full_name
from planner.exchange.queries.offers import find_offer
from planner.exchange.queries.series import differences_of, get_adopted, list_updates
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.rules.reviews import lockable
from planner.series import service
from planner.series.models import Series
from planner.series.queries import document_of
from planner.web.access import current_viewer, requires


@blueprint.get("/series/<int:series_id>/differences")
@requires("organiser")
def differences(series_id: int) -> str:
    """What the series says otherwise than the version it was made from, and what it has locked."""
    series = get_adopted(current_viewer(), series_id, to_edit=True)
    return render_template(
        "exchange/differences.html",
        series=series,
        diff=differences_of(series),
        form=_form(series),
        names=_names(series),
        offer=find_offer(series.id),
        updates=list_updates(series.id),
    )


@blueprint.post("/series/<int:series_id>/lock")
@requires("organiser")
def lock(series_id: int) -> Response:
    """Lock a field, or let it go (`keep` 0)."""
    with unit_of_work():
        series = get_adopted(current_viewer(), series_id, to_edit=True)
        form = _form(series)
        is_locked = form.keep.data == "1"
        if not form.validate_on_submit() and (is_locked or form.path.data not in series.locked):
            raise NotFoundError(_("The series has no such field."))
        service.set_locked(series, form.path.data, is_locked=is_locked)
    flash(
        _("Locked: updates of the template leave it alone.")
        if is_locked
        else _("No longer locked: the next update asks about it again."),
        "success",
    )
    return redirect(url_for(".differences", series_id=series_id))


def _names(series: Series) -> dict[str, str]:
    """What each locked path is called, also of a step that is gone."""
    document = document_of(series)
    return {path: full_name(path, document) for path in series.locked}


def _form(series: Series) -> LockForm:
    form, document = LockForm(), document_of(series)
    form.offer(lockable(document), document)
    return form

"""Pages of frozen months."""

from __future__ import annotations

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.base.viewer import EDITORS
from planner.directory.queries import list_organisations_of
from planner.reports import queries, service
from planner.reports.forms.frozen import FreezeForm
from planner.reports.models import FrozenMonth
from planner.reports.routes.blueprint import blueprint
from planner.reports.rules import Month, read_month
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/figures/frozen", methods=["GET", "POST"])
@requires("organiser")
def frozen_months() -> Answer:
    """The months that were frozen, and a form for one more."""
    viewer = current_viewer()
    organisations = list_organisations_of(viewer.organisations(EDITORS))
    form = FreezeForm()
    form.offer(queries.list_months_over(), organisations)
    if form.validate_on_submit():
        whose = next(one for one in organisations if str(one.id) == form.organisation.data)
        try:
            with unit_of_work():
                frozen = service.freeze_month(whose, _month(form.month.data), by=viewer)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(
                _("The month is frozen. It stays as it is now; what is corrected later is listed beside it."),
                "success",
            )
            return redirect(url_for(".frozen_month", frozen_id=frozen.id))
    return form_page("reports/frozen_months.html", form=form, months=queries.list_frozen(viewer))


@blueprint.get("/figures/frozen/<int:frozen_id>")
@requires("organiser")
def frozen_month(frozen_id: int) -> str:
    """A frozen month, and what has been corrected since."""
    frozen = queries.get_frozen(current_viewer(), frozen_id)
    corrections = queries.list_corrections(frozen, _month(frozen.month))
    return render_template("reports/frozen_month.html", frozen=frozen, corrections=corrections)


@blueprint.get("/figures/frozen/<int:frozen_id>/file")
@requires("organiser")
def frozen_file(frozen_id: int) -> Response:
    """The file as it was, byte for byte."""
    frozen = queries.get_frozen(current_viewer(), frozen_id)
    answer = FlaskResponse(frozen.data, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_name(frozen)}"'
    return answer


def _name(frozen: FrozenMonth) -> str:
    return f"{_('figures')}-{frozen.month}-{frozen.id}.csv"


def _month(text: str) -> Month:
    month = read_month(text)
    if month is None:
        raise NotFoundError
    return month

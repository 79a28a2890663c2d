"""Pages of a series' cohorts."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.directory.models import Company
from planner.directory.queries import list_companies_in
from planner.series import queries, service
from planner.series.forms import CohortForm
from planner.series.models import Cohort, Series
from planner.series.routes.blueprint import blueprint
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


def _back(series_id: int) -> Response:
    return redirect(url_for("series.series", series_id=series_id, _anchor="cohorts"))


def _companies(series: Series) -> list[Company]:
    """Those of the series' municipalities, and those already in its cohorts."""
    listed = list_companies_in(series.municipality_codes)
    known = {company.id for company in listed}
    inside = {c.id: c for cohort in series.cohorts for c in cohort.companies if c.id not in known}
    return sorted([*listed, *inside.values()], key=lambda company: company.sort_key)


def _form(series: Series, cohort: Cohort | None, *, posted: bool) -> CohortForm:
    data = None
    if cohort is not None:
        chosen = [str(company.id) for company in cohort.companies]
        data = {"name": cohort.name, "note": cohort.note, "companies": chosen, "revision": cohort.revision}
    form = CohortForm(formdata=request.form if posted else None, data=data)
    form.offer(_companies(series))
    return form


def _chosen(form: CohortForm, series: Series) -> list[Company]:
    wanted = set(form.companies.data or ())
    return [company for company in _companies(series) if str(company.id) in wanted]


@blueprint.route("/series/<int:series_id>/cohorts/new", methods=["GET", "POST"])
@requires("organiser")
def new_cohort(series_id: int) -> Answer:
    """Add a cohort."""
    shown = queries.get_series(current_viewer(), series_id, to_edit=True)
    form = _form(shown, None, posted=request.method == "POST")
    if form.validate_on_submit():
        try:
            with unit_of_work():
                current = queries.get_series(current_viewer(), series_id, to_edit=True)
                service.create_cohort(
                    current, form.name.data, _chosen(form, current), note=form.note.data or ""
                )
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The cohort is made."), "success")
            return _back(series_id)
    return form_page("series/cohort.html", form=form, series=shown, cohort=None)


@blueprint.route("/series/<int:series_id>/cohorts/<int:cohort_id>", methods=["GET", "POST"])
@requires("organiser")
def cohort(series_id: int, cohort_id: int) -> Answer:
    """Change a cohort."""
    shown = queries.get_series(current_viewer(), series_id, to_edit=True)
    form = _form(shown, queries.get_cohort(shown, cohort_id), posted=request.method == "POST")
    if form.validate_on_submit():
        try:
            saved = _save(form, series_id, cohort_id)
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("The cohort is saved."), "success")
                return _back(series_id)
    return form_page(
        "series/cohort.html", form=form, series=shown, cohort=queries.get_cohort(shown, cohort_id)
    )


def _save(form: CohortForm, series_id: int, cohort_id: int) -> bool:
    with unit_of_work():
        series = queries.get_series(current_viewer(), series_id, to_edit=True)
        current = queries.get_cohort(series, cohort_id)
        if not form.reconcile(_form(series, current, posted=False), current.revision):
            return False
        service.edit_cohort(current, series, form.name.data, _chosen(form, series), note=form.note.data or "")
    return True


@blueprint.post("/series/<int:series_id>/cohorts/<int:cohort_id>/remove")
@requires("organiser")
def remove_cohort(series_id: int, cohort_id: int) -> Response:
    """Remove a cohort without sessions."""
    try:
        with unit_of_work():
            series = queries.get_series(current_viewer(), series_id, to_edit=True)
            service.remove_cohort(series, queries.get_cohort(series, cohort_id))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The cohort is removed."), "success")
    return _back(series_id)

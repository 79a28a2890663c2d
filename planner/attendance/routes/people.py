"""Who has a standing place in a series."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from planner.attendance import forms, queries, service
from planner.attendance.queries import PeopleScope
from planner.attendance.routes.blueprint import blueprint, new_person
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.series.models import Series
from planner.series.queries import get_cohort
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer


@blueprint.get("/series/<int:series_id>/people")
@requires("organiser")
def enrolments(series_id: int) -> str:
    """The enrolled by cohort and company, and who could be enrolled."""
    series, scope = queries.get_series_with_people(current_viewer(), series_id)
    return _page(series, scope, _new_form(series))


@blueprint.post("/series/<int:series_id>/people")
@requires("organiser")
def enrol(series_id: int) -> Answer:
    """Enrol the people chosen from the cohorts' companies."""
    viewer = current_viewer()
    with unit_of_work():
        series, scope = queries.get_series_with_people(viewer, series_id)
        chosen = set(request.form.getlist("pick"))
        picked = [c for c in queries.list_candidates(viewer, series) if c.key in chosen]
        service.enrol(series, [(c.person, get_cohort(series, c.cohort_id)) for c in picked])
    if not picked:
        flash(_("Choose at least one person to enrol."), "warning")
        return _page(series, scope, _new_form(series)), 422
    flash(ngettext("%(num)s person enrolled.", "%(num)s people enrolled.", len(picked)), "success")
    return redirect(url_for("attendance.enrolments", series_id=series_id))


@blueprint.post("/series/<int:series_id>/people/new")
@requires("organiser")
def enrol_new(series_id: int) -> Answer:
    """Enrol somebody typed in."""
    viewer = current_viewer()
    series, scope = queries.get_series_with_people(viewer, series_id)
    form = _new_form(series)
    if form.validate():
        try:
            with unit_of_work():
                series, scope = queries.get_series_with_people(viewer, series_id)
                cohort = get_cohort(series, int(form.cohort.data)) if form.cohort.data else None
                service.enrol_new_person(series, new_person(form, series), cohort)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is enrolled.", name=form.name.data), "success")
            return redirect(url_for("attendance.enrolments", series_id=series_id))
    return _page(series, scope, form), 422


@blueprint.post("/series/<int:series_id>/people/end")
@requires("organiser")
def end(series_id: int) -> Answer:
    """End one person's standing place."""
    with unit_of_work():
        series, scope = queries.get_series_with_people(current_viewer(), series_id)
        enrolment = queries.get_enrolment(series, request.form.get("enrolment", 0, type=int), scope)
        service.end_enrolment(enrolment, series)
    flash(_("%(name)s is no longer enrolled. Coming seats are free.", name=enrolment.person.name), "success")
    return redirect(url_for("attendance.enrolments", series_id=series_id))


def _new_form(series: Series) -> forms.EnrolNewForm:
    form = forms.EnrolNewForm()
    form.offer_companies(queries.list_companies_of_series(series.id))
    form.offer_cohorts(series.cohorts)
    return form


def _page(series: Series, scope: PeopleScope, form: forms.EnrolNewForm) -> str:
    enrolled = queries.list_enrolments(series, scope)
    candidates = queries.list_candidates(current_viewer(), series)
    groups = [
        (
            cohort,
            [item for item in enrolled if item.cohort_id == (cohort.id if cohort else None)],
            [item for item in candidates if cohort and item.cohort_id == cohort.id],
        )
        for cohort in (*series.cohorts, None)
    ]
    return render_template(
        "attendance/enrolments.html", series=series, groups=groups, total=len(enrolled), form=form
    )

"""Pages of a series: the list, one series, new, edit, publish."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotAllowedError, NotFoundError, RefusedError
from planner.base.viewer import EDITORS, Viewer
from planner.directory.queries import (
    get_municipality,
    get_organisation,
    list_municipalities_of,
    list_organisations_of,
)
from planner.series import queries, service
from planner.series.forms import NewSeriesForm, SeriesTextsForm
from planner.series.models import Series
from planner.series.routes.blueprint import blueprint
from planner.series_templates.models import TemplateVersion
from planner.series_templates.queries import get_version, is_read_by
from planner.web.access import current_viewer, requires
from planner.web.addresses import row_number
from planner.web.answers import Answer, form_page
from planner.web.forms import plain
from planner.web.paging import asked_page, page_of


@blueprint.get("/series")
@requires("member")
def index() -> str:
    """The series this viewer sees."""
    viewer = current_viewer()
    words = plain(request.args.get("q", ""))
    municipality = plain(request.args.get("municipality", "")) or None
    listed = queries.list_series(viewer, words=words, municipality=municipality)
    return render_template(
        "series/index.html",
        page=page_of(listed, asked_page(), 30),
        words=words,
        municipality=municipality,
        municipalities=list_municipalities_of(viewer.municipalities(EDITORS)),
        may_create=viewer.has_role(EDITORS),
    )


@blueprint.get("/series/<int:series_id>")
@requires("member")
def series(series_id: int) -> str:
    """One series with its steps, cohorts and sessions."""
    viewer = current_viewer()
    shown = queries.get_series(viewer, series_id)
    trainings = queries.list_trainings(queries.SessionFilter(published_only=False, series_id=shown.id))
    may_edit = queries.may_edit(viewer, shown)
    origin = shown.template_version
    return render_template(
        "series/series.html",
        series=shown,
        trainings=trainings,
        may_edit=may_edit,
        reads_template=origin is not None and is_read_by(viewer, origin.template_id),
    )


@blueprint.route("/series/new", methods=["GET", "POST"])
@requires("organiser")
def new() -> Answer:
    """A series from a template version (`?version=`), or from nothing."""
    viewer = current_viewer()
    version = _asked_version()
    form = _new_form(viewer, version)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                made = _create(form, version, viewer)
        except (NotAllowedError, RefusedError) as error:
            form.refuse(error)
        else:
            flash(_("The series is made, as a draft. Tailor its steps and set its sessions."), "success")
            return redirect(url_for("series.series", series_id=made.id))
    return form_page("series/new.html", form=form, version=version)


def _asked_version() -> TemplateVersion | None:
    asked = request.args.get("version", type=row_number)
    return get_version(current_viewer(), asked) if asked else None


def _new_form(viewer: Viewer, version: TemplateVersion | None) -> NewSeriesForm:
    form = NewSeriesForm(formdata=request.form if request.method == "POST" else None)
    form.offer_places(
        list_municipalities_of(viewer.municipalities(EDITORS)),
        list_organisations_of(viewer.organisations(EDITORS)),
    )
    if request.method == "GET":
        form.municipality.data = request.args.get("municipality", "")
        if version is not None:
            form.title.data, form.summary.data = version.title, version.summary
            form.audience.data = version.document.get("audience", "")
            form.competences.data = list(version.document.get("competences", []))
    return form


def _create(form: NewSeriesForm, version: TemplateVersion | None, viewer: Viewer) -> Series:
    organisation = get_organisation(int(form.organisation.data))
    municipality = get_municipality(form.municipality.data)
    neighbours = list_municipalities_of(form.neighbours.data or [])
    if version is None:
        return service.create_series(
            form.texts(), organisation, municipality, by=viewer, neighbours=neighbours
        )
    made = service.adopt(version, organisation, municipality, by=viewer, neighbours=neighbours)
    service.edit_series(made, form.texts(), by=viewer)
    return made


def _edit_form(shown: Series, viewer: Viewer, *, posted: bool) -> SeriesTextsForm:
    form = SeriesTextsForm(
        formdata=request.form if posted else None,
        data={
            "title": shown.title,
            "summary": shown.summary,
            "audience": shown.audience,
            "competences": shown.competences,
            "neighbours": [place.code for place in shown.neighbours],
            "revision": shown.revision,
        },
    )
    chosen = {place.code for place in shown.neighbours}
    codes = (viewer.municipalities(EDITORS) | chosen) - {shown.municipality_code}
    form.offer(list_municipalities_of(codes))
    return form


@blueprint.route("/series/<int:series_id>/edit", methods=["GET", "POST"])
@requires("organiser")
def edit(series_id: int) -> Answer:
    """Change what the series says of itself."""
    viewer = current_viewer()
    shown = queries.get_series(viewer, series_id)
    if not queries.may_edit(viewer, shown):
        raise NotFoundError(_("There is no such series here."))
    form = _edit_form(shown, viewer, posted=request.method == "POST")
    if form.validate_on_submit() and _save(form, series_id, viewer):
        flash(_("Saved."), "success")
        return redirect(url_for("series.series", series_id=series_id))
    return form_page("series/edit.html", form=form, series=shown)


def _save(form: SeriesTextsForm, series_id: int, viewer: Viewer) -> bool:
    with unit_of_work():
        current = queries.get_series(viewer, series_id, to_edit=True)
        if not form.reconcile(_edit_form(current, viewer, posted=False), current.revision):
            return False
        neighbours = list_municipalities_of(form.neighbours.data or [])
        service.edit_series(current, form.texts(), by=viewer, neighbours=neighbours)
    return True


@blueprint.post("/series/<int:series_id>/publish")
@requires("organiser")
def publish(series_id: int) -> Response:
    """Open the series to everyone."""
    try:
        with unit_of_work():
            viewer = current_viewer()
            service.publish_series(queries.get_series(viewer, series_id, to_edit=True), by=viewer)
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(
            _("The series is published: it has a public page, and its sessions are in the calendars."),
            "success",
        )
    return redirect(url_for("series.series", series_id=series_id))


@blueprint.post("/series/<int:series_id>/unpublish")
@requires("organiser")
def unpublish(series_id: int) -> Response:
    """Make it a draft again, while it has no sessions."""
    try:
        with unit_of_work():
            service.unpublish_series(queries.get_series(current_viewer(), series_id, to_edit=True))
    except RefusedError as error:
        flash(error.message, "warning")
    else:
        flash(_("The series is a draft again."), "success")
    return redirect(url_for("series.series", series_id=series_id))

"""Taking a template into use in several municipalities at once, or with all its dates."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotAllowedError, NotFoundError, RefusedError
from planner.base.viewer import EDITORS
from planner.directory.queries import get_organisation, list_municipalities_of, list_organisations_of
from planner.exchange.forms.use import UseForm
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.service.use import use_in
from planner.series.models import Series
from planner.series_templates.models import TemplateVersion
from planner.series_templates.queries import get_version_number
from planner.series_templates.rules import from_document
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/templates/<int:template_id>/versions/<int:number>/use", methods=["GET", "POST"])
@requires("organiser")
def use(template_id: int, number: int) -> Answer:
    """A series in each chosen municipality; the dates are shown before anything is made."""
    viewer = current_viewer()
    version = get_version_number(viewer, template_id, number)
    if version.template.archived_at:
        raise NotFoundError(_("This template is archived and no longer offered."))
    form = UseForm()
    form.offer(
        list_municipalities_of(viewer.municipalities(EDITORS)),
        list_organisations_of(viewer.organisations(EDITORS)),
    )
    document = from_document(version.document)
    is_read = form.validate_on_submit()
    if is_read and request.form.get("action") == "make" and (made := _make(form, version)):
        return _made(made)
    dates = form.dates(document) if is_read else []
    return form_page("exchange/use.html", form=form, version=version, document=document, dates=dates)


def _make(form: UseForm, version: TemplateVersion) -> list[Series]:
    viewer = current_viewer()
    try:
        with unit_of_work():
            found = get_version_number(viewer, version.template_id, version.number)
            organisation = get_organisation(int(form.organisation.data))
            places = list_municipalities_of(form.municipalities.data)
            dates = form.dates(from_document(found.document))
            return use_in(found, organisation, places, dates, by=viewer)
    except (NotAllowedError, RefusedError) as error:
        form.refuse(error)
        return []


def _made(made: list[Series]) -> Response:
    flash(
        ngettext("%(num)s series is made, as a draft.", "%(num)s series are made, as drafts.", len(made)),
        "success",
    )
    if len(made) == 1:
        return redirect(url_for("series.series", series_id=made[0].id))
    return redirect(url_for("series.index"))

"""The gallery: what is published, how far it has spread, to choose among."""

from __future__ import annotations

from flask import render_template, request

from planner.base.viewer import EDITORS
from planner.exchange.queries.spread import list_uses
from planner.exchange.routes.blueprint import blueprint
from planner.series_templates import queries
from planner.series_templates.forms.gallery import GalleryForm
from planner.series_templates.forms.topics import areas_of
from planner.web.access import current_viewer, public
from planner.web.answers import Answer
from planner.web.paging import asked_page


@blueprint.get("/templates")
@public
def gallery() -> Answer:
    """All published templates that the viewer may read, with filters."""
    form = GalleryForm(request.args, queries.list_counties())
    viewer = current_viewer()
    page = queries.gallery(viewer, **form.filters(), page=asked_page())
    return render_template(
        "exchange/gallery.html",
        form=form,
        page=page,
        uses=list_uses([version.template_id for version in page.items]),
        areas_of=areas_of,
        is_filtered=any(value not in ("", None) for value in form.filters().values()),
        may_make=viewer.has_role(EDITORS),
    )

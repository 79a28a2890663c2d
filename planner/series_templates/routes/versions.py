"""What is published of a template: its versions, and what differs between two of them."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for

from planner.base.viewer import EDITORS
from planner.series_templates import queries
from planner.series_templates.diff import diff
from planner.series_templates.forms.compare import CompareForm
from planner.series_templates.forms.fields import gap_words
from planner.series_templates.forms.topics import areas_of
from planner.series_templates.models import TemplateVersion
from planner.series_templates.routes.blueprint import blueprint
from planner.series_templates.rules import from_document
from planner.web.access import current_viewer, public
from planner.web.answers import Answer


@blueprint.get("/templates/<int:template_id>")
@public
def template(template_id: int) -> Answer:
    """The latest version; for those who edit it and have not published, the preview."""
    viewer = current_viewer()
    if queries.find_latest_version(template_id) is None:
        queries.get_template(viewer, template_id)
        return redirect(url_for(".preview", template_id=template_id))
    latest = queries.get_latest_version(viewer, template_id)
    return redirect(url_for(".version", template_id=template_id, number=latest.number))


@blueprint.get("/templates/<int:template_id>/versions/<int:number>")
@public
def version(template_id: int, number: int) -> Answer:
    """One published version."""
    viewer = current_viewer()
    shown = queries.get_version_number(viewer, template_id, number)
    document = from_document(shown.document)
    return render_template(
        "series_templates/version.html",
        version=shown,
        document=document,
        areas=areas_of(document.competences),
        versions=queries.list_versions(template_id),
        gap_words=gap_words,
        use_url=_use_url(shown),
        may_edit=viewer.may_edit_for(shown.template.organisation_id),
        may_fork=viewer.has_role(EDITORS),
        origin=queries.find_origin(viewer, shown.template),
    )


def _use_url(shown: TemplateVersion) -> str | None:
    """Where a series is made from it; None for those who make none and for archived templates."""
    if shown.template.archived_at or not current_viewer().has_role(EDITORS):
        return None
    return url_for("series.new", version=shown.id)


@blueprint.get("/templates/<int:template_id>/compare")
@public
def compare(template_id: int) -> Answer:
    """What differs between two versions; for those who edit the template also between one and the draft."""
    viewer = current_viewer()
    newest = queries.get_latest_version(viewer, template_id)
    documents = {str(one.number): one.document for one in queries.list_versions(template_id)}
    if may_edit := viewer.may_edit_for(newest.template.organisation_id):
        documents["draft"] = newest.template.draft
    form = CompareForm(request.args, list(documents))
    return render_template(
        "series_templates/compare.html",
        template=newest.template,
        newest=newest,
        form=form,
        diff=diff(from_document(documents[form.since.data]), from_document(documents[form.to.data])),
        may_edit=may_edit,
    )

"""The draft beside what is published: looking it through, and publishing it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.series_templates import queries, service
from planner.series_templates.diff import diff
from planner.series_templates.forms.differences import summary_of
from planner.series_templates.forms.editor import (
    EditorForm,
    PublishForm,
    RevisionForm,
    VisibilityForm,
)
from planner.series_templates.forms.fields import gap_words
from planner.series_templates.forms.topics import areas_of
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.routes.blueprint import blueprint
from planner.series_templates.rules import LONGEST_NOTE, from_document, problems
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.get("/templates/<int:template_id>/preview")
@requires("organiser")
def preview(template_id: int) -> Answer:
    """The draft as others will see it, and publishing it."""
    found = queries.get_template(current_viewer(), template_id)
    form = PublishForm()
    form.revision.data = str(found.revision)
    form.note.data = _news(found)
    return _preview(found, form)


@blueprint.post("/templates/<int:template_id>/publish")
@requires("organiser")
def publish(template_id: int) -> Answer:
    """Make the draft that was looked at the next version."""
    viewer, form = current_viewer(), PublishForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                found = queries.get_template(viewer, template_id, lock=True)
                made = service.publish(
                    found, note=form.note.data or "", revision=form.opened_revision(), by=viewer
                )
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Version %(number)s is published.", number=made.number), "success")
            return redirect(url_for(".version", template_id=template_id, number=made.number))
    found = queries.get_template(viewer, template_id)
    form.revision.data = str(found.revision)
    return _preview(found, form)


def _preview(
    found: SeriesTemplate, form: PublishForm, shown_to: VisibilityForm | None = None
) -> tuple[str, int]:
    shown_to = shown_to or VisibilityForm(formdata=None, data={"visibility": found.visibility})
    document = from_document(found.draft)
    # The same form as the editor's, so that each problem can link to its field there.
    check = EditorForm.showing(document, document, found.revision)
    check.show(problems(document))
    own = queries.OwnTemplate(found, latest := queries.find_latest_version(found.id))
    return form_page(
        "series_templates/preview.html",
        template=found,
        document=document,
        areas=areas_of(document.competences),
        latest=latest,
        has_news=own.has_news,
        diff=diff(from_document(latest.document), document) if latest else None,
        form=form,
        shown_to=shown_to,
        complaints=check.complaints,
        gap_words=gap_words,
    )


def _news(found: SeriesTemplate) -> str:
    """What the draft says otherwise than the latest version, to begin the note with; empty for a first version."""
    latest = queries.find_latest_version(found.id)
    if latest is None:
        return ""
    news = summary_of(diff(from_document(latest.document), from_document(found.draft)))
    try:
        return service.with_thanks(found, news)
    except RefusedError:
        return service.with_thanks(found, news[: LONGEST_NOTE // 2])


@blueprint.route("/templates/<int:template_id>/versions/<int:number>/draft", methods=["GET", "POST"])
@requires("organiser")
def make_draft(template_id: int, number: int) -> Answer:
    """Make a published version the draft to work on, after a look at what that does to the present draft."""
    viewer, form = current_viewer(), RevisionForm()
    version = queries.get_version_number(viewer, template_id, number)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                found = queries.get_template(viewer, template_id, lock=True)
                service.make_draft(found, version, revision=form.opened_revision(), by=viewer)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Version %(number)s is the draft now.", number=number), "success")
            return redirect(url_for(".edit", template_id=template_id))
    found = queries.get_template(viewer, template_id)
    form.revision.data = str(found.revision)
    latest = queries.find_latest_version(template_id)
    return form_page(
        "series_templates/make_draft.html",
        template=found,
        version=version,
        is_published=not queries.OwnTemplate(found, latest).has_news,
        diff=diff(from_document(found.draft), from_document(version.document)),
        form=form,
    )


@blueprint.post("/templates/<int:template_id>/visibility")
@requires("organiser")
def set_visibility(template_id: int) -> Answer:
    """Choose who finds the published versions."""
    viewer, form = current_viewer(), VisibilityForm()
    found = queries.get_template(viewer, template_id)
    if not form.validate_on_submit():
        page, _status = _preview(found, PublishForm(formdata=None), form)
        return page, 422
    with unit_of_work():
        found = queries.get_template(viewer, template_id, lock=True)
        service.set_visibility(found, form.choice(), by=viewer)
    flash(_("Shown to: %(who)s.", who=form.choice().label), "success")
    return redirect(url_for(".preview", template_id=template_id))

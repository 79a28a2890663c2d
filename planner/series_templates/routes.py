"""Pages of series templates."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import EDITORS
from planner.directory.queries import list_organisations_of
from planner.series_templates import queries, service
from planner.series_templates.forms.editor import EditorForm, NewTemplateForm, PublishForm
from planner.series_templates.forms.fields import gap_words
from planner.series_templates.forms.gallery import GalleryForm
from planner.series_templates.forms.topics import all_areas, areas_of
from planner.series_templates.models import SeriesTemplate, TemplateVersion
from planner.series_templates.rules import from_document, problems
from planner.web.access import current_viewer, public, requires
from planner.web.answers import Answer, form_page
from planner.web.paging import asked_page

blueprint = Blueprint("series_templates", __name__)


@blueprint.get("/templates")
@public
def gallery() -> Answer:
    """All published templates, with filters."""
    form = GalleryForm(request.args, queries.list_counties())
    page = queries.gallery(**form.filters(), page=asked_page())
    return render_template(
        "series_templates/gallery.html",
        form=form,
        page=page,
        areas_of=areas_of,
        is_filtered=any(value not in ("", None) for value in form.filters().values()),
        may_make=current_viewer().has_role(EDITORS),
    )


@blueprint.get("/templates/mine")
@requires("organiser")
def mine() -> Answer:
    """The own organisations' templates, drafts among them."""
    archived = request.args.get("show") == "archived"
    page = queries.list_own(current_viewer(), archived=archived, page=asked_page())
    return render_template("series_templates/mine.html", page=page, archived=archived)


@blueprint.route("/templates/new", methods=["GET", "POST"])
@requires("organiser")
def new() -> Answer:
    """Start a template with its title."""
    viewer = current_viewer()
    own = {str(one.id): one for one in list_organisations_of(viewer.organisations(EDITORS))}
    form = NewTemplateForm([(one.id, one.name) for one in own.values()])
    if form.validate_on_submit():
        with unit_of_work():
            made = service.create_template(own[form.organisation_id.data], form.document(), by=viewer)
        return redirect(url_for(".edit", template_id=made.id))
    return form_page("series_templates/new.html", form=form)


@blueprint.get("/templates/<int:template_id>")
@public
def template(template_id: int) -> Answer:
    """The latest version; for those who edit it and have not published, the preview."""
    latest = queries.find_latest_version(template_id)
    if latest is not None:
        return redirect(url_for(".version", template_id=template_id, number=latest.number))
    queries.get_template(current_viewer(), template_id)
    return redirect(url_for(".preview", template_id=template_id))


@blueprint.get("/templates/<int:template_id>/versions/<int:number>")
@public
def version(template_id: int, number: int) -> Answer:
    """One published version."""
    shown = queries.get_version_number(template_id, number)
    document = from_document(shown.document)
    return render_template(
        "series_templates/version.html",
        version=shown,
        document=document,
        areas=areas_of(document.competences),
        versions=queries.list_versions(template_id),
        gap_words=gap_words,
        use_url=_use_url(shown),
        may_edit=current_viewer().may_edit_for(shown.template.organisation_id),
    )


def _use_url(shown: TemplateVersion) -> str | None:
    """Where a series is made from it; None for those who make none and for archived templates."""
    if shown.template.archived_at or not current_viewer().has_role(EDITORS):
        return None
    return url_for("series.new", version=shown.id)


@blueprint.get("/templates/<int:template_id>/edit")
@requires("organiser")
def edit(template_id: int) -> Answer:
    """The draft to work on; with ?check=1 also what keeps it from being published."""
    found = queries.get_template(current_viewer(), template_id)
    draft = from_document(found.draft)
    form = EditorForm.showing(draft, draft, found.revision)
    if "check" in request.args:
        form.show(problems(draft))
    return _editor(found, form)


@blueprint.post("/templates/<int:template_id>/edit")
@requires("organiser")
def save(template_id: int) -> Answer:
    """Do what the pressed button says with what was typed, and save it as the draft."""
    viewer, form = current_viewer(), EditorForm()
    action = request.form.get("action", "save")
    key = form.apply(action)
    found = queries.get_template(viewer, template_id)
    if not form.validate():
        return _editor(found, form), 422
    if action.startswith("remove:"):
        return _editor(found, form, removed=True)
    with unit_of_work():
        found = queries.get_template(viewer, template_id, lock=True)
        merge = service.save_edit(
            found, form.document(), base=form.base(), revision=form.opened_revision(), by=viewer
        )
    if merge.conflicts:
        return _editor(found, EditorForm.choosing(merge, found.revision)), 422
    flash(_saved_words(taken_over=bool(merge.offers)), "success")
    return redirect(_after(action, found, key))


def _saved_words(*, taken_over: bool) -> str:
    if taken_over:
        return _("The draft is saved. What someone else saved meanwhile is in it too.")
    return _("The draft is saved.")


def _after(action: str, found: SeriesTemplate, key: str) -> str:
    if action == "preview":
        return url_for(".preview", template_id=found.id)
    if action == "publish" and problems(from_document(found.draft)):
        return url_for(".edit", template_id=found.id, check=1)
    if action == "publish":
        return url_for(".preview", template_id=found.id, _anchor="publish")
    anchor = f"step-{key}" if key else None
    if action == "add":
        # Straight to the first thing to fill in; the step may stand elsewhere than last after a merge.
        anchor = f"steps-{from_document(found.draft).step_keys.index(key)}-title"
    return url_for(".edit", template_id=found.id, _anchor=anchor)


def _editor(found: SeriesTemplate, form: EditorForm, *, removed: bool = False) -> str:
    return render_template(
        "series_templates/edit.html",
        template=found,
        form=form,
        areas=all_areas(),
        latest=queries.find_latest_version(found.id),
        removed=removed,
    )


@blueprint.get("/templates/<int:template_id>/preview")
@requires("organiser")
def preview(template_id: int) -> Answer:
    """The draft as others will see it, and publishing it."""
    found = queries.get_template(current_viewer(), template_id)
    form = PublishForm()
    form.revision.data = str(found.revision)
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


def _preview(found: SeriesTemplate, form: PublishForm) -> Answer:
    document = from_document(found.draft)
    # The same form as the editor's, so that each problem can link to its field there.
    check = EditorForm.showing(document, document, found.revision)
    check.show(problems(document))
    return form_page(
        "series_templates/preview.html",
        template=found,
        document=document,
        areas=areas_of(document.competences),
        latest=queries.find_latest_version(found.id),
        form=form,
        complaints=check.complaints,
        gap_words=gap_words,
    )


@blueprint.post("/templates/<int:template_id>/archive")
@requires("organiser")
def archive(template_id: int) -> Answer:
    """Take the template out of the gallery."""
    with unit_of_work():
        service.archive_template(_own(template_id), by=current_viewer())
    flash(_("The template is archived. Series made from it are not changed."), "success")
    return redirect(url_for(".mine"))


@blueprint.post("/templates/<int:template_id>/restore")
@requires("organiser")
def restore(template_id: int) -> Answer:
    """Put an archived template back."""
    with unit_of_work():
        service.restore_template(_own(template_id), by=current_viewer())
    flash(_("The template is in use again."), "success")
    return redirect(url_for(".mine"))


def _own(template_id: int) -> SeriesTemplate:
    return queries.get_template(current_viewer(), template_id, lock=True)

"""Drafts: the own templates, a new one, the editor, the archive."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.viewer import EDITORS
from planner.directory.queries import list_organisations_of
from planner.series_templates import queries, service
from planner.series_templates.forms.editor import EditorForm, ForkForm, NewTemplateForm
from planner.series_templates.forms.topics import all_areas
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.routes.blueprint import blueprint
from planner.series_templates.rules import from_document, problems
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.paging import asked_page


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


@blueprint.route("/templates/<int:template_id>/versions/<int:number>/fork", methods=["GET", "POST"])
@requires("organiser")
def fork(template_id: int, number: int) -> Answer:
    """Copy a version into an own template, which remembers where it comes from."""
    viewer = current_viewer()
    version = queries.get_version_number(viewer, template_id, number)
    own = {str(one.id): one for one in list_organisations_of(viewer.organisations(EDITORS))}
    form = ForkForm([(one.id, one.name) for one in own.values()])
    if form.validate_on_submit():
        with unit_of_work():
            made = service.fork(version, own[form.organisation_id.data], by=viewer)
        flash(_("The copy is yours, as a draft. Its origin stays as it is."), "success")
        return redirect(url_for(".edit", template_id=made.id))
    return form_page("series_templates/fork.html", form=form, version=version)


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
    own = queries.OwnTemplate(found, queries.find_latest_version(found.id))
    return render_template(
        "series_templates/edit.html",
        template=found,
        form=form,
        areas=all_areas(),
        latest=own.latest,
        has_news=own.has_news,
        origin_news=queries.find_origin_news(current_viewer(), found),
        removed=removed,
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

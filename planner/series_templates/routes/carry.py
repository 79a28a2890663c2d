"""A version as a file, and a file as a draft."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response as Download
from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import EDITORS
from planner.directory.queries import list_organisations_of
from planner.series_templates import queries, service
from planner.series_templates.carry import FileRefusedError, write_file
from planner.series_templates.diff import Diff, diff
from planner.series_templates.forms.carry import NEW, ImportForm
from planner.series_templates.forms.fields import gap_words
from planner.series_templates.forms.topics import areas_of
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.routes.blueprint import blueprint
from planner.series_templates.rules import TemplateDocument, from_document, problems
from planner.web.access import current_viewer, public, requires
from planner.web.answers import Answer, form_page


@blueprint.get("/templates/<int:template_id>/versions/<int:number>/file.yaml")
@public
def export_file(template_id: int, number: int) -> Download:
    """One version as a file to keep or carry elsewhere."""
    version = queries.get_version_number(current_viewer(), template_id, number)
    text = write_file(
        from_document(version.document),
        _("%(title)s, version %(number)s", title=version.title, number=version.number),
        version.template.organisation.name,
    )
    answer = Download(text, mimetype="application/yaml")
    name = f"template-{template_id}-version-{number}.yaml"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@dataclass(frozen=True, slots=True)
class _Preview:
    """What a file would do: as a new template (`template` and `diff` None), or to an own draft."""

    document: TemplateDocument
    template: SeriesTemplate | None
    diff: Diff | None


@blueprint.route("/templates/import", methods=["GET", "POST"])
@requires("organiser")
def import_file() -> Answer:
    """Read a file, show what it would change, and write it once that has been seen."""
    form, faults, preview = _import_form(), [], None
    if form.validate_on_submit():
        try:
            document = form.document()
            if request.form.get("action") == "import":
                return _imported(form, document)
            preview = _preview(form, document)
        except FileRefusedError as error:
            faults = list(error.faults)
            form.refuse(error)
        except RefusedError as error:
            form.refuse(error)
            preview = _preview(form, document) if error.field == "revision" else None
    return form_page(
        "series_templates/import.html",
        form=form,
        faults=faults,
        preview=preview,
        problems=problems(preview.document) if preview else [],
        areas=areas_of(preview.document.competences) if preview else [],
        gap_words=gap_words,
    )


def _import_form() -> ImportForm:
    viewer, form = current_viewer(), ImportForm()
    form.offer(list_organisations_of(viewer.organisations(EDITORS)), queries.list_own_templates(viewer))
    if request.method == "GET" and (asked := request.args.get("into", "")):
        form.into.data = asked
    return form


def _preview(form: ImportForm, document: TemplateDocument) -> _Preview:
    kind, number = form.target
    if kind == NEW:
        return _Preview(document, None, None)
    found = queries.get_template(current_viewer(), number)
    form.revision.data = str(found.revision)
    return _Preview(document, found, diff(from_document(found.draft), document))


def _imported(form: ImportForm, document: TemplateDocument) -> Response:
    viewer, (kind, number) = current_viewer(), form.target
    with unit_of_work():
        if kind == NEW:
            [organisation] = list_organisations_of([number])
            made = service.create_template(organisation, document, by=viewer)
        else:
            made = queries.get_template(viewer, number, lock=True)
            service.replace_draft(made, document, revision=form.opened_revision(), by=viewer)
    flash(_("The file is imported as the draft. Look it through, then publish it."), "success")
    return redirect(url_for(".edit", template_id=made.id))

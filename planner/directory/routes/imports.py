"""Importing a list: choose a file, look through every row's fate, then write."""

from __future__ import annotations

from collections import Counter

from flask import Response as Download
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.directory import queries, service
from planner.directory.forms import UploadForm, place_question
from planner.directory.routes.blueprint import blueprint, editable_places
from planner.directory.rules.import_columns import HEADINGS, TEMPLATE_COLUMNS, column_label
from planner.directory.rules.import_fates import FateKind, fingerprint
from planner.directory.service import ChangedMeanwhileError
from planner.directory.sheets import MAX_BYTES
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.downloads import csv_response
from planner.web.paging import asked_page, page_of_list

ROWS_A_PAGE = 200


@blueprint.route("/people/import", methods=["GET", "POST"])
@requires("organiser")
def import_people() -> Answer:
    """Choose a list; nothing is written yet."""
    form = UploadForm()
    form.municipality_code.choices = place_question(editable_places())
    if form.validate_on_submit():
        upload, place = form.file.data, queries.get_municipality(form.municipality_code.data)
        data = upload.stream.read(MAX_BYTES + 1)
        try:
            with unit_of_work():
                batch = service.start_import(upload.filename, data, place, by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            return redirect(url_for(".import_preview", key=batch.key))
    columns = [(column_label(column), HEADINGS[column].split()) for column in TEMPLATE_COLUMNS]
    return form_page("directory/import.html", form=form, columns=columns)


@blueprint.get("/people/import/template.csv")
@requires("organiser")
def import_template() -> Download:
    """An empty list with the headings that are understood."""
    return csv_response("people.csv", [str(column_label(column)) for column in TEMPLATE_COLUMNS], [])


@blueprint.get("/people/import/<key>")
@requires("organiser")
def import_preview(key: str) -> str:
    """Every row's fate, as the directory is now."""
    return _preview(key)


@blueprint.post("/people/import/<key>")
@requires("organiser")
def run_import(key: str) -> Answer:
    """Write what the preview showed; when it would be something else by now, show that first."""
    viewer = current_viewer()
    try:
        with unit_of_work():
            batch, place = queries.get_import(viewer, key)
            result = service.run_import(batch, request.form.get("seen", ""), by=viewer)
    except ChangedMeanwhileError as error:
        return _preview(key, changed=error.message), 409
    flash(
        _(
            "Imported. New companies: %(companies)s. New people: %(people)s. Changed: %(updated)s.",
            companies=result.companies,
            people=result.people,
            updated=result.updated,
        ),
        "success",
    )
    return redirect(url_for(".people", municipality=place.code))


@blueprint.post("/people/import/<key>/discard")
@requires("organiser")
def discard_import(key: str) -> Response:
    """Throw the list away."""
    viewer = current_viewer()
    with unit_of_work():
        batch, _place = queries.get_import(viewer, key)
        service.discard_import(batch, by=viewer)
    flash(_("The list is thrown away. Nothing was written."), "info")
    return redirect(url_for(".import_people"))


def _preview(key: str, changed: str = "") -> str:
    batch, place = queries.get_import(current_viewer(), key)
    fates = service.judge_import(batch)
    counts = Counter(fate.kind for fate in fates)
    kind = request.args.get("fate", "")
    shown = [fate for fate in fates if kind in ("", fate.kind)]
    return render_template(
        "directory/import_preview.html",
        batch=batch,
        place=place,
        changed=changed,
        kinds=[(each, counts[each]) for each in FateKind if counts[each]],
        kind=kind,
        total=len(fates),
        to_write=sum(bool(f.makes_company or f.makes_person or f.changes) for f in fates),
        page=page_of_list(shown, asked_page(), ROWS_A_PAGE),
        seen=fingerprint(fates),
    )

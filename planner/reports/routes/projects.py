"""Pages of funder projects."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import EDITORS
from planner.directory.queries import list_organisations_of
from planner.reports import queries, service
from planner.reports.forms.accounts import ProjectForm
from planner.reports.models import FunderProject
from planner.reports.routes.blueprint import blueprint
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.get("/projects")
@requires("organiser")
def projects() -> str:
    """The register."""
    return render_template("reports/projects.html", projects=queries.list_projects(current_viewer()))


@blueprint.route("/projects/new", methods=["GET", "POST"])
@requires("organiser")
def new_project() -> Answer:
    """Enter a project."""
    form = _form()
    if form.validate_on_submit():
        with unit_of_work():
            service.create_project(int(form.organisation.data), form.texts(), by=current_viewer())
        flash(_("The project is saved. Series are put into it on their own pages."), "success")
        return redirect(url_for(".projects"))
    return form_page("reports/project.html", form=form, project=None)


@blueprint.route("/projects/<int:project_id>", methods=["GET", "POST"])
@requires("organiser")
def project(project_id: int) -> Answer:
    """Change a project; of two who do so at once the second sees both versions."""
    shown = queries.get_project(current_viewer(), project_id)
    form = _form(shown)
    if form.validate_on_submit():
        with unit_of_work():
            shown = queries.get_project(current_viewer(), project_id)
            if saved := form.reconcile(_form(shown, submitted=False), shown.revision):
                service.edit_project(shown, form.texts(), by=current_viewer())
        if saved:
            flash(_("The project is saved."), "success")
            return redirect(url_for(".projects"))
    return form_page("reports/project.html", form=form, project=shown)


@blueprint.post("/projects/<int:project_id>/remove")
@requires("organiser")
def remove_project(project_id: int) -> Response:
    """Remove a project that nothing belongs to."""
    try:
        with unit_of_work():
            service.remove_project(queries.get_project(current_viewer(), project_id), by=current_viewer())
    except RefusedError as error:
        flash(error.message, "warning")
        return redirect(url_for(".project", project_id=project_id))
    flash(_("The project is removed."), "success")
    return redirect(url_for(".projects"))


def _form(project: FunderProject | None = None, *, submitted: bool = True) -> ProjectForm:
    data = None
    if project is not None:
        data = {
            "name": project.name, "number": project.number, "starts_on": project.starts_on.isoformat(),
            "ends_on": project.ends_on.isoformat(), "organisation": str(project.organisation_id),
            "revision": project.revision,
        }  # fmt: skip
    form = ProjectForm(data=data) if submitted else ProjectForm(formdata=None, data=data)
    own = current_viewer().organisations(EDITORS)
    form.offer(list_organisations_of(own if project is None else [project.organisation_id]))
    return form

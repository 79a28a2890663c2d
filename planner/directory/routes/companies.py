"""Pages of companies."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import PEOPLE_SEERS
from planner.directory import queries, service
from planner.directory.forms import CompanyFilterForm, CompanyForm, place_question
from planner.directory.models import Company
from planner.directory.parts import company_parts
from planner.directory.queries import CompanyFilter
from planner.directory.routes.blueprint import asked, blueprint, editable_places, own_places
from planner.directory.rules import SizeClass, sectors, sni_section
from planner.directory.service.checks import check_may_edit
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.formats import in_language
from planner.web.paging import asked_page


@blueprint.get("/companies")
@requires("member")
def companies() -> str:
    """The viewer's companies, searched and narrowed."""
    form = CompanyFilterForm(request.args)
    form.offer(own_places())
    form.sector.choices = [
        SelectChoice("", _("All")),
        *(SelectChoice(each.letter, in_language(each.name_sv, each.name_en)) for each in sectors()),
    ]
    narrowed = CompanyFilter(
        form.words.data or "",
        form.municipality.data or "",
        form.sector.data or "",
        form.size.data or "",
        archived=bool(form.archived.data),
    )
    page = queries.list_companies(current_viewer(), narrowed, asked_page())
    return render_template(
        "directory/companies.html", page=page, form=form, narrowed=asked(form), section=sni_section
    )


@blueprint.get("/companies/<int:id>")
@requires("member")
def company(id: int) -> str:  # noqa: A002 - the address's own word
    """One company with its people and what other features hang here."""
    viewer = current_viewer()
    company = queries.get_company(viewer, id)
    return render_template(
        "directory/company.html",
        company=company,
        people=queries.list_people_of(viewer, company),
        sees_people=company.municipality_code in viewer.municipalities(PEOPLE_SEERS),
        section=sni_section(company.sni_version, company.sni_division),
        size=SizeClass(company.size_class).label if company.size_class else None,
        parts=company_parts(viewer, company),
        may_edit=viewer.may_edit_in(company.municipality_code),
    )


@blueprint.route("/companies/new", methods=["GET", "POST"])
@requires("organiser")
def new_company() -> Answer:
    """Add a company."""
    form = _form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                company = service.create_company(form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is in the directory.", name=company.name), "success")
            return redirect(url_for(".company", id=company.id))
    return form_page("directory/company_form.html", form=form, company=None)


@blueprint.route("/companies/<int:id>/edit", methods=["GET", "POST"])
@requires("organiser")
def edit_company(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Change a company; of two who do so at once the second sees both versions."""
    company = _editable(id)
    form = _form(company)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                company = _editable(id)
                if saved := form.reconcile(_form(company, submitted=False), company.revision):
                    service.edit_company(company, form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("The company is saved."), "success")
                return redirect(url_for(".company", id=id))
    return form_page("directory/company_form.html", form=form, company=company)


@blueprint.post("/companies/<int:id>/archive")
@requires("organiser")
def archive_company(id: int) -> Response:  # noqa: A002 - the address's own word
    """Put a company away; nothing it took part in is lost."""
    with unit_of_work():
        company = queries.get_company(current_viewer(), id)
        service.archive_company(company, by=current_viewer())
    flash(_("%(name)s is archived. It is no longer offered anywhere.", name=company.name), "success")
    return redirect(url_for(".company", id=id))


@blueprint.post("/companies/<int:id>/restore")
@requires("organiser")
def restore_company(id: int) -> Response:  # noqa: A002 - the address's own word
    """Take a company into use again."""
    with unit_of_work():
        company = queries.get_company(current_viewer(), id)
        service.restore_company(company, by=current_viewer())
    flash(_("%(name)s is in use again.", name=company.name), "success")
    return redirect(url_for(".company", id=id))


def _editable(id_: int) -> Company:
    company = queries.get_company(current_viewer(), id_)
    check_may_edit(current_viewer(), company.municipality_code)
    return company


def _form(company: Company | None = None, *, submitted: bool = True) -> CompanyForm:
    """The form as submitted, or (`submitted` False) as the row would fill it."""
    given = {} if submitted else {"formdata": None}
    form = CompanyForm(obj=company, **given)
    form.municipality_code.choices = place_question(editable_places())
    return form

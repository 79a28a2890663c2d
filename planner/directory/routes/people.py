"""Pages of contacts and participants."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.base.viewer import EDITORS, OWNERS, PEOPLE_SEERS
from planner.directory import queries, service
from planner.directory.forms import PeopleFilterForm, PersonForm
from planner.directory.models import Company, Person
from planner.directory.queries import PeopleFilter
from planner.directory.routes.blueprint import asked, blueprint, editable_places, peopled_places
from planner.directory.rules import person_token
from planner.directory.service.checks import check_may_edit
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.links import site_link
from planner.web.paging import asked_page
from planner.web.settings import current_settings


@blueprint.get("/people")
@requires("member")
def people() -> str:
    """The people whom the viewer may see, searched and narrowed."""
    viewer = current_viewer()
    if not viewer.municipalities(PEOPLE_SEERS):
        raise NotFoundError
    form = PeopleFilterForm(request.args)
    form.offer(peopled_places())
    narrowed = PeopleFilter(
        form.words.data or "",
        form.municipality.data or "",
        form.kind.data or "",
        archived=bool(form.archived.data),
    )
    page = queries.list_people(viewer, narrowed, asked_page())
    return render_template("directory/people.html", page=page, form=form, narrowed=asked(form))


@blueprint.get("/people/<int:id>")
@requires("member")
def person(id: int) -> str:  # noqa: A002 - the address's own word
    """One person, with the personal link for those who plan here."""
    viewer = current_viewer()
    person = queries.get_person(viewer, id)
    may_edit = viewer.may_edit_in(person.municipality_code)
    link = _link(person) if may_edit and not person.archived_at else None
    is_owner = person.municipality_code in viewer.municipalities(OWNERS)
    return render_template(
        "directory/person.html", person=person, link=link, may_edit=may_edit, is_owner=is_owner
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@requires("organiser")
def new_person() -> Answer:
    """Add a contact or participant, perhaps of the company named in the address."""
    form = _form()
    if request.method == "GET":
        form.company_id.data = request.args.get("company", "")
        form.is_contact.data = "contact" in request.args
    if form.validate_on_submit():
        try:
            with unit_of_work():
                person = service.create_person(form.details(), _company(form), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is in the directory.", name=person.name), "success")
            return redirect(url_for(".person", id=person.id))
    return form_page("directory/person_form.html", form=form, person=None)


@blueprint.route("/people/<int:id>/edit", methods=["GET", "POST"])
@requires("organiser")
def edit_person(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Change a person; of two who do so at once the second sees both versions."""
    person = _editable(id)
    form = _form(person)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                person = _editable(id)
                if saved := form.reconcile(_form(person, submitted=False), person.revision):
                    service.edit_person(person, form.details(), _company(form), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("The person is saved."), "success")
                return redirect(url_for(".person", id=id))
    return form_page("directory/person_form.html", form=form, person=person)


@blueprint.post("/people/<int:id>/archive")
@requires("organiser")
def archive_person(id: int) -> Response:  # noqa: A002 - the address's own word
    """Put a person away; their link rests, nothing they took part in is lost."""
    with unit_of_work():
        person = queries.get_person(current_viewer(), id)
        service.archive_person(person, by=current_viewer())
    flash(_("%(name)s is archived, and the personal link rests.", name=person.name), "success")
    return redirect(url_for(".person", id=id))


@blueprint.post("/people/<int:id>/restore")
@requires("organiser")
def restore_person(id: int) -> Response:  # noqa: A002 - the address's own word
    """Take a person into use again."""
    with unit_of_work():
        person = queries.get_person(current_viewer(), id)
        service.restore_person(person, by=current_viewer())
    flash(_("%(name)s is in use again.", name=person.name), "success")
    return redirect(url_for(".person", id=id))


@blueprint.post("/people/<int:id>/link")
@requires("organiser")
def renew_link(id: int) -> Response:  # noqa: A002 - the address's own word
    """Make a new personal link; the old one dies."""
    with unit_of_work():
        person = queries.get_person(current_viewer(), id)
        service.renew_link(person, by=current_viewer())
    flash(_("There is a new personal link. The old one no longer works."), "success")
    return redirect(url_for(".person", id=id))


def _link(person: Person) -> str:
    """The person's link on the site's public address. Its page belongs to a feature above this one."""
    return site_link("home.person_page", token=person_token(current_settings().secret, person))


def _editable(id_: int) -> Person:
    person = queries.get_person(current_viewer(), id_)
    check_may_edit(current_viewer(), person.municipality_code)
    return person


def _form(person: Person | None = None, *, submitted: bool = True) -> PersonForm:
    """The form as submitted, or (`submitted` False) as the row would fill it."""
    given = {} if submitted else {"formdata": None}
    form = PersonForm(obj=person, **given)
    companies = queries.list_companies_in(current_viewer().municipalities(EDITORS))
    if person and person.company and person.company.archived_at:
        companies.append(person.company)  # still theirs, though offered to nobody else
    form.offer(companies, editable_places())
    return form


def _company(form: PersonForm) -> Company | None:
    return queries.get_company(current_viewer(), int(form.company_id.data)) if form.company_id.data else None

"""All that is kept of a person: to read, to take along, to erase. By the person's own link, and for owners."""

from __future__ import annotations

import json
from collections.abc import Callable

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.directory import queries, service
from planner.directory.forms import DisposalForm, EraseForm
from planner.directory.models import Person
from planner.directory.routes.blueprint import blueprint
from planner.directory.routes.organisations import owned
from planner.directory.rules.personal_data import as_json, is_confirmed
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.settings import current_settings


@blueprint.get("/p/<token>/data")
@requires("link")
def own_data(token: str) -> str:
    """What is kept of whoever has the link."""
    return _data_page(_linked(token), own=token)


@blueprint.get("/p/<token>/data.json")
@requires("link")
def own_data_json(token: str) -> FlaskResponse:
    """The same for programmes."""
    return _json(_linked(token))


@blueprint.route("/p/<token>/erase", methods=["GET", "POST"])
@requires("link")
def erase_self(token: str) -> Answer:
    """Erase all that is kept of whoever has the link."""
    return _erase_page(lambda: _linked(token), own=token)


@blueprint.get("/people/<int:id>/data")
@requires("owner")
def person_data(id: int) -> str:  # noqa: A002 - the address's own word
    """What is kept of a person, for an owner whom they have asked."""
    return _data_page(_owners(id), own="")


@blueprint.get("/people/<int:id>/data.json")
@requires("owner")
def person_data_json(id: int) -> FlaskResponse:  # noqa: A002 - the address's own word
    """The same for programmes."""
    return _json(_owners(id))


@blueprint.route("/people/<int:id>/erase", methods=["GET", "POST"])
@requires("owner")
def erase_person(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Erase all that is kept of a person, for an owner whom they have asked."""
    return _erase_page(lambda: _owners(id), own="")


@blueprint.route("/organisations/<int:id>/disposal", methods=["GET", "POST"])
@requires("owner")
def organisation_disposal(id: int) -> Answer:  # noqa: A002 - the address's own word
    """After how long people are erased by themselves."""
    organisation = owned(id)
    row = queries.find_disposal(organisation.id)
    form = DisposalForm(data={"months": row.months if row else None})
    if form.validate_on_submit():
        with unit_of_work():
            service.set_disposal(owned(id), form.months.data, by=current_viewer())
        flash(_("Saved."), "success")
        return redirect(url_for(".organisation_disposal", id=id))
    return form_page("directory/disposal.html", form=form, organisation=organisation)


def _erase_page(get_person: Callable[[], Person], *, own: str) -> Answer:
    person, form = get_person(), EraseForm()
    if form.validate_on_submit():
        if not is_confirmed(form.name.data, person.name):
            form.name.errors = [_("Type the name as it stands above, so that nobody is erased by mistake.")]
        else:
            with unit_of_work():
                service.erase(get_person(), keep_certificates=form.certificates.data == "keep")
            if own:
                return render_template("directory/erased.html")
            flash(_("The person is erased. Sums of hours stay, under a pseudonym."), "success")
            return redirect(url_for(".people"))
    return form_page("directory/erase.html", form=form, person=person, own=own, layout=_layout(own))


def _data_page(person: Person, *, own: str) -> str:
    parts = service.collect(person)
    return render_template("directory/data.html", person=person, parts=parts, own=own, layout=_layout(own))


def _layout(own: str) -> str:
    return "_layout/public.html" if own else "_layout/page.html"


def _json(person: Person) -> FlaskResponse:
    data = json.dumps(as_json(service.collect(person)), ensure_ascii=False, indent=2)
    answer = FlaskResponse(data, mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="data.json"'
    return answer


def _linked(token: str) -> Person:
    person = queries.find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person


def _owners(id_: int) -> Person:
    person = queries.get_person(current_viewer(), id_)
    service.check_owner(person, current_viewer())
    return person

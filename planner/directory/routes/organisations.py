"""Pages of organisations and the municipalities they serve."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.db import unit_of_work
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import OWNERS
from planner.directory import queries, service
from planner.directory.forms import LetInForm, OrganisationFilterForm, OrganisationForm, place_choices
from planner.directory.models import Municipality, Organisation
from planner.directory.routes.blueprint import asked, blueprint
from planner.directory.rules import OrganisationKind
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.paging import asked_page

KINDS = {kind.value: kind.label for kind in OrganisationKind}


@blueprint.get("/organisations")
@requires("member")
def organisations() -> str:
    """Every organisation, searched and narrowed."""
    form = OrganisationFilterForm(request.args)
    page = queries.list_organisations(form.words.data or "", form.kind.data or "", asked_page())
    return render_template(
        "directory/organisations.html",
        page=page,
        form=form,
        narrowed=asked(form),
        kinds=KINDS,
        may_found=current_viewer().has_role(OWNERS),
    )


@blueprint.get("/organisations/<int:id>")
@requires("member")
def organisation(id: int) -> str:  # noqa: A002 - the address's own word
    """One organisation and the municipalities it serves."""
    organisation = queries.get_organisation(id)
    return _organisation_page(organisation, _let_in_form(organisation))


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires("owner")
def new_organisation() -> Answer:
    """Found an organisation, which the viewer then owns."""
    form, places = _form()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                organisation = service.create_organisation(form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is in the directory.", name=organisation.name), "success")
            return redirect(url_for(".organisation", id=organisation.id))
    return _form_page(form, places, None)


@blueprint.route("/organisations/<int:id>/edit", methods=["GET", "POST"])
@requires("owner")
def edit_organisation(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Change an organisation and whom it coordinates; of two at once the second sees both versions."""
    organisation = owned(id)
    form, places = _form(organisation)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                organisation = owned(id)
                if saved := form.reconcile(_form(organisation, submitted=False)[0], organisation.revision):
                    service.edit_organisation(organisation, form.details(), by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            if saved:
                flash(_("The organisation is saved."), "success")
                return redirect(url_for(".organisation", id=id))
    return _form_page(form, places, organisation)


@blueprint.post("/organisations/<int:id>/let-in")
@requires("owner")
def let_in(id: int) -> Answer:  # noqa: A002 - the address's own word
    """Let an organisation work in one of the viewer's own municipalities."""
    organisation = queries.get_organisation(id)
    form = _let_in_form(organisation)
    if not form.validate_on_submit():
        return _organisation_page(organisation, form), 422
    with unit_of_work():
        organisation = queries.get_organisation(id)
        service.let_in(organisation, form.municipality_code.data, by=current_viewer())
    flash(_("%(name)s may now work there.", name=organisation.name), "success")
    return redirect(url_for(".organisation", id=id))


def _organisation_page(organisation: Organisation, form: LetInForm) -> str:
    home = next((m for m in organisation.municipalities if m.code == organisation.home_code), None)
    return render_template(
        "directory/organisation.html",
        organisation=organisation,
        form=form,
        home=home,
        coordinated=[m for m in organisation.municipalities if m is not home],
        kind=KINDS.get(organisation.kind, organisation.kind),
        is_owner=organisation.id in current_viewer().organisations(OWNERS),
    )


def _let_in_form(organisation: Organisation) -> LetInForm:
    served = {municipality.code for municipality in organisation.municipalities}
    own = current_viewer().municipalities(OWNERS) - served
    form = LetInForm()
    form.municipality_code.choices = place_choices(queries.list_municipalities_of(own))
    return form


def owned(id_: int) -> Organisation:
    """The organisation, if the viewer owns it. Raises NotFoundError or NotAllowedError."""
    organisation = queries.get_organisation(id_)
    if organisation.id not in current_viewer().organisations(OWNERS):
        raise NotAllowedError(_("Only an owner of this organisation may change it."))
    return organisation


def _form(
    organisation: Organisation | None = None, *, submitted: bool = True
) -> tuple[OrganisationForm, list[Municipality]]:
    """The form as submitted, or (`submitted` False) as the row would fill it; and every municipality."""
    given = {} if submitted else {"formdata": None}
    served = [municipality.code for municipality in organisation.municipalities] if organisation else []
    form = OrganisationForm(obj=organisation, data={"municipality_codes": served}, **given)
    places = queries.list_municipalities()
    form.offer(places)
    return form, places


def _form_page(
    form: OrganisationForm, places: list[Municipality], organisation: Organisation | None
) -> Answer:
    """The form, its municipalities by county with the home county first."""
    served = {municipality.code for municipality in organisation.municipalities} if organisation else set()
    may_add = service.municipalities_to_add(
        organisation, [place.code for place in places], by=current_viewer()
    )
    by_county = sorted(places, key=lambda place: (place.county_code != _county(form), place.county_name))
    counties = [(name, list(group)) for name, group in groupby(by_county, lambda place: place.county_name)]
    return form_page(
        "directory/organisation_form.html",
        form=form,
        organisation=organisation,
        counties=counties,
        choosable=may_add | served,
        chosen=set(form.municipality_codes.data or ()),
    )


def _county(form: OrganisationForm) -> str:
    own = sorted(current_viewer().municipalities(OWNERS))
    return str(form.home_code.data or (own[0] if own else ""))[:2]

"""The picture that an organisation has on its documents."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory import queries, service
from planner.directory.forms import LogoForm
from planner.directory.pictures import MAX_BYTES
from planner.directory.routes.blueprint import blueprint
from planner.directory.routes.organisations import owned
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page


@blueprint.route("/organisations/<int:id>/logo", methods=["GET", "POST"])
@requires("owner")
def organisation_logo(id: int) -> Answer:  # noqa: A002 - the address's own word
    """See the logo, and choose another."""
    organisation, form = owned(id), LogoForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                upload = form.picture.data.stream.read(MAX_BYTES + 1)
                service.set_logo(owned(id), upload, by=current_viewer())
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("The logo is saved. It stands on documents made from now on."), "success")
            return redirect(url_for(".organisation_logo", id=id))
    return form_page(
        "directory/logo.html", form=form, organisation=organisation, logo=queries.find_logo(organisation.id)
    )


@blueprint.post("/organisations/<int:id>/logo/remove")
@requires("owner")
def remove_organisation_logo(id: int) -> AnyResponse:  # noqa: A002 - the address's own word
    """Have no logo any more."""
    with unit_of_work():
        service.remove_logo(owned(id), by=current_viewer())
    flash(_("The logo is removed. Documents that have it keep it."), "success")
    return redirect(url_for(".organisation_logo", id=id))


@blueprint.get("/organisations/<int:id>/logo.png")
@requires("member")
def organisation_logo_png(id: int) -> Response:  # noqa: A002 - the address's own word
    """The logo as a picture."""
    logo = queries.find_logo(queries.get_organisation(id).id)
    if logo is None:
        raise NotFoundError
    return Response(logo.data, mimetype="image/png")

"""An owner's pages: who the colleagues are, what they may do, and who is invited."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.accounts import queries, service
from planner.accounts.forms import InviteForm, RolesForm
from planner.accounts.queries import Member
from planner.accounts.routes.blueprint import blueprint
from planner.accounts.rules import ROLE_MEANINGS, ROLE_NAMES
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Role
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.formats import page_language
from planner.web.security import limiter


@blueprint.route("/organisations/<int:organisation_id>/colleagues", methods=["GET", "POST"])
@requires("owner")
@limiter.limit("60 per hour", methods=["POST"])
def colleagues(organisation_id: int) -> Answer:
    """Members and invitations; a form that invites."""
    viewer = current_viewer()
    organisation = queries.get_owned_organisation(viewer, organisation_id)
    form = InviteForm()
    if form.validate_on_submit():
        name, email, role = form.name.data, form.email.data, Role(form.role.data)
        try:
            with unit_of_work():
                service.invite(organisation, name, email, role, language=page_language(), by=viewer)
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("%(name)s is invited. The link in the mail works for 7 days.", name=name), "success")
            return redirect(url_for("accounts.colleagues", organisation_id=organisation_id))
    return form_page(
        "accounts/colleagues.html",
        form=form,
        organisation=organisation,
        members=queries.list_members(organisation),
        invitations=queries.list_invitations(organisation),
        role_names=ROLE_NAMES,
        role_meanings=ROLE_MEANINGS,
        now=now(),
    )


@blueprint.route("/organisations/<int:organisation_id>/colleagues/<int:user_id>", methods=["GET", "POST"])
@requires("owner")
def colleague(organisation_id: int, user_id: int) -> Answer:
    """The roles of one colleague."""
    viewer = current_viewer()
    organisation = queries.get_owned_organisation(viewer, organisation_id)
    member = queries.get_member(organisation, user_id)
    form = RolesForm(data=_shown(member))
    if form.validate_on_submit():
        roles = {Role(value) for value in form.roles.data}
        try:
            with unit_of_work():
                member = queries.get_member(organisation, user_id)
                saved = RolesForm(formdata=None, data=_shown(member))
                if fits := form.reconcile(saved, _revision(member)):
                    service.set_roles(organisation, member.user, roles)
        except RefusedError as error:
            form.refuse(error)
        else:
            if fits:
                flash(_("The roles of %(name)s are saved.", name=member.user.name), "success")
                stays = user_id != viewer.user_id or Role.owner in roles
                return _back(organisation_id) if stays else redirect(url_for("accounts.settings"))
    return form_page(
        "accounts/colleague.html",
        form=form,
        organisation=organisation,
        member=member,
        role_meanings=ROLE_MEANINGS,
        role_names=ROLE_NAMES,
    )


def _revision(member: Member) -> int:
    """A number that differs when the roles differ."""
    return sum(1 << bit for bit, role in enumerate(Role) if role in member.roles)


def _shown(member: Member) -> dict[str, object]:
    return {"roles": [role.value for role in member.roles], "revision": str(_revision(member))}


def _back(organisation_id: int) -> Response:
    return redirect(url_for("accounts.colleagues", organisation_id=organisation_id))


@blueprint.post("/organisations/<int:organisation_id>/colleagues/<int:user_id>/remove")
@requires("owner")
def remove_colleague(organisation_id: int, user_id: int) -> Response:
    """Take a colleague's roles away."""
    viewer = current_viewer()
    organisation = queries.get_owned_organisation(viewer, organisation_id)
    member = queries.get_member(organisation, user_id)
    try:
        with unit_of_work():
            service.remove_colleague(organisation, member.user)
    except RefusedError as error:
        flash(error.message, "danger")
        return redirect(url_for("accounts.colleague", organisation_id=organisation_id, user_id=user_id))
    flash(_("%(name)s is no longer a colleague here.", name=member.user.name), "success")
    return redirect(url_for("accounts.settings")) if user_id == viewer.user_id else _back(organisation_id)


@blueprint.post("/organisations/<int:organisation_id>/invitations/<int:link_id>/resend")
@requires("owner")
@limiter.limit("60 per hour")
def resend_invitation(organisation_id: int, link_id: int) -> Response:
    """Mail a fresh link."""
    viewer = current_viewer()
    organisation = queries.get_owned_organisation(viewer, organisation_id)
    with unit_of_work():
        invitation = queries.get_invitation(organisation, link_id)
        service.resend_invitation(organisation, invitation, language=page_language(), by=viewer)
    flash(
        _("A new link is on its way to %(name)s. The earlier one has ended.", name=invitation.user.name),
        "success",
    )
    return _back(organisation_id)


@blueprint.post("/organisations/<int:organisation_id>/invitations/<int:link_id>/withdraw")
@requires("owner")
def withdraw_invitation(organisation_id: int, link_id: int) -> Response:
    """Take an invitation back."""
    organisation = queries.get_owned_organisation(current_viewer(), organisation_id)
    with unit_of_work():
        invitation = queries.get_invitation(organisation, link_id)
        service.withdraw_invitations(organisation, invitation.user)
    flash(_("The invitation is taken back; its link has ended."), "success")
    return _back(organisation_id)

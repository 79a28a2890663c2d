"""The user's own account: name, password, and the browsers signed in."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.accounts import queries, service
from planner.accounts.forms import ChangePasswordForm, NameForm
from planner.accounts.routes.blueprint import blueprint
from planner.accounts.rules import ROLE_NAMES
from planner.accounts.sign_in import current_sign_in, leave
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import OWNERS
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.formats import page_language
from planner.web.security import limiter


@blueprint.route("/account", methods=["GET", "POST"])
@requires("user")
def settings() -> Answer:
    """Name, organisations and sign-ins."""
    viewer = current_viewer()
    user = queries.get_self(viewer)
    form = NameForm(obj=user)
    if form.validate_on_submit():
        with unit_of_work():
            service.rename(queries.get_self(viewer), form.name.data)
        flash(_("Your name is saved."), "success")
        return redirect(url_for("accounts.settings"))
    stay = current_sign_in()
    return form_page(
        "accounts/settings.html",
        form=form,
        user=user,
        memberships=queries.list_own_memberships(viewer),
        owned=viewer.organisations(OWNERS),
        role_names=ROLE_NAMES,
        sign_ins=queries.list_sign_ins(viewer),
        this_sign_in_id=stay.id if stay else None,
    )


@blueprint.route("/account/password", methods=["GET", "POST"])
@requires("user")
@limiter.limit("20 per 15 minutes", methods=["POST"])
def password() -> Answer:
    """Change the password, or choose the first one."""
    viewer = current_viewer()
    form = ChangePasswordForm()
    has_one = queries.get_self(viewer).password_hash is not None
    if not has_one:
        del form.current
    if form.validate_on_submit():
        current = form.current.data if has_one else ""
        try:
            with unit_of_work():
                user = queries.get_self(viewer)
                service.change_password(
                    user, current, form.password.data, language=page_language(), keep=current_sign_in()
                )
        except RefusedError as error:
            form.refuse(error)
        else:
            flash(_("Your password is changed. Other browsers have been signed out."), "success")
            return redirect(url_for("accounts.settings"))
    return form_page("accounts/password.html", form=form, has_one=has_one)


@blueprint.post("/account/sign-ins/<int:sign_in_id>/end")
@requires("user")
def end_sign_in(sign_in_id: int) -> Response:
    """Sign one of the user's browsers out."""
    stay = current_sign_in()
    with unit_of_work():
        service.end_sign_in(queries.get_own_sign_in(current_viewer(), sign_in_id))
    if stay is not None and stay.id == sign_in_id:
        leave()
        return redirect(url_for("accounts.sign_in"))
    flash(_("That browser is signed out."), "success")
    return redirect(url_for("accounts.settings"))


@blueprint.post("/account/sign-ins/end-others")
@requires("user")
def end_other_sign_ins() -> Response:
    """Sign all the user's other browsers out."""
    with unit_of_work():
        service.end_sign_ins(queries.get_self(current_viewer()), keep=current_sign_in())
    flash(_("Other browsers have been signed out."), "success")
    return redirect(url_for("accounts.settings"))

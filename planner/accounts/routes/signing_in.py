"""Signing in by password or link, resetting a password, signing out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.accounts import queries, service
from planner.accounts.errors import LinkGoneError
from planner.accounts.forms import EmailForm, NewPasswordForm, OptionalPasswordForm, SignInForm
from planner.accounts.models import OneTimeLink
from planner.accounts.routes.blueprint import blueprint, client
from planner.accounts.rules import Purpose
from planner.accounts.sign_in import current_sign_in, enter, leave
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.web.access import current_viewer, public, requires
from planner.web.addresses import safe_next
from planner.web.answers import Answer, form_page
from planner.web.formats import page_language
from planner.web.forms import BaseForm
from planner.web.security import limiter


def _typed_address() -> str:
    return "email:" + request.form.get("email", "").strip().lower()[:254]


# Per network address, and per typed e-mail address whatever networks the tries come from.
_limit_per_client = limiter.limit("20 per minute; 200 per hour", methods=["POST"])
_limit_per_email = limiter.limit("10 per 15 minutes", methods=["POST"], key_func=_typed_address)
_limit_mail_per_email = limiter.limit("5 per 15 minutes", methods=["POST"], key_func=_typed_address)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@_limit_per_client
@_limit_per_email
def sign_in() -> Answer:
    """Sign in by e-mail and password."""
    target = safe_next(request.args.get("next"), url_for("home.start"))
    if request.method == "GET" and current_viewer().is_signed_in:
        return redirect(target)
    form = SignInForm()
    if form.validate_on_submit():
        # Outside the unit of work: the hash takes its time, and nobody else should wait for it.
        user = service.find_user_by_password(form.email.data, form.password.data)
        if user is not None:
            with unit_of_work():
                service.renew_hash(user, form.password.data)
                token = service.start_sign_in(user, client=client(), replacing=current_sign_in())
            enter(token)
            return redirect(target)
        form.refuse(
            RefusedError(_("Address and password do not match. Check both, or get a link by e-mail."))
        )
    return form_page("accounts/sign_in.html", form=form)


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@public
@_limit_per_client
@_limit_mail_per_email
def request_link() -> Answer:
    """Ask for a link that signs in."""
    return _ask_for(Purpose.sign_in, "accounts/request_link.html")


@blueprint.route("/forgotten", methods=["GET", "POST"])
@public
@_limit_per_client
@_limit_mail_per_email
def forgotten() -> Answer:
    """Ask for a link that chooses a new password."""
    return _ask_for(Purpose.reset, "accounts/forgotten.html")


def _ask_for(purpose: Purpose, template: str) -> Answer:
    form = EmailForm()
    if form.validate_on_submit():
        with unit_of_work():
            service.mail_link(form.email.data, purpose, language=page_language())
        return redirect(url_for("accounts.link_sent"))
    return form_page(template, form=form)


@blueprint.get("/sign-in/sent")
@public
def link_sent() -> str:
    """What to do next; the same whether the address is known or not."""
    return render_template("accounts/link_sent.html")


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@requires("link")
@_limit_per_client
def use_link(token: str) -> Answer:
    """A one-time link. Opening it changes nothing, since mail scanners open links; the button uses it."""
    link = queries.find_link(token)
    if link is None:
        return render_template("accounts/link_gone.html"), 410
    form = _form_for(link)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                password = form.password.data or None if "password" in form else None
                user = service.use_link(token, language=page_language(), password=password)
                stay = service.start_sign_in(user, client=client(), replacing=current_sign_in())
        except LinkGoneError:
            return render_template("accounts/link_gone.html"), 410
        except RefusedError as error:
            form.refuse(error)
        else:
            enter(stay)
            return _welcome(link)
    return form_page("accounts/link.html", form=form, link=link)


def _form_for(link: OneTimeLink) -> BaseForm:
    if link.purpose == Purpose.reset:
        return NewPasswordForm()
    if link.purpose == Purpose.invite and link.user.password_hash is None:
        return OptionalPasswordForm()
    return BaseForm()


def _welcome(link: OneTimeLink) -> Response:
    if link.purpose == Purpose.reset:
        flash(_("Your password is changed, and you are signed in."), "success")
    elif link.purpose == Purpose.invite and link.organisation is not None:
        flash(_("Welcome. You are now a colleague in %(name)s.", name=link.organisation.name), "success")
    return redirect(url_for("home.start"))


@blueprint.post("/sign-out")
@requires("user")
def sign_out() -> Response:
    """End this browser's stay."""
    stay = current_sign_in()
    if stay is not None:
        with unit_of_work():
            service.end_sign_in(stay)
    leave()
    flash(_("You are signed out."), "info")
    return redirect(url_for("home.start"))

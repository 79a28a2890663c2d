"""What a person chooses about their mail: on their page, or by the link in a reminder."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.calendars.rules import as_language
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.invitations import queries, service
from planner.invitations.routes.blueprint import blueprint
from planner.web.access import requires
from planner.web.security import csrf
from planner.web.settings import current_settings


@blueprint.post("/p/<token>/mail")
@requires("link")
def choose_mail(token: str) -> Response:
    """Turn reminders on or off, or choose the language of all mail."""
    with unit_of_work():
        person = find_person_by_token(current_settings().secret, token)
        if person is None:
            raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
        if language := request.form.get("language"):
            service.choose_language(person, as_language(language))
        else:
            service.choose_reminders(person, wanted=request.form.get("reminders") == "1")
    flash(_("Saved."), "success")
    return redirect(url_for("home.person_page", token=token))


@blueprint.get("/reminders/<token>")
@requires("link")
def end_reminders(token: str) -> str:
    """Ask whether reminders should end: opening an address alone changes nothing, since mail programmes open them."""
    person = _person(token)
    return render_template(
        "invitations/end_reminders.html", is_reminded=queries.choice_of(person).reminders, token=token
    )


@blueprint.post("/reminders/<token>")
@csrf.exempt  # RFC 8058: a mail programme posts here by itself; the token is the proof, and one switch all it reaches
@requires("link")
def choose_reminders(token: str) -> Response:
    """End reminders, or begin them again."""
    with unit_of_work():
        person = _person(token)
        service.choose_reminders(person, wanted=request.form.get("reminders") == "1")
    return redirect(url_for("invitations.end_reminders", token=token))


def _person(token: str) -> Person:
    person = queries.find_person_by_ending(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. You can end reminders on your own page."))
    return person

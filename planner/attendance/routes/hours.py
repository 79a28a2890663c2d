"""A person's own hours, by the personal link."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner.attendance import forms, queries, service
from planner.attendance.routes.blueprint import blueprint
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.web.access import requires
from planner.web.settings import current_settings


@blueprint.get("/p/<token>/hours")
@requires("link")
def own_hours(token: str) -> Response:
    """What stands of the person, to confirm or to question."""
    return _page(token)


@blueprint.post("/p/<token>/hours")
@requires("link")
def confirm_all_hours(token: str) -> Response:
    """Agree with all that has not been answered."""
    with unit_of_work():
        person = _person(token)
        for own in sorted(queries.list_own_hours(person), key=lambda own: own.presence.training_id):
            service.lock_hours(own)
        count = service.confirm_all(queries.list_own_hours(person), request.form.getlist("entry"))
    flash(ngettext("%(num)s session is confirmed.", "%(num)s sessions are confirmed.", count), "success")
    return redirect(url_for("attendance.own_hours", token=token))


@blueprint.post("/p/<token>/hours/<uid>")
@requires("link")
def answer_hours(token: str, uid: str) -> Response:
    """Agree with what stands of one session, or say what is wrong."""
    form, agrees = forms.HoursForm(), request.form.get("agrees") == "1"
    if not form.validate():
        return _refused(token, uid, form, next(iter(form.words.errors), _("Try once more.")))
    try:
        with unit_of_work():
            person = _person(token)
            service.lock_hours(queries.get_own_hours(person, uid))
            own = queries.get_own_hours(person, uid)
            words = "" if agrees else form.words.data or ""
            service.answer_hours(own, request.form.get("entry", ""), agrees=agrees, words=words)
    except RefusedError as error:
        return _refused(token, uid, form, error.message)
    flash(
        _("Thank you, it is confirmed.") if agrees else _("Thank you. The facilitator can see it now."),
        "success",
    )
    return redirect(url_for("attendance.own_hours", token=token))


def _refused(token: str, uid: str, form: forms.HoursForm, why: str) -> Response:
    answer = _page(token, refused=(uid, why, form.words.data or ""))
    answer.status_code = 422
    return answer


def _page(token: str, refused: tuple[str, str, str] | None = None) -> Response:
    """The page; `refused` is which session's answer was refused, why, and what was typed."""
    hours = queries.list_own_hours(_person(token))
    return make_response(
        render_template("attendance/own_hours.html", token=token, hours=hours, refused=refused)
    )


def _person(token: str) -> Person:
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person

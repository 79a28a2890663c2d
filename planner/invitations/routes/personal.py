"""What a person with a personal link decides: whether they want invitations, and whether they come."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.attendance.queries import list_positions, seat_state
from planner.attendance.rules import Place, places_of
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.calendars.rules import as_language
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.invitations import queries, service
from planner.invitations.routes.blueprint import blueprint
from planner.web.access import requires


@blueprint.post("/p/<token>/invitations")
@requires("link")
def set_wish(token: str) -> Response:
    """Turn invitations on or off."""
    with unit_of_work():
        person = _person(token)
        if request.form.get("wanted") == "1":
            service.wish(person, as_language(str(get_locale() or "sv")[:2]))
            flash(_("Your sessions now come to your calendar by mail."), "success")
        else:
            service.end_wish(person)
            flash(_("You get no more invitations."), "success")
    return _unseen(redirect(url_for("home.person_page", token=token)))


@blueprint.get("/p/<token>/sessions/<uid>")
@requires("link")
def own_seat(token: str, uid: str) -> Response:
    """One's own seat at one session."""
    training, seat = queries.get_own_seat(_person(token), uid)
    is_open = training.cancelled_at is None and training.ends_at > now()
    page = render_template(
        "invitations/own_seat.html",
        training=training,
        seat=seat,
        status=seat_state(seat),
        position=list_positions([training.id]).get(seat.id) if seat is not None else None,
        places=places_of(training.mode),
        is_open=is_open,
        token=token,
    )
    return _unseen(make_response(page))


@blueprint.post("/p/<token>/sessions/<uid>")
@requires("link")
def change_own_seat(token: str, uid: str) -> Response:
    """Take a seat or one that is offered, move it between on site and by video, or give it up."""
    try:
        with unit_of_work():
            person = _person(token)
            training, _seat = queries.get_own_seat(person, uid)
            if request.form.get("coming") == "1":
                service.take_seat(training, person, _wanted_place())
            else:
                service.give_up_seat(training, person)
    except RefusedError as error:
        flash(error.message, "warning")
    return _unseen(redirect(url_for("invitations.own_seat", token=token, uid=uid)))


def _wanted_place() -> Place | None:
    text = request.form.get("place", "")
    return Place(text) if text in list(Place) else None


def _person(token: str) -> Person:
    person = find_person_by_token(current_app.extensions["settings"].secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person


def _unseen(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer

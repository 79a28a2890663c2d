"""A participant's own code: their page with it, and the facilitator's camera that reads it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, jsonify, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from planner.attendance import forms, queries, service
from planner.attendance.photos import read_photo
from planner.attendance.routes.blueprint import blueprint, device_in_use, roster_address, sent_json
from planner.attendance.rules import badge_of
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, PlannerError, RefusedError
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.series.models import TrainingSession
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer
from planner.web.qr import qr_svg
from planner.web.settings import current_settings


def _holder(token: str) -> Person:
    person = find_person_by_token(current_settings().secret, token)
    if person is None:
        raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))
    return person


def _badge(person: Person) -> str:
    return badge_of(current_settings().secret, person.id, person.link_generation)


@blueprint.get("/p/<token>/code")
@requires("link")
def badge(token: str) -> str:
    """The person's own code, to show at the door."""
    return render_template("attendance/badge.html", token=token, badge=_badge(_holder(token)))


@blueprint.get("/p/<token>/code.svg")
@requires("link")
def badge_qr(token: str) -> Response:
    """The same as a picture."""
    return Response(qr_svg(_badge(_holder(token))), mimetype="image/svg+xml")


@blueprint.get("/sessions/<int:training_id>/attendance/scan")
@requires("facilitator")
def scan(training_id: int) -> AnyResponse:
    """The camera, or a photo, or the code typed in."""
    training, _scope = queries.get_roster_training(current_viewer(), training_id)
    return _with_camera(_page(training, forms.ScanForm()))


@blueprint.post("/sessions/<int:training_id>/attendance/scan")
@requires("facilitator")
def take_scan(training_id: int) -> Answer:
    """Mark whose code it is as present."""
    if request.is_json:
        return _answer_script(training_id)
    training, _scope = queries.get_roster_training(current_viewer(), training_id)
    form, scanned = forms.ScanForm(), None
    if form.validate():
        try:
            text = read_photo(form.photo.data.stream) if form.photo.data else form.code.data or ""
            scanned = _scan(training_id, text, form.entry_id.data, as_walk_in=form.walk_in.data == "1")
        except RefusedError as error:
            form.refuse(error)
        else:
            if scanned.state != "unexpected":
                flash(_in_words(scanned), "success")
                return redirect(roster_address("scan", training_id))
            form.code.data = _badge(scanned.person)
    return _with_camera(_page(training, form, scanned), 422)


def _answer_script(training_id: int) -> AnyResponse:
    data = sent_json()
    try:
        scanned = _scan(
            training_id,
            str(data.get("code", "")),
            str(data.get("id", "")),
            as_walk_in=data.get("walk_in") is True,
        )
    except PlannerError as error:
        status = 404 if isinstance(error, NotFoundError) else 422
        return make_response(jsonify(state="refused", message=error.message), status)
    return make_response(jsonify(state=scanned.state, message=_in_words(scanned)), 200)


def _scan(training_id: int, text: str, entry_id: str, *, as_walk_in: bool) -> service.Scanned:
    viewer = current_viewer()
    with unit_of_work():
        training, scope = queries.get_roster_training(viewer, training_id)
        person = queries.get_person_by_badge(current_settings().secret, text[:100])
        return service.scan(
            training,
            scope,
            person,
            entry_id=entry_id,
            as_walk_in=as_walk_in,
            by=viewer,
            device=device_in_use(),
        )


def _in_words(scanned: service.Scanned) -> str:
    name = scanned.person.name
    if scanned.state == "already":
        return _("%(name)s is already noted as here.", name=name)
    if scanned.state == "unexpected":
        return _("%(name)s is not on the list.", name=name)
    return _("%(name)s is here.", name=name)


def _page(training: TrainingSession, form: forms.ScanForm, scanned: service.Scanned | None = None) -> str:
    form.entry_id.data = form.entry_id.data or forms.new_entry_id()
    words: dict[str, Any] = {"question": _in_words(scanned) if scanned else ""}
    return render_template("attendance/scan.html", training=training, form=form, **words)


def _with_camera(page: str, status: int = 200) -> AnyResponse:
    """The page, allowed to ask for the camera, as no other is."""
    answer = current_app.make_response((page, status))
    answer.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return answer

"""The door: the public pages where a participant checks in."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.attendance import forms, queries, service
from planner.attendance.routes.blueprint import blueprint, device_in_use
from planner.attendance.rules import (
    DoorState,
    KeyState,
    Place,
    Via,
    code_in,
    default_place,
    door_pass,
    door_state,
    key_state,
)
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.base.tokens import same
from planner.directory.models import Person
from planner.directory.queries import find_person_by_token
from planner.series.models import TrainingSession
from planner.web.access import public
from planner.web.answers import Answer, form_page
from planner.web.security import limiter
from planner.web.settings import current_settings


def _is_refused(response: Response) -> bool:
    return response.status_code == 422


# Only refused tries count: a class of thirty behind one address must get in, a guesser must not.
guarded = limiter.shared_limit("30 per minute; 120 per hour", scope="door", deduct_when=_is_refused)


@blueprint.route("/check-in", methods=["GET", "POST"])
@public
@guarded
def check_in() -> Answer:
    """Type the code that was said aloud."""
    form = forms.CodeForm()
    if form.validate_on_submit():
        digits = code_in(form.code.data)
        training = queries.find_open_training_by_code(current_settings().secret, digits) if digits else None
        if training is not None:
            return redirect(url_for("attendance.check_in_session", uid=training.uid, k=digits))
        form.code.errors = [_("No session is open for check-in with this code. Look at it once more.")]
    return form_page("attendance/check_in_code.html", form=form)


@blueprint.route("/check-in/<uid>", methods=["GET", "POST"])
@public
@guarded
def check_in_session(uid: str) -> Answer:
    """Check in at one session. What proves being there: the QR code's key, the spoken code, or a personal link."""
    training = queries.find_training_by_uid(uid)
    if training is None:
        raise NotFoundError
    key, token = request.values.get("k", ""), request.values.get("p", "")
    person = find_person_by_token(current_settings().secret, token) if token else None
    form = _form(training)
    shown = key or form.code.data or ""
    via = Via.link if person else _proof(training, shown)
    is_gone = via is None and _worth(training, key) is KeyState.gone
    wrong = bool(key and not via)
    if form.is_submitted() and _state(training) is DoorState.open:
        if via is None and is_gone:
            pass  # said at the top of the page, where a new one is asked for
        elif via is None:
            form.code.errors = [_("This is not the session's code. Look at it once more.")]
        elif form.validate() and _is_checked_in(training, person, form, via):
            own = token if person else ""
            return render_template("attendance/checked_in.html", training=training, token=own)
    # The door says whose session it is only to those who show that they are there.
    page = render_template(
        "attendance/check_in.html",
        training=training,
        state=_state(training),
        form=form,
        person=person,
        proven=via is not None,
        key=_kept(training, key) if via else "",
        token=token if person else "",
        places=forms.place_choices(training.mode),
        wrong=wrong,
        is_gone=is_gone,
    )
    if is_gone:
        return page, 410  # no guess: it does not count as one
    return page, 422 if form.errors or wrong else 200


def _state(training: TrainingSession) -> DoorState:
    return door_state(training.starts_at, training.ends_at, training.cancelled_at is not None, now())


def _form(training: TrainingSession) -> forms.CheckInForm:
    form = forms.CheckInForm()
    form.place.choices = forms.place_choices(training.mode)
    form.place.data = form.place.data or default_place(training.mode).value
    form.entry_id.data = form.entry_id.data or forms.new_entry_id()
    return form


def _proof(training: TrainingSession, shown: str) -> Via | None:
    """How somebody came who shows this: by the code on the screen, or by the spoken code; None: neither."""
    if _worth(training, shown) is KeyState.fresh:
        return Via.screen
    digits = code_in(shown)
    if digits and same(queries.spoken_code(current_settings().secret, training.uid), digits):
        return Via.code
    return None


def _worth(training: TrainingSession, shown: str) -> KeyState:
    return key_state(current_settings().secret, training.uid, shown, now())


def _kept(training: TrainingSession, key: str) -> str:
    """What the page holds of the key until its form is sent: a pass, for a key that will not last so long."""
    if _worth(training, key) is not KeyState.fresh:
        return key
    return door_pass(current_settings().secret, training.uid, now())


def _is_checked_in(
    training: TrainingSession, person: Person | None, form: forms.CheckInForm, via: Via
) -> bool:
    """Check the person in, who came by a personal link or gave an address; whether that went."""
    try:
        with unit_of_work():
            if person is None:
                person = queries.find_expected_by_email(training, form.email.data or "")
            elif not queries.is_expected(training, person):
                person = None
            if person is not None:
                place = Place(form.place.data)
                service.check_in(
                    training, person, place, entry_id=form.entry_id.data, via=via, device=device_in_use()
                )
                return True
    except RefusedError as error:
        form.refuse(error)
        return False
    # One answer for every address that is not on the list, known elsewhere or not.
    form.email.errors = [_("We do not find you on this session's list. Ask the facilitator to add you.")]
    return False

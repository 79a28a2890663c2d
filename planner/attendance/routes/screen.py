"""The screen at the door: a square that changes twice a minute, the spoken code, and how many are here.

The page fetches the squares of the whole session ahead, so that it goes on without a network.
"""

from __future__ import annotations

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from planner.attendance import queries
from planner.attendance.routes.blueprint import blueprint, roster_address
from planner.attendance.rules import STEP, WINDOW, door_key, door_state, door_steps, shown_code, step_at
from planner.base.clock import now
from planner.series.models import TrainingSession
from planner.web.access import current_viewer, requires
from planner.web.formats import format_clock
from planner.web.links import site_link
from planner.web.qr import qr_packed, qr_svg
from planner.web.settings import current_settings

AT_ONCE = 60  # squares in one answer: half an hour of them


@blueprint.get("/sessions/<int:training_id>/check-in")
@requires("facilitator")
def check_in_panel(training_id: int) -> str:
    """The session's QR code and spoken code, to show on a wall."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    steps = door_steps(training.starts_at, training.ends_at)
    return render_template(
        "attendance/check_in_panel.html",
        training=training,
        code=shown_code(queries.spoken_code(current_settings().secret, training.uid)),
        where=site_link("attendance.check_in").split("://")[-1],
        state=door_state(training.starts_at, training.ends_at, training.cancelled_at is not None, now()),
        window=WINDOW,
        count=_count_words(training, scope),
        now=_milliseconds(),
        step=int(STEP.total_seconds() * 1000),
        steps=steps,
        packs=[roster_address("check_in_squares", training_id, first=n) for n in steps[::AT_ONCE]],
    )


@blueprint.get("/sessions/<int:training_id>/check-in.svg")
@requires("facilitator")
def check_in_qr(training_id: int) -> Response:
    """The QR code of this half minute as a picture, for a page without scripts."""
    training, _scope = queries.get_roster_training(current_viewer(), training_id)
    picture = Response(qr_svg(_address(training, step_at(now()))), mimetype="image/svg+xml")
    picture.headers["Cache-Control"] = "no-store"
    return picture


@blueprint.get("/sessions/<int:training_id>/check-in/squares")
@requires("facilitator")
def check_in_squares(training_id: int) -> Response:
    """The QR codes of half an hour from the half minute `first` on, as far as the door is open then."""
    training, _scope = queries.get_roster_training(current_viewer(), training_id)
    steps = door_steps(training.starts_at, training.ends_at)
    asked = request.args.get("first", type=int, default=steps.start)
    first = min(max(asked, steps.start), steps.stop)
    packed = [qr_packed(_address(training, step)) for step in range(first, min(first + AT_ONCE, steps.stop))]
    return jsonify(first=first, squares=[{"side": side, "bits": bits} for side, bits in packed])


@blueprint.get("/sessions/<int:training_id>/check-in/count")
@requires("facilitator")
def check_in_count(training_id: int) -> Response:
    """How many are here, in words, and what this server's clock shows."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    return jsonify(now=_milliseconds(), **_count_words(training, scope))


def _address(training: TrainingSession, step: int) -> str:
    key = door_key(current_settings().secret, training.uid, step)
    return site_link("attendance.check_in_session", uid=training.uid, k=key)


def _count_words(training: TrainingSession, scope: queries.PeopleScope) -> dict[str, str]:
    here, expected = queries.count_here(training, scope)
    return {
        "text": _("%(here)s of %(all)s here", here=here, all=expected),
        "last_known": _("Last known %(at)s", at=format_clock(now())),
    }


def _milliseconds() -> int:
    return int(now().timestamp() * 1000)

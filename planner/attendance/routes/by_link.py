"""The roster's pages for a facilitator without an account: the session's own link opens them, and nothing else.

The address is the key, so it is told to nobody: not to caches, to other sites, or to search engines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, g, make_response
from werkzeug.wrappers import Response

from planner.attendance import queries
from planner.attendance.routes import roster, scan, screen, sheet, sign_off
from planner.attendance.routes.blueprint import blueprint
from planner.base.viewer import Viewer
from planner.web.access import requires


def _opened(token: str, view: Callable[..., Any], **values: Any) -> Response:
    """What `view` answers to the one whose name is on the link, or NotFoundError."""
    link = queries.get_open_roster_link(current_app.extensions["settings"].secret, token)
    g.viewer = Viewer(None, link.name, session_ids=frozenset({link.training_id}))
    answer = make_response(view(link.training_id, **values))
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@blueprint.get("/r/<token>")
@requires("link")
def roster_by_link(token: str) -> Response:
    """Everyone expected at the session, to be marked."""
    return _opened(token, roster.roster)


@blueprint.post("/r/<token>")
@requires("link")
def save_roster_by_link(token: str) -> Response:
    """Save the rows that were changed."""
    return _opened(token, roster.save_roster)


@blueprint.post("/r/<token>/marks")
@requires("link")
def mark_by_link(token: str) -> Response:
    """One tap, as JSON."""
    return _opened(token, roster.mark)


@blueprint.get("/r/<token>/sheet.pdf")
@requires("link")
def sheet_by_link(token: str) -> Response:
    """The printed sheet."""
    return _opened(token, sheet.sheet)


@blueprint.get("/r/<token>/<int:person_id>")
@requires("link")
def history_by_link(token: str, person_id: int) -> Response:
    """Every line that the ledger has of one person at the session."""
    return _opened(token, roster.history, person_id=person_id)


@blueprint.post("/r/<token>/sign-off")
@requires("link")
def sign_off_by_link(token: str) -> Response:
    """Say that the attendance is right."""
    return _opened(token, sign_off.sign_off)


@blueprint.get("/r/<token>/walk-in")
@requires("link")
def walk_in_by_link(token: str) -> Response:
    """Type in somebody who came without being expected."""
    return _opened(token, roster.walk_in)


@blueprint.post("/r/<token>/walk-in")
@requires("link")
def add_walk_in_by_link(token: str) -> Response:
    """Mark somebody present who was typed in."""
    return _opened(token, roster.add_walk_in)


@blueprint.get("/r/<token>/check-in")
@requires("link")
def check_in_panel_by_link(token: str) -> Response:
    """The session's QR code and spoken code."""
    return _opened(token, screen.check_in_panel)


@blueprint.get("/r/<token>/check-in.svg")
@requires("link")
def check_in_qr_by_link(token: str) -> Response:
    """The QR code as a picture."""
    return _opened(token, screen.check_in_qr)


@blueprint.get("/r/<token>/check-in/squares")
@requires("link")
def check_in_squares_by_link(token: str) -> Response:
    """The QR codes of half an hour."""
    return _opened(token, screen.check_in_squares)


@blueprint.get("/r/<token>/check-in/count")
@requires("link")
def check_in_count_by_link(token: str) -> Response:
    """How many are here."""
    return _opened(token, screen.check_in_count)


@blueprint.get("/r/<token>/scan")
@requires("link")
def scan_by_link(token: str) -> Response:
    """The camera, or a photo, or the code typed in."""
    return _opened(token, scan.scan)


@blueprint.post("/r/<token>/scan")
@requires("link")
def take_scan_by_link(token: str) -> Response:
    """Mark whose code it is as present."""
    return _opened(token, scan.take_scan)

"""Flask-Login over server-side sign-ins: the cookie holds a random token, the row behind it can be ended."""

from __future__ import annotations

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError

from planner.accounts.models import SignIn
from planner.accounts.queries import find_sign_in, viewer_for
from planner.accounts.service import is_visit_due, note_visit
from planner.base.db import db, unit_of_work
from planner.base.viewer import ANONYMOUS

manager = LoginManager()
# Flask-Login's own protection watches the network address, which changes on every train ride.
manager.session_protection = None


class SignedIn(UserMixin):
    """What Flask-Login carries: the sign-in, and the token as its alternative id."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.id = token
        self.sign_in = sign_in


@manager.user_loader
def _load(token: str) -> SignedIn | None:
    sign_in = find_sign_in(token)
    return SignedIn(token, sign_in) if sign_in else None


def enter(token: str) -> None:
    """Let this browser in with the token of a sign-in that has been committed; its cookie starts afresh."""
    session.clear()
    session.permanent = True
    login_user(_load(token))


def leave() -> None:
    """Take the token out of this browser's cookie, and everything else with it."""
    logout_user()
    session.clear()


def current_sign_in() -> SignIn | None:
    """The sign-in of this request's browser; None when nobody is signed in."""
    return current_user.sign_in if current_user.is_authenticated else None


def fill_viewer() -> None:
    """Set `g.viewer` for this request; static files and feeds need none and cost no query."""
    g.viewer = ANONYMOUS
    if request.endpoint in (None, "static") or request.path.endswith(".ics"):
        return
    if current_user.is_authenticated:
        sign_in = current_user.sign_in
        g.viewer = viewer_for(sign_in.user)
        if is_visit_due(sign_in):
            _note_visit(sign_in)


def _note_visit(sign_in: SignIn) -> None:
    try:
        with unit_of_work():
            note_visit(sign_in)
    except OperationalError:
        # A database that is busy or read-only must not stop somebody from reading a page.
        db.session.rollback()
        current_app.logger.warning("last visit not noted")


def init_app(app: Flask) -> None:
    """Fill the viewer before each request."""
    manager.init_app(app)
    app.before_request(fill_viewer)

"""Flask-Login over server-side sign-ins: the cookie holds a random token, the row behind it can be ended."""

from __future__ import annotations

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user

from planner.accounts.models import SignIn
from planner.accounts.queries import find_sign_in, viewer_for
from planner.base.viewer import ANONYMOUS

manager = LoginManager()


class SignedIn(UserMixin):
    """What Flask-Login carries: the sign-in, and the token as its alternative id."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.id = token
        self.sign_in = sign_in


@manager.user_loader
def _load(token: str) -> SignedIn | None:
    sign_in = find_sign_in(token)
    return SignedIn(token, sign_in) if sign_in else None


def fill_viewer() -> None:
    """Set `g.viewer` for this request; static files and feeds need none and cost no query."""
    g.viewer = ANONYMOUS
    if request.endpoint in (None, "static") or request.path.endswith(".ics"):
        return
    if current_user.is_authenticated:
        g.viewer = viewer_for(current_user.sign_in.user)


def init_app(app: Flask) -> None:
    """Fill the viewer before each request."""
    manager.init_app(app)
    app.before_request(fill_viewer)

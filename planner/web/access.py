"""Every view says in one word who may open it; a view without a word is refused to everyone.

    @blueprint.get("/companies")
    @requires("organiser")
    def companies() -> str: ...

The words are coarse on purpose: they say which roles may try. Which rows they then see is decided by the
queries, which take the viewer first. tests/contract/access_table.csv lists every view and every role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from flask import Flask, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner.base.errors import NotAllowedError
from planner.base.viewer import ANONYMOUS, EDITORS, EVERYONE, LEADERS, OWNERS, Role, Viewer

View = TypeVar("View", bound=Callable[..., Any])

# word -> roles that may try; None: no account needed.
WORDS: Final[dict[str, frozenset[Role] | None]] = {
    "public": None,
    "link": None,  # the address itself carries a personal token; the query behind it decides
    "user": frozenset(),  # anyone with an account, whatever their roles
    "member": EVERYONE,  # any role in any organisation
    "facilitator": LEADERS,
    "organiser": EDITORS,
    "owner": OWNERS,
}


def requires(word: str) -> Callable[[View], View]:
    """Mark a view with its access word (a key of WORDS)."""
    if word not in WORDS:
        raise KeyError(word)

    def mark(view: View) -> View:
        view.access = word  # type: ignore[attr-defined]  # read back by access_word
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that anyone may open."""
    return requires("public")(view)


def access_word(view: Callable[..., Any]) -> str | None:
    """The access word of a view function, None when it has none."""
    return getattr(view, "access", None)


def current_viewer() -> Viewer:
    """The viewer of this request."""
    viewer: Viewer = g.get("viewer", ANONYMOUS)
    return viewer


def may_try(word: str, viewer: Viewer) -> bool:
    """Whether `viewer` may try a view with this access word."""
    roles = WORDS[word]
    if roles is None:
        return True
    return viewer.is_signed_in and (not roles or viewer.has_role(roles))


def guard() -> Response | None:
    """Before each request: let in, send to sign-in, or raise NotAllowedError."""
    if request.endpoint is None or request.endpoint == "static" or request.endpoint.endswith(".static"):
        return None
    word = access_word(current_app.view_functions[request.endpoint])
    if word is None:
        raise NotAllowedError(_("This page has not been opened to anyone yet."))
    viewer = current_viewer()
    if may_try(word, viewer):
        return None
    if not viewer.is_signed_in:
        flash(_("Sign in to continue."), "info")
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    raise NotAllowedError(_("Your role does not open this page. Ask an owner of your organisation for it."))


def init_app(app: Flask) -> None:
    """Guard every request of `app`."""
    app.before_request(guard)

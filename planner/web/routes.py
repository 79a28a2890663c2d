"""Choices that belong to the browser, not to a person: language and theme. And robots.txt."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, has_request_context, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from planner.web.access import public
from planner.web.addresses import safe_next

blueprint = Blueprint("web", __name__)

LANGUAGES = ("sv", "en")
THEMES = ("auto", "light", "dark")
ONE_YEAR = 365 * 24 * 3600


def language() -> str:
    """The language of this request: the one chosen, else the browser's, else Swedish (also without a request)."""
    if not has_request_context():
        return "sv"
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="sv") or "sv"


def theme() -> str:
    """The theme chosen: light, dark or auto."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def _remember(name: str, value: str, allowed: tuple[str, ...]) -> AnyResponse:
    if value not in allowed:
        abort(404)
    answer = redirect(safe_next(request.args.get("next"), url_for("home.start")))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(name, value, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=secure)
    return answer


@blueprint.get("/language/<code>", endpoint="language")
@public
def set_language(code: str) -> AnyResponse:
    """Remember the language."""
    return _remember("language", code, LANGUAGES)


@blueprint.get("/theme/<name>", endpoint="theme")
@public
def set_theme(name: str) -> AnyResponse:
    """Remember the theme."""
    return _remember("theme", name, THEMES)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Crawlers may look at what is public; feeds are for calendar programmes, which must not be turned away."""
    return Response("User-agent: *\nAllow: /\n", mimetype="text/plain")

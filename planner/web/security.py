"""Headers that every answer carries, and rate limits."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from planner.web.access import access_word

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)

# Bootstrap's CSS draws its small icons as data: images; nothing else comes from outside the site.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)


class PageSessions(SecureCookieSessionInterface):
    """Sessions of people on pages. A calendar programme's answer sets no cookie and varies by none."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the session's cookie, except on a feed, whatever Flask-Login did to the session meanwhile."""
        if not request.path.endswith(".ics"):
            super().save_session(app, session, response)


ONLY_HTTPS: Final = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if request.is_secure:
        headers.setdefault(*ONLY_HTTPS)
    if request.path.endswith(".ics") and response.mimetype != "text/html":
        return response  # no browser draws it; it brings the few headers that mean something to it
    if _is_key():
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if "Cache-Control" not in headers and request.endpoint != "static":
        headers["Cache-Control"] = "private, no-cache"
    return response


def _is_key() -> bool:
    """Whether the address is itself the key to the page: it is told to no cache, other site or search engine."""
    view = current_app.view_functions.get(request.endpoint or "")
    return (view is not None and access_word(view) == "link") or not {"p", "k"}.isdisjoint(request.args)


def init_app(app: Flask) -> None:
    """Turn on CSRF, rate limits and security headers."""
    app.session_interface = PageSessions()
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_headers)

"""What calendar programmes fetch. They send no cookie, follow no page and read no HTML."""

from __future__ import annotations

import gzip
import re

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import MethodNotAllowed

from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.calendars import queries, rules, service
from planner.calendars.models import Feed
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.rules import PUBLIC_SCOPES, ScopeKind, Variant
from planner.web.access import public, requires


@blueprint.get("/calendars/<scope>/<key>.ics", provide_automatic_options=False)
@public
def public_feed(scope: str, key: str) -> Response:
    """The feed of a public scope, at an address that people can read; `?lang=en` gives it in English."""
    if scope not in PUBLIC_SCOPES:
        return _not_found()
    variant = Variant(language=rules.as_language(request.args.get("lang")))
    try:
        body = queries.feed_bytes(ScopeKind(scope), key, variant)
    except NotFoundError:
        return _not_found()
    answer = _answer(body, f"{scope}-{key}")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag"
    return answer


@blueprint.get("/feeds/<token>.ics", provide_automatic_options=False)
@requires("link")
def private_feed(token: str) -> Response:
    """The feed with this token."""
    feed = queries.find_feed(token)
    if feed is None:
        return _not_found()
    scope = ScopeKind(feed.scope)
    variant = Variant(
        language=rules.as_language(feed.language),
        private=not scope.is_public,
        reminder_minutes=feed.reminder_minutes,
    )
    try:
        body = queries.feed_bytes(scope, feed.scope_key, variant)
    except NotFoundError:
        return _not_found()
    _note_fetch(feed)
    return _answer(body, f"{scope}-{feed.scope_key}")


@blueprint.before_app_request
def answer_plainly() -> Response | None:
    """Give a programme that asks in the wrong way, or at the wrong place, a short answer and no page."""
    wrong = request.routing_exception
    if wrong is None or not request.path.endswith(".ics"):
        return None
    if not isinstance(wrong, MethodNotAllowed):
        return _not_found()
    return _plain(405, "Only GET and HEAD.\n", {"Allow": "GET, HEAD"})


def _not_found() -> Response:
    """One answer for what is unknown, revoked, malformed or not public: nothing can be learnt from it."""
    return _plain(404, "There is no calendar at this address.\n", {})


def _plain(status: int, text: str, headers: dict[str, str]) -> Response:
    answer = Response(text, status, headers, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    _add_shared_headers(answer)
    return answer


def _answer(body: bytes, name: str) -> Response:
    """The bytes, zipped when asked for, or 304 when the client has them (RFC 9110 sections 13.1.2 and 15.4.5)."""
    tag = rules.etag(body)
    if rules.is_known_etag(request.headers.get("If-None-Match", ""), tag):
        answer = Response(status=304)
        del answer.headers["Content-Type"]
    else:
        answer = Response(body, content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = f'{_disposition()}; filename="{_file_name(name)}.ics"'
        if _takes_gzip():
            answer.set_data(gzip.compress(body, mtime=0))
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["ETag"] = tag
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "private, no-cache"
    _add_shared_headers(answer)
    return answer


def _add_shared_headers(answer: Response) -> None:
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"


def _disposition() -> str:
    return "attachment" if request.args.get("download") else "inline"


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)[:80]


def _takes_gzip() -> bool:
    return any(name.lower() == "gzip" and quality > 0 for name, quality in request.accept_encodings)


def _note_fetch(feed: Feed) -> None:
    """Remember the fetch in a unit of work of its own; a database too busy for that still gives the feed."""
    if not service.is_fetch_due(feed):
        return
    client = rules.client_of(request.headers.get("User-Agent", ""))
    try:
        with unit_of_work():
            service.note_fetch(feed, client)
    except SQLAlchemyError:
        current_app.logger.warning("a feed's fetch could not be noted", exc_info=True)

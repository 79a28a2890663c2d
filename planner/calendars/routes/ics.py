"""What calendar programmes fetch. They send no cookie, follow no page and read no HTML."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import MethodNotAllowed

from planner.base.clock import today
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.calendars import queries, rules, service
from planner.calendars.queries import OpenFeed
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.rules import PUBLIC_SCOPES, KeptFeed, Narrowing, Shelf, SubjectKey, Variant
from planner.web.access import public, requires

SHELF: Final = "calendars.shelf"
KEPT_BYTES: Final = 64 * 2**20


@blueprint.record
def _make_shelf(state: Any) -> None:
    """Give each application its own memory of finished feeds."""
    state.app.extensions[SHELF] = Shelf(KEPT_BYTES)


@blueprint.get("/calendars/<scope>/<key>.ics", provide_automatic_options=False)
@public
def public_feed(scope: str, key: str) -> Response:
    """The feed of a public scope, at an address that people can read.

    `?lang=en` gives it in English, `?mode=digital` sessions of that mode, `?open=1` those with a free seat.
    """
    if scope not in PUBLIC_SCOPES:
        return _not_found()
    subject, asked = SubjectKey(scope, key), request.args
    variant = Variant(language=rules.as_language(asked.get("lang")))
    kept = _find_feed(subject, variant, rules.as_narrowing(asked), queries.stamp_of(subject))
    if kept is None:
        return _not_found()
    answer = _answer(kept, f"{scope}-{key}")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag"
    return answer


@blueprint.get("/feeds/<token>.ics", provide_automatic_options=False)
@requires("link")
def private_feed(token: str) -> Response:
    """The feed with this token."""
    feed = queries.find_feed(token)
    kept = _find_feed(feed.subject, feed.variant, feed.narrowing, feed.version) if feed else None
    if feed is None or kept is None:
        return _not_found()
    _note_fetch(feed)
    return _answer(kept, "-".join(feed.subject))


def _find_feed(subject: SubjectKey, variant: Variant, narrowing: Narrowing, version: int) -> KeptFeed | None:
    """The feed from memory, or joined from its stored events; None when there is no such subject."""
    shelf, on = _shelf(), today()
    key = (subject, variant, narrowing)
    kept = shelf.find(key, version, on)
    if kept is None:
        try:
            made = queries.read_feed(subject, variant, narrowing, on)
        except NotFoundError:
            return None
        kept = KeptFeed(version, on, made.tag, made.body)
        shelf.put(key, kept)
    return kept


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions[SHELF]
    return shelf


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


def _answer(feed: KeptFeed, name: str) -> Response:
    """The bytes, zipped when asked for, or 304 when the client has them (RFC 9110 sections 13.1.2 and 15.4.5)."""
    if rules.is_known_etag(request.headers.get("If-None-Match", ""), feed.tag):
        answer = Response(status=304)
        del answer.headers["Content-Type"]
    else:
        zipped = _takes_gzip()
        body = feed.gzip() if zipped else feed.body
        answer = Response(body, content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = f'{_disposition()}; filename="{_file_name(name)}.ics"'
        if zipped:
            answer.headers["Content-Encoding"] = "gzip"
    answer.headers["ETag"] = feed.tag
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


def _note_fetch(feed: OpenFeed) -> None:
    """Remember the fetch in a unit of work of its own; a database too busy for that still gives the feed."""
    if not service.is_fetch_due(feed.fetched_at):
        return
    client = rules.client_of(request.headers.get("User-Agent", ""))
    try:
        with unit_of_work():
            service.note_fetch(feed.id, client)
    except SQLAlchemyError:
        current_app.logger.warning("a feed's fetch could not be noted", exc_info=True)

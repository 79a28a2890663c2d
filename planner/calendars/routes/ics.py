"""What calendar programmes fetch. They send no cookie, follow no page and read no HTML."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import MethodNotAllowed

from planner.base.clock import today
from planner.base.db import unit_of_work
from planner.base.errors import NotFoundError
from planner.calendars import queries, rules, service
from planner.calendars.queries import OpenFeed
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.rules import Asked, KeptFeed, Shelf
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
    feed = queries.open_public(scope, key, request.args)
    kept = find_or_make(current_app, feed) if feed else None
    return _answer(kept, feed) if feed and kept else _not_found()


@blueprint.get("/feeds/<token>.ics", provide_automatic_options=False)
@requires("link")
def private_feed(token: str) -> Response:
    """The feed with this token."""
    feed = queries.find_feed(token)
    kept = find_or_make(current_app, feed) if feed else None
    if feed is None or kept is None:
        return _not_found()
    _note_fetch(feed)
    return _answer(kept, feed)


def find_or_make(app: Flask, feed: OpenFeed) -> KeptFeed | None:
    """The finished feed from memory, or joined from its stored events; None when there is no such subject."""
    shelf: Shelf = app.extensions[SHELF]
    key, on = (feed.subject, feed.variant, feed.narrowing), today()
    kept = shelf.find(key, feed.stamp.version, on)
    if kept is None:
        try:
            made = queries.read_feed(*key, on, feed.stamp)
        except NotFoundError:
            return None
        kept = KeptFeed(feed.stamp.version, on, made.tag, made.body)
        shelf.put(key, kept)
    return kept


def _answer(kept: KeptFeed, feed: OpenFeed) -> Response:
    sent = request.headers
    asked = Asked(
        sent.get("If-None-Match", ""), sent.get("Accept-Encoding", ""), bool(request.args.get("download"))
    )
    made = rules.answer_of(kept, feed.subject, asked, is_open=not feed.id)
    answer = Response(made.body, made.status)
    del answer.headers["Content-Type"]  # a 304 has none
    answer.headers.extend(made.headers)
    return answer


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
    answer.headers.extend((("Cache-Control", "no-store"), *rules.GUARDING))
    return answer


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

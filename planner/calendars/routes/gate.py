"""The shortest way to a feed: no session, no language, no page, and one statement when nothing has changed.

Most requests of a site are a programme that asks whether its calendar is still the same. They are answered here, in
front of the application. What is not there, what has a fetch to be noted, and whatever goes wrong goes on to the
views in `ics`, whose answers are the same to the byte.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from planner.calendars import queries, rules, service
from planner.calendars.routes.blueprint import blueprint
from planner.calendars.routes.ics import find_or_make
from planner.calendars.rules import Answer, Asked
from planner.web.logs import log_request
from planner.web.security import ONLY_HTTPS

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

# Exactly what the two views' rules match, without the characters that would have to be decoded first.
_ADDRESS: Final = re.compile(r"/(?:calendars/([a-z_]+)/([\w.~-]+)|feeds/([\w-]+))\.ics", re.ASCII)
PUBLIC_RULE: Final = "/calendars/<scope>/<key>.ics"
PRIVATE_RULE: Final = "/feeds/<token>.ics"


class FeedGate:
    """WSGI middleware in front of `app`, inside whatever reads a proxy's headers."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._onward = app.wsgi_app

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or hand the request on."""
        address = _ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if address is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._onward(environ, start_response)
        started = time.perf_counter()
        answer = self._answer(address, environ)
        if answer is None:
            return self._onward(environ, start_response)
        rule = PRIVATE_RULE if address[3] else PUBLIC_RULE
        log_request(self._app, rule, environ["REQUEST_METHOD"], answer.status, started)
        return _send(answer, environ, start_response)

    def _answer(self, address: re.Match[str], environ: Environ) -> Answer | None:
        scope, key, token = address.groups()
        query = dict(reversed(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)))
        try:
            with self._app.app_context():
                feed = queries.find_feed(token) if token else queries.open_public(scope, key, query)
                if feed is None or (token and service.is_fetch_due(feed.fetched_at)):
                    return None
                kept = find_or_make(self._app, feed)
        except SQLAlchemyError:
            return None  # the view meets the same, and has a page for it
        if kept is None:
            return None
        asked = Asked(
            environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_ACCEPT_ENCODING", ""), bool(query.get("download"))
        )  # fmt: skip
        return rules.answer_of(kept, feed.subject, asked, is_open=not feed.id)


@blueprint.record
def _stand_in_front(state: Any) -> None:
    state.app.wsgi_app = FeedGate(state.app)


def _send(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    headers = list(answer.headers)
    if environ.get("wsgi.url_scheme") == "https":
        headers.append(ONLY_HTTPS)
    if answer.status == 200:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response("200 OK" if answer.status == 200 else "304 NOT MODIFIED", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

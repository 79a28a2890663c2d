"""One JSON line per event and request. A request is logged by its route, never its path: paths carry tokens."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

_as_json = json.JSONEncoder(ensure_ascii=False, default=str).encode

# PostgreSQL tells the values of a row it refused here, whatever SQLAlchemy hides of a statement's parameters.
_DETAIL = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^\[SQL|^$\n(?:The above|During handling)|\Z)", re.DOTALL | re.MULTILINE
)


class JsonLines(logging.Formatter):
    """Each record as one line of JSON, with the request's id when there is a request."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a JSON object without line breaks."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
        if record.exc_info:
            line["error"] = _DETAIL.sub(r"\1: not logged\n", self.formatException(record.exc_info))
        return _as_json(line)


def request_id() -> str:
    """This request's id, shown on error pages and in the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(4)
    identity: str = g.request_id
    return identity


def init_app(app: Flask, level: str) -> None:
    """Log to standard error as JSON lines, one per request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(level)

    @app.before_request
    def _start() -> None:
        g.started = time.perf_counter()
        request_id()

    @app.after_request
    def _finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "unknown address"
        if request.endpoint != "static":
            log_request(
                app, rule, request.method, response.status_code, g.get("started", time.perf_counter())
            )
        return response


def log_request(app: Flask, rule: str, method: str, status: int, started: float) -> None:
    """The line that every request gets; `started` is time.perf_counter's."""
    took = round((time.perf_counter() - started) * 1000, 1)
    data = {"route": rule, "method": method, "status": status, "ms": took}
    if not has_request_context():  # answered in front of the application
        data["request"] = secrets.token_hex(4)
    app.logger.info("request", extra={"data": data})

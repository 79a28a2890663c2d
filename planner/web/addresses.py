"""How addresses are read, and which of those that a form or link brings along are followed."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # what an Integer column holds on PostgreSQL; a larger number is at no address


class RowNumber(IntegerConverter):
    """`<int:…>` in a rule: a number that a row may have, so that a forged one is not found, not an error."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **options})


def row_number(text: str) -> int:
    """The same for `request.args.get(name, type=row_number)`. Raises ValueError for a number that no row has."""
    number = int(text)
    if not 0 < number <= LARGEST:
        raise ValueError(text)
    return number


def safe_next(target: str | None, default: str) -> str:
    """`target` when it is a path on this site, else `default`."""
    if not target or not target.isprintable() or not re.match(r"/(?![/\\])", target) or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def _refuse_nul() -> None:
    """Stop at the door what PostgreSQL takes in no text, and nobody types. Feeds have one plain answer of their own."""
    if request.path.endswith(".ics"):
        return
    if any(isinstance(value, str) and "\0" in value for value in (request.view_args or {}).values()):
        abort(404)


def init_app(app: Flask) -> None:
    """Look at each request's address before anything else does."""
    app.before_request(_refuse_nul)

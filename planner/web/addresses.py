"""How addresses are read, and which of those that a form or link brings along are followed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # what an Integer column holds on PostgreSQL; a larger number is at no address


class RowNumber(IntegerConverter):
    """`<int:…>` in a rule: a number that a row may have, so that a forged one is not found, not an error."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **options})


def safe_next(target: str | None, default: str) -> str:
    """`target` when it is a path on this site, else `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target

"""How addresses are read."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1  # what an Integer column holds on PostgreSQL; a larger number is at no address


class RowNumber(IntegerConverter):
    """`<int:…>` in a rule: a number that a row may have, so that a forged one is not found, not an error."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST, **options})

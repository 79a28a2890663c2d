"""Column types and small text helpers that every model shares."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored as UTC.

    SQLite keeps no zone and would hand back naive values; this refuses them on the way in and
    restores UTC on the way out, so that both databases give the same.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored; give an aware one")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Sorted by code point on both databases, whatever collation the server was made with.
SortKey = String(200).with_variant(String(200, collation="C"), "postgresql")

_AFTER_Z = {"å": "{", "ä": "|", "ö": "}", "æ": "|", "ø": "}"}


def swedish_sort_key(text: str) -> str:
    """A key that sorts Swedish text as a Swede expects (… x y z å ä ö; é as e), by plain code points."""
    key: list[str] = []
    for char in unicodedata.normalize("NFC", text.casefold()):
        if char in _AFTER_Z:
            key.append(_AFTER_Z[char])
        else:
            key.append(unicodedata.normalize("NFKD", char)[:1])
    return "".join(key)[:200]


def like_pattern(text: str) -> str:
    """`text` as a contains-pattern for LIKE with escape character `\\`, its own wildcards made plain."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

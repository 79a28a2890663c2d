"""What is kept of a person, as parts that people and programmes can read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Value = str | int | bool | datetime | date | None


@dataclass(frozen=True, slots=True)
class DataPart:
    """One table of what is kept. `columns` are (key, label): the key for programmes, the label for people."""

    key: str
    title: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Value]]


def as_json(parts: Iterable[DataPart]) -> dict[str, Any]:
    """The parts by key, each a list of objects; instants and days in ISO 8601."""
    return {
        part.key: [
            {key: _plain(value) for (key, _label), value in zip(part.columns, row, strict=True)}
            for row in part.rows
        ]
        for part in parts
    }


def _plain(value: Value) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def is_confirmed(typed: str, name: str) -> bool:
    """Whether the name was typed as it is, capitals and spaces apart."""
    return " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()

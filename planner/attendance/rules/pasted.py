"""People as they are pasted: one a line, an address, a name, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from planner.base.errors import RefusedError
from planner.directory.rules.import_columns import Column, recognise_columns

MOST_LINES: Final = 300
_ADDRESS: Final = re.compile(r"[^\s<>;,\"]+@[^\s<>;,\"]+")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: its number, and the name and the address (lower case) in it, each empty when there is none."""

    number: int
    name: str
    email: str


def pasted_lines(text: str) -> list[PastedLine]:
    """The lines with something on them, each person once: "Asta Berg <asta@x.se>", "Asta Berg; asta@x.se", a tab."""
    found: dict[tuple[str, str], PastedLine] = {}
    for number, line in enumerate(text.splitlines(), 1):
        one = _read(number, line)
        if one.name or one.email:
            found.setdefault(("", one.email) if one.email else (one.name.casefold(), ""), one)
    return list(found.values())


def text_of_rows(rows: Sequence[Sequence[str]]) -> str:
    """The people of a file as lines to paste: by its headings where it has any, else every row as it is."""
    try:
        columns = recognise_columns(rows[0]).held
    except RefusedError:
        columns = ()
    if not {Column.name, Column.first_name, Column.last_name, Column.email} & set(columns):
        lines = ["; ".join(cell for cell in row if cell.strip()) for row in rows]
        is_headed = len(lines) > 1 and "@" in lines[1] and "@" not in lines[0]
        return "\n".join(lines[is_headed:])
    return "\n".join(_line(dict(zip(columns, row, strict=False))) for row in rows[1:])


def _line(cells: dict[Column | None, str]) -> str:
    parts = [cells.get(column, "").strip() for column in (Column.first_name, Column.last_name)]
    name = cells.get(Column.name, "").strip() or " ".join(part for part in parts if part)
    return "; ".join(part for part in (name, cells.get(Column.email, "").strip()) if part)


def _read(number: int, line: str) -> PastedLine:
    match = _ADDRESS.search(line)
    email = match[0].lower() if match else ""
    rest = line.replace(match[0], " ") if match else line
    # Of several columns the first with something in it is the name: a company often comes after.
    columns = (" ".join(re.sub(r"[<>,\"]", " ", part).split()) for part in re.split(r"[;\t]", rest))
    name = next((column for column in columns if column), "")
    return PastedLine(number, name[:200], email[:254])

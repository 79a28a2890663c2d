"""The attendance reports of Teams and Zoom: where the table is, what its columns are, and who was there when.

A report is several tables under each other. The one with a row for each time somebody joined says most; one with the
first join and the last leave says how long besides; one with lengths alone is taken at its word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from planner.attendance.rules.report_times import read_instant, read_seconds

Row = tuple[int, list[str]]
_NAMES: Final = ("name", "full name", "namn", "fullständigt namn", "deltagarens namn", "participant name")
_YES: Final = ("yes", "ja", "true")
_LONGEST: Final = 200


@dataclass(slots=True)
class Attendee:
    """Somebody in a report: when they were in, as intervals; `most` caps the seconds, or says them when no times do."""

    name: str
    email: str
    spells: list[tuple[datetime, datetime]] = field(default_factory=list)
    most: int | None = None

    @property
    def names(self) -> list[str]:
        """The names this may be: as written, without what stands in brackets, and what stands there."""
        outside, bracket, inside = self.name.partition("(")
        parts = [self.name, outside, inside.partition(")")[0]] if bracket else [self.name]
        return [part.strip() for part in parts if part.strip()]


@dataclass(frozen=True, slots=True)
class Report:
    """Everyone in a report, by the order in which they came, and the rows that could not be read."""

    attendees: tuple[Attendee, ...]
    unread: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    name: int
    emails: tuple[int, ...]
    joined: int | None
    left: int | None
    length: int | None
    waiting: int | None
    is_outer: bool
    unit: int

    @property
    def worth(self) -> int:
        """How much a table with these columns says."""
        if self.joined is None or self.left is None:
            return 0
        return 1 if self.is_outer else 2


def read_report(rows: Iterable[Row], near: date) -> Report | None:
    """Who was there, from the rows of a file; None when it holds no table of attendance."""
    best: tuple[_Columns, list[Row]] | None = None
    for columns, lines in _tables(rows):
        if best is None or columns.worth > best[0].worth:
            best = columns, lines
    return None if best is None else _read_table(*best, near)


def _tables(rows: Iterable[Row]) -> list[tuple[_Columns, list[Row]]]:
    found: list[tuple[_Columns, list[Row]]] = []
    is_inside = False
    for number, cells in rows:
        filled = sum(bool(cell.strip()) for cell in cells)
        columns = _columns_of(cells)
        if columns is not None:
            found.append((columns, []))
            is_inside = True
        elif filled < 2:
            is_inside = False  # the heading of the next part
        elif is_inside:
            found[-1][1].append((number, cells))
    return found


def _columns_of(cells: Sequence[str]) -> _Columns | None:
    heads = [_plain(cell).casefold() for cell in cells]
    name = _first(heads, lambda head: head.partition("(")[0].strip() in _NAMES)
    length = _first(heads, lambda head: _has(head, "duration", "varaktighet", "total tid", "minuter"))
    joined = _first(heads, lambda head: _has(head, "join", "anslut", "anslöt", "gick med"))
    left = _first(heads, lambda head: _has(head, "leave", "left", "lämna", "utträd"))
    if name is None or (length is None and (joined is None or left is None)):
        return None
    emails = [at for at, head in enumerate(heads) if _has(head, "mail", "e-post", "epost")]
    emails += [at for at, head in enumerate(heads) if "upn" in head and at not in emails]
    is_outer = joined is not None and _has(heads[joined], "first", "först")
    unit = 60 if length is not None and "min" in heads[length] else 1
    waiting = _first(heads, lambda head: _has(head, "waiting room", "väntrum"))
    return _Columns(name, tuple(emails), joined, left, length, waiting, is_outer, unit)


def _read_table(columns: _Columns, lines: Iterable[Row], near: date) -> Report:
    people: dict[tuple[str, str], Attendee] = {}
    unread: list[int] = []
    for number, cells in lines:
        name, email = _cell(cells, columns.name), _email(cells, columns)
        if _cell(cells, columns.waiting).casefold() in _YES:
            continue  # waited outside, and was not in
        spell, seconds = (
            _spell(cells, columns, near),
            read_seconds(_cell(cells, columns.length), columns.unit),
        )
        if not (name or email) or (spell is None if columns.worth else seconds is None):
            unread.append(number)
            continue
        one = people.setdefault(
            ("", email) if email else (name.casefold(), ""), Attendee(name or email, email)
        )
        if spell is not None:
            one.spells.append(spell)
        if columns.worth < 2 and seconds is not None:
            one.most = (one.most or 0) + seconds
    return Report(tuple(people.values()), tuple(unread))


def _spell(cells: Sequence[str], columns: _Columns, near: date) -> tuple[datetime, datetime] | None:
    start = read_instant(_cell(cells, columns.joined), near)
    end = read_instant(_cell(cells, columns.left), near)
    return (start, end) if start is not None and end is not None and start <= end else None


def _email(cells: Sequence[str], columns: _Columns) -> str:
    written = (_cell(cells, at).lower() for at in columns.emails)
    return next((text for text in written if "@" in text and " " not in text), "")


def _cell(cells: Sequence[str], at: int | None) -> str:
    return _plain(cells[at])[:_LONGEST] if at is not None and at < len(cells) else ""


def _plain(text: str) -> str:
    """One line without what is not printed, such as the marks of direction that Teams puts around times."""
    return " ".join(
        "".join(c for c in unicodedata.normalize("NFC", text) if c.isprintable() or c.isspace()).split()
    )


def _has(head: str, *words: str) -> bool:
    return any(word in head for word in words)


def _first(heads: Sequence[str], test: Callable[[str], bool]) -> int | None:
    return next((at for at, head in enumerate(heads) if test(head)), None)

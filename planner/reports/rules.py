"""Pure decisions of figures: what is summed, and which sums are hidden so that nobody is seen through them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final

from planner.attendance.rules import LEAST


class Level(StrEnum):
    """What the figures are summed by."""

    session = "session"
    series = "series"
    company = "company"
    municipality = "municipality"
    county = "county"
    total = "total"


# Each family adds up to the same total, from the finest to the coarsest.
FAMILIES: Final = (
    (Level.session, Level.series, Level.total),
    (Level.company, Level.municipality, Level.county, Level.total),
)


def family_of(level: Level) -> tuple[Level, ...]:
    """The levels that this one is part of."""
    return next(family for family in FAMILIES if level in family)


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Sessions whose local start lies in `[starts_on, ends_on]` (None: unbounded), people of one municipality."""

    starts_on: date | None = None
    ends_on: date | None = None
    municipality: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `expected` and `attended` count a person once per session, `persons` and `attendees` once.

    `key` and `parent` tie the levels together. `minutes` is the exact sum of participant time.
    """

    level: Level
    key: tuple[Hashable, ...]
    parent: tuple[Hashable, ...]
    name: str
    detail: str
    at: datetime | None
    sessions: int
    persons: int
    attendees: int
    expected: int
    attended: int
    minutes: int
    on_site: int
    remote: int

    @property
    def share(self) -> float | None:
        """The part of those expected that came, 0 to 1; None when nobody was expected."""
        return self.attended / self.expected if self.expected else None


def is_small(figure: Figure) -> bool:
    """Whether a sum stands for so few persons that it could be one's own."""
    return 0 < figure.persons < LEAST or 0 < figure.attendees < LEAST


def is_of_few(figure: Figure) -> bool:
    """Whether a hidden row may say so: it stands for fewer than five persons, and not only beside such a row."""
    return 0 < figure.persons < LEAST


def hidden_keys(levels: Sequence[Sequence[Figure]]) -> set[tuple[Level, tuple[Hashable, ...]]]:
    """Which rows to hide, for the levels of one family from the finest to the coarsest.

    Small sums are hidden; then as many of their neighbours, smallest first, that what is left after subtracting the
    shown rows from the sum above them stands for at least five persons. A hidden sum must not be found by adding up
    what lies below it either. Repeated until nothing more needs hiding.
    """
    hidden = {_id(figure) for level in levels for figure in level if is_small(figure)}
    while True:
        before = len(hidden)
        for finer, coarser in pairwise(levels):
            for parent in coarser:
                _cover(parent, [figure for figure in finer if figure.parent == parent.key], hidden)
        if len(hidden) == before:
            return hidden


def _cover(parent: Figure, children: list[Figure], hidden: set[tuple[Level, tuple[Hashable, ...]]]) -> None:
    concealed = [child for child in children if _id(child) in hidden]
    shown = sorted(
        (child for child in children if _id(child) not in hidden),
        key=lambda c: (c.persons, c.attendees, c.key),
    )
    if not concealed and _id(parent) not in hidden:
        return
    while shown and not _is_covered(concealed):
        concealed.append(shown.pop(0))
        hidden.add(_id(concealed[-1]))


def _is_covered(concealed: Iterable[Figure]) -> bool:
    """Whether the rows together surely stand for five persons: the same ones may sit in several of them."""
    rows = list(concealed)
    persons = max((row.persons for row in rows), default=0)
    attendees = max((row.attendees for row in rows), default=0)
    return persons >= LEAST and (attendees >= LEAST or not any(row.attendees for row in rows))


def _id(figure: Figure) -> tuple[Level, tuple[Hashable, ...]]:
    return figure.level, figure.key

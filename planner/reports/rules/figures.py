"""What figures are summed by and narrowed to, and one row of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Final

Key = tuple[Hashable, ...]


class Level(StrEnum):
    """What the figures are summed by."""

    month = "month"
    year = "year"
    municipality = "municipality"
    county = "county"
    company = "company"
    size = "size"
    sector = "sector"
    series = "series"
    step = "step"
    session = "session"
    template = "template"
    project = "project"
    kind = "kind"
    total = "total"


# A person's own: each belongs to one row of these, whatever sessions they were at.
OF_PEOPLE: Final = frozenset({Level.municipality, Level.county, Level.company, Level.size, Level.sector})


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Sessions whose local start lies in `[starts_on, ends_on]` (None: unbounded), of these series and these people.

    `kind` is a TrainingType; an empty text asks for what has none, None for all. The same with `project` and 0.
    """

    starts_on: date | None = None
    ends_on: date | None = None
    municipality: str | None = None
    county: str | None = None
    series: int | None = None
    template: int | None = None
    project: int | None = None
    kind: str | None = None

    @property
    def is_of_people(self) -> bool:
        """Whether only some people's presence is counted: seats cannot be told apart by that."""
        return self.municipality is not None or self.county is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """What adds up. Of the people who had a seat (`booked`) some came (`used`) and some had excused themselves.

    `on_site` and `remote` count everybody who came, once per session, also without a seat. Minutes are whole.
    """

    booked: int = 0
    used: int = 0
    excused: int = 0
    on_site: int = 0
    remote: int = 0
    minutes_on_site: int = 0
    minutes_remote: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def attended(self) -> int:
        """How many times somebody came."""
        return self.on_site + self.remote

    @property
    def minutes(self) -> int:
        """The time of all who came."""
        return self.minutes_on_site + self.minutes_remote

    @property
    def no_shows(self) -> int:
        """Seats whose holder neither came nor said why."""
        return self.booked - self.used - self.excused

    @property
    def no_show_share(self) -> float | None:
        """The part of the seats that stood empty without a word, 0 to 1; None when none was booked."""
        return self.no_shows / self.booked if self.booked else None


def total_of(counts: Iterable[Counts]) -> Counts:
    """The sum."""
    return sum(counts, Counts())


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `persons` and `companies` count each once, however often they came; `offered` is None where seats
    cannot be told apart, or no session has a limit.
    """

    level: Level
    key: Key
    name: str
    detail: str
    at: datetime | None
    sessions: int
    persons: int
    companies: int
    offered: int | None
    counts: Counts

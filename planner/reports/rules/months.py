"""Calendar months of the local clock, written 2026-10, and the instants they begin at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from planner.base.days import FIRST_YEAR, LAST_YEAR, at_wall_clock

_WRITTEN: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, 1 to 12."""

    year: int
    number: int

    def __str__(self) -> str:
        """As it is written in addresses and files: 2026-10."""
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> Month:
        """The month before it."""
        return month_of(self.first - timedelta(days=1))

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return (self.number + 2) // 3

    @property
    def starts_at(self) -> datetime:
        """Its first instant."""
        return at_wall_clock(self.first, time())


def month_of(day: date) -> Month:
    """The month a day lies in."""
    return Month(day.year, day.month)


def number_of(month: Month) -> int:
    """The month as a number that counts on over the years."""
    return month.year * 12 + month.number - 1


def month_numbered(number: int) -> Month:
    """The month that this number stands for."""
    return Month(number // 12, number % 12 + 1)


def read_month(text: str | None) -> Month | None:
    """The month that is written so; None for anything else."""
    found = _WRITTEN.fullmatch(text or "")
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    return Month(year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 else None


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Each month from the first to the last, both included."""
    while first <= last:
        yield first
        first = first.next

"""ISO 8601 weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


class NoSuchWeekError(ValueError):
    """The year has no week of that number."""

    def __init__(self, year: int, number: int) -> None:
        super().__init__(f"{year} has no week {number}")
        self.year = year
        self.number = number


def weeks_in_year(year: int) -> int:
    """52 or 53; 28 December always lies in the last week."""
    return date(year, 12, 28).isocalendar().week


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """One ISO week, Monday to Sunday. Raises NoSuchWeekError for one the year does not have.

    The year is the ISO year: 1 January 2027 lies in week 53 of 2026.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= weeks_in_year(self.year):
            raise NoSuchWeekError(self.year, self.number)

    @classmethod
    def of(cls, day: date) -> Week:
        """The week the day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 7)

    @property
    def days(self) -> tuple[date, ...]:
        """The seven days, Monday first."""
        return tuple(self.monday + timedelta(days=n) for n in range(7))

    @property
    def iso(self) -> str:
        """As in ISO 8601: 2026-W41."""
        return f"{self.year:04}-W{self.number:02}"

    def plus(self, weeks: int) -> Week:
        """The week that many weeks later, or earlier when negative."""
        return Week.of(self.monday + timedelta(weeks=weeks))

    def label(self, *, with_year: bool = False) -> str:
        """As people here write it: "v. 41" or "v. 41 2026"."""
        return f"v. {self.number} {self.year}" if with_year else f"v. {self.number}"


def weeks_between(first: Week, last: Week) -> list[Week]:
    """Every week from `first` to `last`, both included; none when `last` comes before."""
    count = (last.monday - first.monday).days // 7 + 1
    return [first.plus(n) for n in range(count)]

"""Holidays and squeeze days in Sweden, and what is a free day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from holidays import DE_FACTO, PUBLIC, country_holidays

_SATURDAY = 6
_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """Why a day is marked.

    PUBLIC is a holiday by law (1989:253). DE_FACTO is an eve that the Annual Leave Act (1977:480, § 7)
    puts on a level with one. SQUEEZE is a working day with a free day on both sides.
    """

    PUBLIC = "public"
    DE_FACTO = "de_facto"
    SQUEEZE = "squeeze"


@dataclass(frozen=True, slots=True)
class DayMark:
    """What a day is called and why it is marked."""

    kind: DayKind
    name_sv: str
    name_en: str

    @property
    def is_holiday(self) -> bool:
        """Whether the day is free; a squeeze day is a working day."""
        return self.kind is not DayKind.SQUEEZE

    def name(self, language: str) -> str:
        """In Swedish for "sv" and "sv_SE", otherwise in English."""
        return self.name_sv if language.startswith("sv") else self.name_en


SQUEEZE_DAY = DayMark(DayKind.SQUEEZE, "Klämdag", "Squeeze day")


def day_marks(first: date, last: date) -> dict[date, DayMark]:
    """The marked days from `first` to `last`, both included, in order.

    An ordinary Saturday or Sunday is free but carries no mark.
    """
    return {
        day: mark
        for year in range(first.year, last.year + 1)
        for day, mark in _marks_of(year).items()
        if first <= day <= last
    }


def day_mark(day: date) -> DayMark | None:
    """The day's mark, or None for an ordinary day."""
    return _marks_of(day.year).get(day)


def is_free(day: date) -> bool:
    """Whether the day is a Saturday, a Sunday or a holiday, de-facto ones included."""
    return day.isoweekday() >= _SATURDAY or day in _holidays_of(day.year)


@lru_cache(maxsize=64)
def _marks_of(year: int) -> Mapping[date, DayMark]:
    holidays = _holidays_of(year)
    # A squeeze day has a holiday beside it: a weekend alone never leaves one working day between.
    beside = {day + step for day in holidays for step in (-_ONE_DAY, _ONE_DAY)}
    # 31 December and 1 January are always free, so no day of another year can be squeezed by this one's.
    squeezed = {day: SQUEEZE_DAY for day in beside if day.year == year and _is_squeezed(day)}
    return MappingProxyType(dict(sorted((holidays | squeezed).items())))


def _is_squeezed(day: date) -> bool:
    return not is_free(day) and is_free(day - _ONE_DAY) and is_free(day + _ONE_DAY)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> dict[date, DayMark]:
    return _named(DayKind.DE_FACTO, DE_FACTO, year) | _named(DayKind.PUBLIC, PUBLIC, year)


def _named(kind: DayKind, category: str, year: int) -> dict[date, DayMark]:
    # The library leaves out ordinary Sundays unless asked for them.
    swedish = country_holidays("SE", years=year, categories=category, language="sv")
    english = country_holidays("SE", years=year, categories=category, language="en_US")
    return {day: DayMark(kind, name, english[day]) for day, name in swedish.items()}

"""Reads the days and weeks that people type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from planner.base.days.weeks import NoSuchWeekError, Week, weeks_in_year

FIRST_YEAR, LAST_YEAR = 1990, 2100
# A year left out means the coming one; but who notes down last month's session means that one.
LOOK_BACK = timedelta(weeks=8)


class DayProblem(StrEnum):
    """Why a text is no day; beside each, what `DayNotUnderstoodError.data` holds."""

    UNREADABLE = "unreadable"  # text
    NO_SUCH_DAY = "no_such_day"  # text, year
    NO_SUCH_WEEK = "no_such_week"  # text, year, week, last: the year's last week
    YEAR_TOO_FAR = "year_too_far"  # text, year, first and last: the years that can be typed


class DayNotUnderstoodError(ValueError):
    """The text is no day or week; the caller makes a sentence of `reason` and `data`."""

    def __init__(self, reason: DayProblem, data: Mapping[str, str | int]) -> None:
        super().__init__(f"{reason}: {dict(data)}")
        self.reason = reason
        self.data = data


_WEEKDAYS = (
    ("mandag", "monday"),
    ("tisdag", "tuesday"),
    ("onsdag", "wednesday"),
    ("torsdag", "thursday"),
    ("fredag", "friday"),
    ("lordag", "saturday"),
    ("sondag", "sunday"),
)
_MONTHS = (
    ("januari", "january"),
    ("februari", "february"),
    ("mars", "march"),
    ("april",),
    ("maj", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augusti", "august"),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("december",),
)
_NAMED_WEEKDAY = r"(?P<weekday_name>[a-z]{2,})\.?"
_WEEK = r"(?:vecka|week|wk|v|w)\.? ?(?P<week>\d{1,2})(?:[ ,]+(?P<year>\d{4}))?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[ /]+(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})\.? (?P<month_name>[a-z]{3,})\.?(?: (?P<year>\d{4}))?",
        r"(?P<year>\d{4})-?w(?P<week>\d{1,2})(?:-(?P<weekday>[1-7]))?",
        rf"(?:{_NAMED_WEEKDAY},? )?{_WEEK}",
        rf"{_WEEK},? {_NAMED_WEEKDAY}",
    )
)


def parse_day(text: str, today: date) -> date:
    """The day that is meant; a week alone means its Monday.

    Reads 2026-10-05, 5/10, 5/10 2026, 5 okt, v. 41, v41, vecka 41, week 41, wk 41, v. 41 2027, 2026-W41,
    2026-W41-2, tis v. 41, tuesday v 41, in any case and with or without the dots of å, ä and ö.
    Without a year the first such day (or week) is meant that lies no more than eight weeks back.
    Raises DayNotUnderstoodError.
    """
    plain = _plain(text)
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(plain):
            return _Reading(text, match.groupdict(), today).day()
    raise DayNotUnderstoodError(DayProblem.UNREADABLE, {"text": text})


def is_whole_week(text: str) -> bool:
    """Whether the text names a week and no day of it: "v. 41", "2026-W41"."""
    for pattern in _PATTERNS:
        if match := pattern.fullmatch(_plain(text)):
            parts = match.groupdict()
            return bool(parts.get("week")) and not (parts.get("weekday") or parts.get("weekday_name"))
    return False


def parse_week(text: str, today: date) -> Week:
    """The week that is meant: all that `parse_day` reads, and a bare number. Raises DayNotUnderstoodError."""
    plain = text.strip()
    return Week.of(parse_day(f"v. {plain}" if plain.isdecimal() else text, today))


class _Reading:
    """What one pattern found in a text, on its way to a date."""

    def __init__(self, text: str, parts: Mapping[str, str | None], today: date) -> None:
        self.text = text
        self.parts = parts
        self.today = today

    def day(self) -> date:
        if self.parts.get("week"):
            return self._day_of_week()
        return self._day_of_month()

    def _day_of_month(self) -> date:
        day = self._number("day")
        month = self._name("month_name", _MONTHS, 3) if "month_name" in self.parts else self._number("month")
        if not (1 <= month <= len(_MONTHS) and 1 <= day <= 31):
            raise self._problem(DayProblem.UNREADABLE)
        # Counted from the first, so that 29/2 finds its year before it is asked whether it exists.
        year = self._year(lambda year: date(year, month, 1) + timedelta(days=day - 1), self.today.year)
        try:
            return date(year, month, day)
        except ValueError:
            raise self._problem(DayProblem.NO_SUCH_DAY, year=year) from None

    def _day_of_week(self) -> date:
        number = self._number("week")
        weekday = self._number("weekday") if self.parts.get("weekday") else 1
        if self.parts.get("weekday_name"):
            weekday = self._name("weekday_name", _WEEKDAYS, 2)
        this_year = Week.of(self.today).year
        # Held within a year, so that "v. 99" is told about the year it was most likely meant for.
        weeks_in = timedelta(weeks=min(max(number, 1), 53) - 1)
        year = self._year(lambda year: Week(year, 1).monday + weeks_in, this_year)
        try:
            return Week(year, number).monday + timedelta(days=weekday - 1)
        except NoSuchWeekError:
            last = weeks_in_year(year)
            raise self._problem(DayProblem.NO_SUCH_WEEK, year=year, week=number, last=last) from None

    def _year(self, begins: Callable[[int], date], this_year: int) -> int:
        """The year typed, or the first from last year on whose day lies late enough."""
        if not self.parts.get("year"):
            earliest = Week.of(self.today - LOOK_BACK).monday
            candidates = range(this_year - 1, this_year + 2)
            return next(year for year in candidates if begins(year) >= earliest)
        year = self._number("year")
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise self._problem(DayProblem.YEAR_TOO_FAR, year=year, first=FIRST_YEAR, last=LAST_YEAR)
        return year

    def _number(self, part: str) -> int:
        return int(self.parts[part] or 0)

    def _name(self, part: str, names: tuple[tuple[str, ...], ...], at_least: int) -> int:
        """Which of the names the part is or begins, counted from 1."""
        word = self.parts[part] or ""
        for number, spellings in enumerate(names, start=1):
            if len(word) >= at_least and any(spelling.startswith(word) for spelling in spellings):
                return number
        raise self._problem(DayProblem.UNREADABLE)

    def _problem(self, reason: DayProblem, **data: int) -> DayNotUnderstoodError:
        return DayNotUnderstoodError(reason, {"text": self.text, **data})


def _plain(text: str) -> str:
    """In lower case, without accents, with single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())

"""Reads the days that people type for a stretch of time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from planner.base.days import DayNotUnderstoodError, DayProblem, Week, is_whole_week, parse_day, parse_week

LONGEST: Final = timedelta(days=366)
LONGEST_TEXT: Final = 60
_DASH = re.compile(r"\s*(?:[-\u2010-\u2015\u2212]|\btill\b|\bto\b)\s*", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(\d{4})$")


class StretchProblem(StrEnum):
    """Why a text is no stretch of days."""

    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


class StretchError(ValueError):
    """The text is no stretch of days."""

    def __init__(self, problem: StretchProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, order=True, slots=True)
class Stretch:
    """Days from `starts_on` to `ends_on`, both included."""

    starts_on: date
    ends_on: date


def parse_stretch(text: str, today: date) -> Stretch:
    """The days that are meant: "v. 42", "v. 42-43", "v. 52 - v. 2", "5/10-16/10", "5-9 okt", "2026-10-05 – 2026-10-09".

    A week means all its days. A year at the end holds for both ends; an end without one is the first such day
    after the start. Raises StretchError.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:  # every dash is tried as the one between the ends
        raise StretchError(StretchProblem.UNREADABLE)
    missing = False
    for match in (None, *_DASH.finditer(text)):
        halves = (text, text) if match is None else (text[: match.start()], text[match.end() :])
        if not all(halves):
            continue
        try:
            stretch = _between(*halves, today)
        except DayNotUnderstoodError as error:
            missing = missing or error.reason is not DayProblem.UNREADABLE
            continue
        return _checked(stretch)
    raise StretchError(StretchProblem.NO_SUCH_DAY if missing else StretchProblem.UNREADABLE)


def _checked(stretch: Stretch) -> Stretch:
    if stretch.ends_on < stretch.starts_on:
        raise StretchError(StretchProblem.BACKWARDS)
    if stretch.ends_on - stretch.starts_on > LONGEST:
        raise StretchError(StretchProblem.TOO_LONG)
    return stretch


def _between(left: str, right: str, today: date) -> Stretch:
    if left == right:
        first = parse_day(left, today)
        return Stretch(first, Week.of(first).sunday if is_whole_week(left) else first)
    year = _YEAR.search(right)
    if year and not _YEAR.search(left) and not left.isdecimal() and "-" not in left:
        return _with_year(left, right, int(year[1]), today)
    if left.isdecimal():
        return _day_of_same_month(left, right, today)
    first = parse_day(left, today)
    if right.isdecimal():
        return Stretch(first, _week_number(left, right, first).sunday)
    return Stretch(first, _last_day(right, first))


def _with_year(left: str, right: str, year: int, today: date) -> Stretch:
    """Both ends in the year, or the start in the year before ("v. 52-2 2027")."""
    is_bare_week = right.partition(" ")[0].isdecimal()  # "2 2027" after "v. 52"
    last = _last_day(f"v. {right}" if is_bare_week and is_whole_week(left) else right, today)
    first = parse_day(f"{left} {year}", today)
    return Stretch(first if first <= last else parse_day(f"{left} {year - 1}", today), last)


def _day_of_same_month(left: str, right: str, today: date) -> Stretch:
    """The number takes the month of the other ("5-9 okt", "5-9/10")."""
    last = parse_day(right, today)
    if not 1 <= int(left) <= last.day or is_whole_week(right):
        raise DayNotUnderstoodError(DayProblem.UNREADABLE, {"text": left})
    return Stretch(last.replace(day=int(left)), last)


def _week_number(left: str, right: str, first: date) -> Week:
    """The bare number after a week is a week."""
    if not is_whole_week(left):
        raise DayNotUnderstoodError(DayProblem.UNREADABLE, {"text": right})
    return parse_week(right, first)


def _last_day(text: str, first: date) -> date:
    if is_whole_week(text):
        return parse_week(text, first).sunday
    return parse_day(text, first)

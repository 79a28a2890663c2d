"""Which weeks a picture shows, and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from planner.base.days import (
    DayNotUnderstoodError,
    DayProblem,
    Week,
    parse_week,
    week_interval,
    weeks_between,
)
from planner.base.interval import Interval

DEFAULT_BACK, DEFAULT_AHEAD = 2, 24
LONGEST_WEEKS: Final = 80  # a planning horizon of eighteen months
STEP_WEEKS: Final = 12


class PeriodProblem(StrEnum):
    """Why two texts are no period."""

    UNREADABLE = "unreadable"
    NO_SUCH_WEEK = "no_such_week"
    BACKWARDS = "backwards"
    TOO_LONG = "too_long"


class PeriodError(ValueError):
    """No period; `field` is "first" or "last", the text to change."""

    def __init__(self, problem: PeriodProblem, field: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.problem = problem
        self.field = field


@dataclass(frozen=True, slots=True)
class Period:
    """Whole weeks from `first` to `last`, both included."""

    first: Week
    last: Week

    @property
    def weeks(self) -> list[Week]:
        """Every week in order."""
        return weeks_between(self.first, self.last)

    @property
    def interval(self) -> Interval:
        """From the first Monday's midnight to the last Sunday's."""
        return Interval(week_interval(self.first).starts_at, week_interval(self.last).ends_at)

    def stepped(self, direction: int) -> Period:
        """The same length, half of it (at most twelve weeks) later (1) or earlier (-1)."""
        weeks = direction * max(1, min(STEP_WEEKS, len(self.weeks) // 2))
        return Period(self.first.plus(weeks), self.last.plus(weeks))


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What a plan is narrowed to; empty means all. `topic` is a DigComp id."""

    municipality: str = ""
    mode: str = ""
    topic: str = ""

    @property
    def is_active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.municipality or self.mode or self.topic)


def default_period(today: date) -> Period:
    """From two weeks back to 24 ahead."""
    week = Week.of(today)
    return Period(week.plus(-DEFAULT_BACK), week.plus(DEFAULT_AHEAD))


def period_around(days: Iterable[date], today: date) -> Period:
    """The weeks of all the days and a little around them; the default when there are none.

    It always has room for half a year, and never passes the longest period: then it keeps to what is near today.
    """
    weeks = sorted(Week.of(day) for day in days)
    default = default_period(today)
    if not weeks:
        return default
    first, last = weeks[0].plus(-1), weeks[-1].plus(2)
    first = max(first, default.first.plus(-LONGEST_WEEKS // 2))
    last = min(last, first.plus(LONGEST_WEEKS - 1))
    return Period(first, max(last, first.plus(DEFAULT_BACK + DEFAULT_AHEAD)))


def read_period(first: str, last: str, today: date) -> Period:
    """The period that two typed weeks mean ("v. 41", "41", "2026-W41", a date); an empty one is the default's.

    A last week without a year is the first such week after the first. Raises PeriodError.
    """
    default = default_period(today)
    starts = _week(first, today, "first") if first.strip() else default.first
    if last.strip():
        ends = _week(last, starts.monday, "last")
    else:
        ends = max(default.last, starts.plus(DEFAULT_AHEAD)) if first.strip() else default.last
    if ends < starts:
        raise PeriodError(PeriodProblem.BACKWARDS, "last")
    if len(weeks_between(starts, ends)) > LONGEST_WEEKS:
        raise PeriodError(PeriodProblem.TOO_LONG, "last")
    return Period(starts, ends)


def _week(text: str, today: date, field: str) -> Week:
    try:
        return parse_week(text, today)
    except DayNotUnderstoodError as error:
        missing = error.reason is DayProblem.NO_SUCH_WEEK
        problem = PeriodProblem.NO_SUCH_WEEK if missing else PeriodProblem.UNREADABLE
        raise PeriodError(problem, field) from None

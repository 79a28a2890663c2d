"""Rhythms, the dates they give, and the steps put on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice, zip_longest
from zoneinfo import ZoneInfo

from dateutil.rrule import MO, WEEKLY, rrule

from planner.base.days import ZONE, DayKind, DayMark, NoSuchTimeError, Week, at_wall_clock, day_mark
from planner.base.interval import Interval
from planner.scheduling.errors import RhythmNotPossibleError, RhythmProblem

MOST_CANDIDATES = 200
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """A pattern such as "every second Tuesday 13:00-15:00 from v. 41, six times, not v. 44".

    `weekdays` are ISO numbers, Monday 1. `starts` and `ends` are times on the wall in `zone`. The length is
    `minutes` or up to `ends`; with neither, each step's own. It goes on until `count` dates are kept or
    `until_on`, included, is passed; one of them is needed. Raises RhythmNotPossibleError.
    """

    first_on: date
    weekdays: frozenset[int]
    starts: time
    ends: time | None = None
    minutes: int | None = None
    every_weeks: int = 1
    count: int | None = None
    until_on: date | None = None
    skip_weeks: frozenset[Week] = frozenset()
    skip_holidays: bool = True
    skip_squeeze_days: bool = False
    excluded_on: frozenset[date] = frozenset()
    zone: ZoneInfo = ZONE

    def __post_init__(self) -> None:
        is_wrong = {
            RhythmProblem.NO_WEEKDAY: not self.weekdays or not self.weekdays <= set(range(1, 8)),
            RhythmProblem.ENDS_BEFORE_START: self.ends is not None and self.ends <= self.starts,
            RhythmProblem.LENGTH: self.minutes is not None and (self.minutes < 1 or self.ends is not None),
            RhythmProblem.EVERY: self.every_weeks < 1,
            RhythmProblem.NO_END: self.count < 1 if self.count is not None else self.until_on is None,
            RhythmProblem.UNTIL_BEFORE_FIRST: self.until_on is not None and self.until_on < self.first_on,
        }
        for problem, wrong in is_wrong.items():
            if wrong:
                raise RhythmNotPossibleError(problem)


class Fate(StrEnum):
    """What becomes of a date that the rhythm falls on."""

    KEPT = "kept"
    EXCLUDED = "excluded"
    WEEK_SKIPPED = "week_skipped"
    HOLIDAY = "holiday"
    SQUEEZE_DAY = "squeeze_day"
    NO_SUCH_TIME = "no_such_time"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a rhythm and its fate.

    `mark` is the day's own, also when the date is kept in spite of it. `starts_at` is None only when the
    clock never shows the time that day; `ends_at` also when the length is left to the step.
    """

    on: date
    fate: Fate
    mark: DayMark | None
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def is_kept(self) -> bool:
        return self.fate is Fate.KEPT

    @property
    def week(self) -> Week:
        return Week.of(self.on)


def occurrences(rhythm: Rhythm) -> list[Occurrence]:
    """Every date the rhythm falls on, skipped ones included with why, in order.

    Ends with the date that makes `count` kept ones, or when `until_on`, 200 dates or three years are passed;
    so there may be fewer kept than wanted. A skipped week does not shift the ones after it.
    """
    found: list[Occurrence] = []
    kept = 0
    for day in _candidate_days(rhythm):
        occurrence = _judge(rhythm, day)
        found.append(occurrence)
        kept += occurrence.is_kept
        if kept == rhythm.count:
            break
    return found


def _candidate_days(rhythm: Rhythm) -> Iterator[date]:
    # The rule runs on wall-clock time; each date meets the zone afterwards, so 13:00 stays 13:00.
    last = min(rhythm.until_on or date.max, rhythm.first_on + LONGEST)
    rule = rrule(
        WEEKLY,
        dtstart=datetime.combine(rhythm.first_on, rhythm.starts),
        interval=rhythm.every_weeks,
        wkst=MO,
        byweekday=[number - 1 for number in sorted(rhythm.weekdays)],
        until=datetime.combine(last, time.max),
    )
    return (candidate.date() for candidate in islice(rule, MOST_CANDIDATES))


def _judge(rhythm: Rhythm, day: date) -> Occurrence:
    mark = day_mark(day)
    try:
        starts_at, ends_at = _times(rhythm, day)
    except NoSuchTimeError:
        starts_at, ends_at = None, None
    fate = _fate(rhythm, day, mark)
    if fate is Fate.KEPT and starts_at is None:
        fate = Fate.NO_SUCH_TIME
    return Occurrence(day, fate, mark, starts_at, ends_at)


def _times(rhythm: Rhythm, day: date) -> tuple[datetime, datetime | None]:
    starts_at = at_wall_clock(day, rhythm.starts, rhythm.zone)
    if rhythm.ends is not None:
        return starts_at, at_wall_clock(day, rhythm.ends, rhythm.zone)
    if rhythm.minutes is not None:
        return starts_at, starts_at + timedelta(minutes=rhythm.minutes)
    return starts_at, None


def _fate(rhythm: Rhythm, day: date, mark: DayMark | None) -> Fate:
    """The first reason to skip the day; what the planner asked for by name comes first."""
    if day in rhythm.excluded_on:
        return Fate.EXCLUDED
    if Week.of(day) in rhythm.skip_weeks:
        return Fate.WEEK_SKIPPED
    if mark is not None and mark.is_holiday and rhythm.skip_holidays:
        return Fate.HOLIDAY
    if mark is not None and mark.kind is DayKind.SQUEEZE and rhythm.skip_squeeze_days:
        return Fate.SQUEEZE_DAY
    return Fate.KEPT


@dataclass(frozen=True, slots=True)
class StepNeed:
    """What one step asks of its date; `gap_days` is the recommended least gap to the step before."""

    minutes: int
    gap_days: int = 0


@dataclass(frozen=True, slots=True)
class GapNote:
    """The step comes sooner after the one before than recommended."""

    recommended_days: int
    actual_days: int


@dataclass(frozen=True, slots=True)
class StepDate:
    """Where a step, counted from 0, falls; without an occurrence when the dates ran out."""

    step: int
    occurrence: Occurrence | None
    interval: Interval | None
    gap_note: GapNote | None


def assign_steps(found: Sequence[Occurrence], steps: Sequence[StepNeed]) -> list[StepDate]:
    """One StepDate for each step, on the kept occurrences in order; further occurrences are left out.

    A step lasts until its occurrence's own end, or its own length where the rhythm sets none.
    """
    kept = [occurrence for occurrence in found if occurrence.is_kept][: len(steps)]
    placed: list[StepDate] = []
    before: date | None = None
    for number, (step, occurrence) in enumerate(zip_longest(steps, kept)):
        if occurrence is None:
            placed.append(StepDate(number, None, None, None))
            continue
        note = _gap_note(step, before, occurrence.on)
        placed.append(StepDate(number, occurrence, _interval(occurrence, step.minutes), note))
        before = occurrence.on
    return placed


def _interval(occurrence: Occurrence, minutes: int) -> Interval | None:
    if occurrence.starts_at is None:
        return None
    return Interval(
        occurrence.starts_at, occurrence.ends_at or occurrence.starts_at + timedelta(minutes=minutes)
    )


def _gap_note(step: StepNeed, before: date | None, on: date) -> GapNote | None:
    if before is None or (on - before).days >= step.gap_days:
        return None
    return GapNote(step.gap_days, (on - before).days)

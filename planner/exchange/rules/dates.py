"""Dates for all steps from a first week: one weekday, at least the recommended gap, never on a holiday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from planner.base.days import NoSuchTimeError, Week, at_wall_clock, local_day
from planner.base.interval import Interval
from planner.scheduling.rules import Occurrence, Rhythm, occurrences
from planner.series_templates.rules import StepDocument

LATEST_END = time(21)  # a step on the same day as the one before moves on when it would end later than this


def lay_out(week: Week, weekday: int, starts: time, steps: Sequence[StepDocument]) -> list[Interval | None]:
    """When each step would be, from `week`; None where the dates ran out.

    Each comes on the first `weekday` (1 is Monday) that is no holiday and at least its `gap_days` after the step
    before. A gap of none after a step means the same day, straight after it, as long as the evening is not reached.
    """
    kept = _days(week, weekday, starts)
    placed: list[Interval | None] = []
    for step in steps:
        before = placed[-1] if placed else None
        if placed and before is None:
            placed.append(None)
            continue
        placed.append((before and _same_day(before, step)) or _next_day(kept, before, step))
    return placed


def _days(week: Week, weekday: int, starts: time) -> list[Occurrence]:
    rhythm = Rhythm(first_on=week.monday, weekdays=frozenset({weekday}), starts=starts, minutes=1, count=200)
    return [one for one in occurrences(rhythm) if one.is_kept]


def _same_day(before: Interval, step: StepDocument) -> Interval | None:
    if step.gap_days:
        return None
    after = Interval(before.ends_at, before.ends_at + timedelta(minutes=step.minutes))
    try:
        latest = at_wall_clock(_day(before), LATEST_END)
    except NoSuchTimeError:
        return None
    return after if after.ends_at <= latest else None


def _next_day(kept: Sequence[Occurrence], before: Interval | None, step: StepDocument) -> Interval | None:
    least = _day(before) + timedelta(days=max(step.gap_days, 1)) if before else date.min
    for one in kept:
        if one.on >= least and one.starts_at is not None:
            return Interval(one.starts_at, one.starts_at + timedelta(minutes=step.minutes))
    return None


def _day(interval: Interval) -> date:
    return local_day(interval.starts_at)

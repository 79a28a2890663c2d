"""How a plan is laid out before it is written: gaps between its steps, and weeks as people list them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from planner.base.days import DayNotUnderstoodError, Week, parse_week, weeks_between
from planner.scheduling.rules.recurrence import GapNote, StepNeed

MOST_WEEKS = 60
_RANGE = re.compile(r"(.+?)\s*[-–]\s*(.+)")


def gap_notes(dates: Sequence[date | None], steps: Sequence[StepNeed]) -> list[GapNote | None]:
    """For each step, in order, a note when its date comes sooner after the step before than recommended.

    A step without a date is passed over. A negative number of days means that it comes before that step.
    """
    notes: list[GapNote | None] = []
    before: date | None = None
    for on, step in zip(dates, steps, strict=True):
        too_soon = on is not None and before is not None and (on - before).days < step.gap_days
        notes.append(GapNote(step.gap_days, (on - before).days) if too_soon and on and before else None)
        before = on or before
    return notes


def parse_weeks(text: str, from_on: date) -> frozenset[Week]:
    """The weeks in a list such as "44, 51-1": the coming ones from `from_on`. Raises DayNotUnderstoodError."""
    weeks: set[Week] = set()
    for part in filter(None, (part.strip() for part in re.split(r"[,;]", text))):
        weeks |= set(_weeks_of(part, from_on))
    return frozenset(weeks)


def _weeks_of(part: str, from_on: date) -> list[Week]:
    try:
        return [parse_week(part, from_on)]
    except DayNotUnderstoodError:
        span = _RANGE.fullmatch(part)
        if span is None:
            raise
    first = parse_week(span[1], from_on)
    last = parse_week(span[2], first.monday)
    if last < first:  # typed within the eight weeks that a week may lie back: the next year's is meant
        last = parse_week(f"v. {last.number} {last.year + 1}", first.monday)
    return weeks_between(first, last)[:MOST_WEEKS]

"""Days as people here speak of them: ISO weeks, the local clock, typed dates, free days.

Dates are local dates. An instant becomes a date, or the other way, only through `wall_clock`.
"""

from planner.base.clock import ZONE
from planner.base.days.marks import DayKind, DayMark, day_mark, day_marks, is_free
from planner.base.days.typed import (
    FIRST_YEAR,
    LAST_YEAR,
    DayNotUnderstoodError,
    DayProblem,
    is_whole_week,
    parse_day,
    parse_week,
)
from planner.base.days.wall_clock import (
    NoSuchTimeError,
    at_wall_clock,
    day_interval,
    local,
    local_day,
    week_interval,
)
from planner.base.days.weeks import NoSuchWeekError, Week, weeks_between, weeks_in_year

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "ZONE",
    "DayKind",
    "DayMark",
    "DayNotUnderstoodError",
    "DayProblem",
    "NoSuchTimeError",
    "NoSuchWeekError",
    "Week",
    "at_wall_clock",
    "day_interval",
    "day_mark",
    "day_marks",
    "is_free",
    "is_whole_week",
    "local",
    "local_day",
    "parse_day",
    "parse_week",
    "week_interval",
    "weeks_between",
    "weeks_in_year",
]

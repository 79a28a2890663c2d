"""Between what the clock on the wall shows and instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.base.clock import ZONE
from planner.base.days.weeks import Week
from planner.base.interval import Interval


class NoSuchTimeError(ValueError):
    """The clock never shows this time that day, because it is put forward past it."""

    def __init__(self, day: date, clock: time) -> None:
        super().__init__(f"the clock never shows {clock:%H:%M} on {day}")
        self.day = day
        self.clock = clock


def at_wall_clock(day: date, clock: time, zone: ZoneInfo = ZONE) -> datetime:
    """The UTC instant at which the clock in the zone shows `clock` that day.

    Where the clock shows it twice (02:00-03:00 the night summer time ends) the first one is meant.
    Raises NoSuchTimeError where it never does (02:00-03:00 the night it begins): nobody means such a time,
    so it is better asked about than moved in silence.
    """
    if clock.tzinfo is not None:
        raise ValueError("a time on the wall has no zone of its own")
    shown = datetime.combine(day, clock.replace(fold=0))
    instant = shown.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != shown:
        raise NoSuchTimeError(day, clock)
    return instant


def local(instant: datetime, zone: ZoneInfo = ZONE) -> datetime:
    """The same instant as the clock in the zone shows it. Raises ValueError for a naive one."""
    if instant.utcoffset() is None:
        raise ValueError(f"has no zone: {instant}")
    return instant.astimezone(zone)


def local_day(instant: datetime, zone: ZoneInfo = ZONE) -> date:
    """The date on which the instant falls in the zone."""
    return local(instant, zone).date()


def day_interval(day: date, zone: ZoneInfo = ZONE) -> Interval:
    """From local midnight to the next: 23, 24 or 25 hours."""
    return _midnights(day, day + timedelta(days=1), zone)


def week_interval(week: Week, zone: ZoneInfo = ZONE) -> Interval:
    """From Monday's local midnight to the next Monday's."""
    return _midnights(week.monday, week.sunday + timedelta(days=1), zone)


def _midnights(first: date, after: date, zone: ZoneInfo) -> Interval:
    return Interval(at_wall_clock(first, time(), zone), at_wall_clock(after, time(), zone))

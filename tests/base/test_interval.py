from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.interval import Interval

NOON = datetime(2026, 10, 6, 12, tzinfo=UTC)


def hours(first: float, last: float) -> Interval:
    return Interval(NOON + timedelta(hours=first), NOON + timedelta(hours=last))


intervals = st.tuples(st.integers(-20, 20), st.integers(1, 20)).map(lambda pair: hours(pair[0], sum(pair)))


@pytest.mark.parametrize(
    ("other", "common"),
    [
        (hours(0, 2), hours(0, 2)),
        (hours(1, 3), hours(1, 2)),
        (hours(-1, 1), hours(0, 1)),
        (hours(0.5, 1), hours(0.5, 1)),
        (hours(-1, 3), hours(0, 2)),
        (hours(2, 3), None),
        (hours(-1, 0), None),
        (hours(5, 6), None),
    ],
)
def test_intersection_is_the_time_in_both(other: Interval, common: Interval | None) -> None:
    assert hours(0, 2).intersection(other) == common
    assert hours(0, 2).overlaps(other) is (common is not None)


def test_start_lies_inside_and_end_does_not() -> None:
    interval = hours(0, 2)
    moments = [interval.starts_at, interval.ends_at - timedelta(microseconds=1), interval.ends_at]
    assert [interval.contains(moment) for moment in moments] == [True, True, False]


def test_minutes_are_whole_minutes_of_passed_time() -> None:
    assert hours(0, 2).minutes == 120
    assert Interval(NOON, NOON + timedelta(seconds=119)).minutes == 1


def test_another_zone_is_kept_as_utc() -> None:
    stockholm = ZoneInfo("Europe/Stockholm")
    night = Interval(datetime(2026, 10, 25, 1, tzinfo=stockholm), datetime(2026, 10, 25, 4, tzinfo=stockholm))
    assert (night.starts_at.tzinfo, night.ends_at.tzinfo) == (UTC, UTC)
    assert night.minutes == 240
    assert night == Interval(datetime(2026, 10, 24, 23, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (NOON, NOON),
        (NOON, NOON - timedelta(minutes=1)),
        (NOON.replace(tzinfo=None), NOON + timedelta(hours=1)),
        (NOON, (NOON + timedelta(hours=1)).replace(tzinfo=None)),
    ],
)
def test_no_interval_without_length_or_zone(starts_at: datetime, ends_at: datetime) -> None:
    with pytest.raises(ValueError, match=r"has no zone|not after its start"):
        Interval(starts_at, ends_at)


@given(intervals, intervals)
def test_intersection_is_the_same_from_both_sides_and_inside_both(one: Interval, other: Interval) -> None:
    common = one.intersection(other)
    assert common == other.intersection(one)
    assert (common is not None) is one.overlaps(other) is other.overlaps(one)
    if common is not None:
        assert common.intersection(one) == common.intersection(other) == common

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.days import (
    DayKind,
    DayNotUnderstoodError,
    DayProblem,
    NoSuchTimeError,
    NoSuchWeekError,
    Week,
    at_wall_clock,
    day_interval,
    day_mark,
    day_marks,
    is_free,
    is_whole_week,
    local,
    local_day,
    parse_day,
    parse_week,
    week_interval,
    weeks_between,
    weeks_in_year,
)

TODAY = date(2026, 9, 16)
days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


# --- weeks ---


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2025, 52), (2026, 53), (2027, 52), (2032, 53)])
def test_weeks_in_year(year: int, weeks: int) -> None:
    assert weeks_in_year(year) == weeks


def test_week_53_of_2026_runs_into_2027() -> None:
    week = Week(2026, 53)
    assert (week.monday, week.sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert {Week.of(day) for day in week.days} == {week}
    assert week.plus(1) == Week(2027, 1)
    assert (week.label(), week.label(with_year=True), week.iso) == ("v. 53", "v. 53 2026", "2026-W53")


@pytest.mark.parametrize("number", [0, 53, 54])
def test_no_week_that_the_year_does_not_have(number: int) -> None:
    with pytest.raises(NoSuchWeekError) as error:
        Week(2027, number)
    assert (error.value.year, error.value.number) == (2027, number)


def test_weeks_between_includes_both_ends_and_crosses_the_year() -> None:
    wanted = [Week(2026, 52), Week(2026, 53), Week(2027, 1)]
    assert weeks_between(Week(2026, 52), Week(2027, 1)) == wanted == sorted([wanted[2], wanted[0], wanted[1]])
    assert weeks_between(wanted[0], wanted[0]) == [wanted[0]]
    assert weeks_between(wanted[1], wanted[0]) == []


# --- typed ---


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-05", date(2026, 10, 5)),
        (" 2019-1-2 ", date(2019, 1, 2)),
        ("5/10", date(2026, 10, 5)),
        ("05/10 2027", date(2027, 10, 5)),
        ("5 okt", date(2026, 10, 5)),
        ("5 oktober 2027", date(2027, 10, 5)),
        ("6 May", date(2027, 5, 6)),
        ("7 maj", date(2027, 5, 7)),
        ("1/8", date(2026, 8, 1)),  # six weeks back is still meant
        ("1/7", date(2027, 7, 1)),  # eleven is not
        ("v. 41", date(2026, 10, 5)),
        ("v41", date(2026, 10, 5)),
        ("V 41", date(2026, 10, 5)),
        ("vecka 41", date(2026, 10, 5)),
        ("Week 41", date(2026, 10, 5)),
        ("v. 3", date(2027, 1, 18)),
        ("v. 53", date(2026, 12, 28)),
        ("v. 41 2027", date(2027, 10, 11)),
        ("v. 41, 2027", date(2027, 10, 11)),
        ("2026-W41", date(2026, 10, 5)),
        ("2026w41", date(2026, 10, 5)),
        ("2026-W41-2", date(2026, 10, 6)),
        ("tis v. 41", date(2026, 10, 6)),
        ("TISDAG v. 41", date(2026, 10, 6)),
        ("tuesday v 41", date(2026, 10, 6)),
        ("Tue, week 41 2027", date(2027, 10, 12)),
        ("v. 41 tors", date(2026, 10, 8)),
        ("mån v. 41", date(2026, 10, 5)),
        ("lör v. 41", date(2026, 10, 10)),
        ("so\u0308n v. 41", date(2026, 10, 11)),  # ö typed as o and two dots
        ("sondag v. 41", date(2026, 10, 11)),
        ("29/2 2028", date(2028, 2, 29)),
    ],
)
def test_parse_day_reads_what_people_type(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "today", "week"),
    [
        ("v. 41", TODAY, Week(2026, 41)),
        ("41", TODAY, Week(2026, 41)),
        ("tis v. 41", TODAY, Week(2026, 41)),
        ("2027-01-01", TODAY, Week(2026, 53)),
        ("v. 30", TODAY, Week(2026, 30)),  # eight weeks back
        ("v. 29", TODAY, Week(2027, 29)),
        ("v. 50", date(2027, 1, 10), Week(2026, 50)),
        ("v. 53", date(2027, 2, 1), Week(2026, 53)),
        ("v. 1", date(2026, 12, 30), Week(2027, 1)),
        ("v. 53", date(2027, 1, 1), Week(2026, 53)),
    ],
)
def test_parse_week_without_year_is_the_coming_one_or_just_past(text: str, today: date, week: Week) -> None:
    assert parse_week(text, today) == week


@pytest.mark.parametrize(
    ("text", "today", "reason", "data"),
    [
        ("", TODAY, DayProblem.UNREADABLE, {}),
        ("soon", TODAY, DayProblem.UNREADABLE, {}),
        ("ti/10", TODAY, DayProblem.UNREADABLE, {}),
        ("5/13", TODAY, DayProblem.UNREADABLE, {}),
        ("32/1", TODAY, DayProblem.UNREADABLE, {}),
        ("5 foo", TODAY, DayProblem.UNREADABLE, {}),
        ("xyz v. 41", TODAY, DayProblem.UNREADABLE, {}),
        ("30/2", TODAY, DayProblem.NO_SUCH_DAY, {"year": 2027}),
        ("2026-02-29", TODAY, DayProblem.NO_SUCH_DAY, {"year": 2026}),
        ("v. 53 2027", TODAY, DayProblem.NO_SUCH_WEEK, {"year": 2027, "week": 53, "last": 52}),
        ("v. 53", date(2027, 6, 1), DayProblem.NO_SUCH_WEEK, {"year": 2027, "week": 53, "last": 52}),
        ("v. 54", TODAY, DayProblem.NO_SUCH_WEEK, {"year": 2026, "week": 54, "last": 53}),
        ("v. 99", TODAY, DayProblem.NO_SUCH_WEEK, {"year": 2026, "week": 99, "last": 53}),
        ("v. 0", TODAY, DayProblem.NO_SUCH_WEEK, {"year": 2027, "week": 0, "last": 52}),
        ("2206-10-05", TODAY, DayProblem.YEAR_TOO_FAR, {"year": 2206, "first": 1990, "last": 2100}),
        ("0000-W01", TODAY, DayProblem.YEAR_TOO_FAR, {"year": 0, "first": 1990, "last": 2100}),
    ],
)
def test_parse_day_says_what_it_did_not_understand(
    text: str, today: date, reason: DayProblem, data: dict[str, int]
) -> None:
    with pytest.raises(DayNotUnderstoodError) as error:
        parse_day(text, today)
    assert (error.value.reason, error.value.data) == (reason, {"text": text, **data})


@given(days, days)
def test_every_way_to_write_a_day_is_read_back(day: date, today: date) -> None:
    week = Week.of(day)
    assert parse_day(day.isoformat(), today) == day
    assert parse_day(f"{day.day}/{day.month} {day.year}", today) == day
    if 1990 <= week.year <= 2100:
        assert parse_day(f"{week.iso}-{day.isoweekday()}", today) == day
        assert parse_week(week.label(with_year=True), today) == week


@given(st.dates(date(1991, 1, 1), date(2098, 12, 31)), st.integers(1, 52))
def test_a_week_without_year_is_near(today: date, number: int) -> None:
    weeks_ahead = (parse_week(f"v. {number}", today).monday - Week.of(today).monday).days // 7
    assert -8 <= weeks_ahead <= 44


@given(st.text("0123456789 /-.,vwktisåö", max_size=12))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        parse_day(text, TODAY)
    except DayNotUnderstoodError as error:
        assert error.data["text"] == text  # noqa: PT017 - most texts are refused, some may be read


# --- the clock on the wall ---


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        (date(2026, 10, 20), time(13), datetime(2026, 10, 20, 11, tzinfo=UTC)),
        (date(2026, 10, 27), time(13), datetime(2026, 10, 27, 12, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(3), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # Shown twice: the first one.
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
    ],
)
def test_at_wall_clock(day: date, clock: time, instant: datetime) -> None:
    found = at_wall_clock(day, clock)
    assert (found, found.tzinfo) == (instant, UTC)


@pytest.mark.parametrize("clock", [time(2), time(2, 30), time(2, 59)])
def test_a_time_the_clock_never_shows_is_refused(clock: time) -> None:
    with pytest.raises(NoSuchTimeError) as error:
        at_wall_clock(date(2026, 3, 29), clock)
    assert (error.value.day, error.value.clock) == (date(2026, 3, 29), clock)


def test_a_wall_time_with_a_zone_and_an_instant_without_are_refused() -> None:
    with pytest.raises(ValueError, match="no zone of its own"):
        at_wall_clock(TODAY, time(13, tzinfo=UTC))
    with pytest.raises(ValueError, match="has no zone"):
        local(datetime(2026, 10, 5, 13))  # noqa: DTZ001 - the naive time is the point


def test_local_day_is_the_date_in_sweden() -> None:
    late = datetime(2026, 10, 5, 22, 30, tzinfo=UTC)
    assert local(late).strftime("%Y-%m-%d %H:%M") == "2026-10-06 00:30"
    assert local_day(late) == date(2026, 10, 6)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)]
)
def test_a_day_of_the_change_is_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    assert day_interval(day).minutes == hours * 60


def test_week_interval_runs_from_monday_to_monday() -> None:
    week = week_interval(Week(2026, 43))
    assert week.minutes == (7 * 24 + 1) * 60
    assert local(week.starts_at).isoformat() == "2026-10-19T00:00:00+02:00"
    assert local(week.ends_at).isoformat() == "2026-10-26T00:00:00+01:00"


# --- free days ---

HOLIDAYS_2026 = [
    ("2026-01-01", DayKind.PUBLIC, "Nyårsdagen", "New Year's Day"),
    ("2026-01-06", DayKind.PUBLIC, "Trettondedag jul", "Epiphany"),
    ("2026-04-03", DayKind.PUBLIC, "Långfredagen", "Good Friday"),
    ("2026-04-05", DayKind.PUBLIC, "Påskdagen", "Easter Sunday"),
    ("2026-04-06", DayKind.PUBLIC, "Annandag påsk", "Easter Monday"),
    ("2026-05-01", DayKind.PUBLIC, "Första maj", "May Day"),
    ("2026-05-14", DayKind.PUBLIC, "Kristi himmelsfärdsdag", "Ascension Day"),
    ("2026-05-24", DayKind.PUBLIC, "Pingstdagen", "Pentecost"),
    ("2026-06-06", DayKind.PUBLIC, "Nationaldagen", "National Day"),
    ("2026-06-19", DayKind.DE_FACTO, "Midsommarafton", "Midsummer Eve"),
    ("2026-06-20", DayKind.PUBLIC, "Midsommardagen", "Midsummer Day"),
    ("2026-10-31", DayKind.PUBLIC, "Alla helgons dag", "All Saints' Day"),
    ("2026-12-24", DayKind.DE_FACTO, "Julafton", "Christmas Eve"),
    ("2026-12-25", DayKind.PUBLIC, "Juldagen", "Christmas Day"),
    ("2026-12-26", DayKind.PUBLIC, "Annandag jul", "Second Day of Christmas"),
    ("2026-12-31", DayKind.DE_FACTO, "Nyårsafton", "New Year's Eve"),
]


def test_all_holidays_of_2026_and_no_ordinary_sunday() -> None:
    marks = day_marks(date(2026, 1, 1), date(2026, 12, 31))
    found = [(str(d), m.kind, m.name_sv, m.name_en) for d, m in marks.items() if m.is_holiday]
    assert found == HOLIDAYS_2026


@pytest.mark.parametrize(
    ("year", "squeezed"),
    [
        (2026, ["2026-01-02", "2026-01-05", "2026-05-15"]),
        (2025, ["2025-05-02", "2025-05-30"]),
        (2024, ["2024-05-10", "2024-06-07", "2024-12-23", "2024-12-27", "2024-12-30"]),
    ],
)
def test_squeeze_days_have_a_free_day_on_both_sides(year: int, squeezed: list[str]) -> None:
    marks = day_marks(date(year, 1, 1), date(year, 12, 31))
    assert [str(day) for day, mark in marks.items() if mark.kind is DayKind.SQUEEZE] == squeezed


def test_a_squeeze_day_is_named_and_still_a_working_day() -> None:
    mark = day_mark(date(2026, 5, 15))
    assert mark is not None
    assert (mark.name("sv"), mark.name("sv_SE"), mark.name("en")) == ("Klämdag", "Klämdag", "Squeeze day")
    assert (mark.is_holiday, is_free(date(2026, 5, 15))) == (False, False)


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 10, 5), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), True),
        (date(2026, 5, 14), True),
        (date(2026, 6, 19), True),
        (date(2026, 12, 23), False),
    ],
)
def test_is_free(day: date, free: bool) -> None:
    assert is_free(day) is free


def test_day_marks_include_both_ends_and_cross_the_year() -> None:
    marks = day_marks(date(2026, 12, 26), date(2027, 1, 1))
    assert list(marks) == [date(2026, 12, 26), date(2026, 12, 31), date(2027, 1, 1)]
    assert day_marks(date(2026, 10, 5), date(2026, 10, 9)) == {}


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_day_is_squeezed_exactly_when_it_works_between_free_days(day: date) -> None:
    mark = day_mark(day)
    between = is_free(day - timedelta(days=1)) and is_free(day + timedelta(days=1))
    assert (mark is not None and mark.kind is DayKind.SQUEEZE) is (between and not is_free(day))


@pytest.mark.parametrize(
    ("text", "whole"),
    [("v. 41", True), ("wk 41", True), ("2026-W41", True), ("2026-W41-2", False), ("tis v. 41", False),
     ("v 41 fre", False), ("6/10", False), ("soon", False)],
)  # fmt: skip
def test_a_week_without_a_day_is_told_apart(text: str, *, whole: bool) -> None:
    assert is_whole_week(text) is whole

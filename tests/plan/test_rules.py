from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.days import Week, at_wall_clock
from planner.plan.rules import (
    BoardFacts,
    CohortFact,
    CompanyFact,
    Links,
    Month,
    Period,
    PeriodError,
    PeriodProblem,
    QuietFact,
    SeriesFact,
    SessionFact,
    StepFact,
    Words,
    build_board,
    build_month,
    build_rows,
    default_period,
    period_around,
    read_period,
    seats_left,
)
from planner.series.rules import Status

TODAY = date(2026, 10, 6)
NOW = datetime(2026, 10, 6, 8, tzinfo=UTC)
W41 = Week(2026, 41)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WORDS = Words(
    week=lambda day: f"v. {day.isocalendar().week}",
    month=lambda day: f"{day:%Y-%m}",
    weekday=lambda day: WEEKDAYS[day.weekday()],
    day=str,
    clock=lambda at: f"{at:%H:%M}",
    span=lambda first, last: f"{first:%H:%M}-{last:%H:%M}",
    mark=lambda mark: mark.name_en,
    quiet=lambda first, last: f"{first}..{last}",
    companies=lambda shown, elsewhere: f"{shown}+{elsewhere}",
    open_to_all="open",
    no_cohorts="no cohorts",
    no_sessions="nothing yet",
    plan_sessions="plan them",
)
LINKS = Links(
    session=lambda session: f"/sessions/{session.id}",
    series=lambda series: f"/series/{series.id}",
    plan=lambda series: f"/series/{series.id}/plan-them",
    company=lambda company: f"/companies/{company.id}",
)


def at(week: Week, weekday: int = 1, hour: int = 11) -> datetime:
    return datetime.combine(week.days[weekday], datetime.min.time(), UTC).replace(hour=hour)


def session(id_: int, week: Week = W41, **values: Any) -> SessionFact:
    starts_at = values.pop("starts_at", at(week))
    base = SessionFact(
        id=id_, uid=f"u{id_}", series_id=1, series_key="one", series="One", municipality="Lindesberg",
        cohort_id=None, cohort="", step=1, title="Start", starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2), mode="on_site", place="", status=Status.planned,
    )  # fmt: skip
    return replace(base, **values)


ASEA, BOFORS = CompanyFact(1, "Asea"), CompanyFact(2, "Bofors")
SERIES = SeriesFact(
    1,
    "One",
    "Lindesberg",
    steps=(StepFact(1, "Start"),),
    cohorts=(CohortFact(7, "Early", (ASEA, BOFORS), 1),),
)
PERIOD = Period(W41, W41.plus(3))


def board(*sessions: SessionFact, quiet: tuple[QuietFact, ...] = (), series: SeriesFact = SERIES, **how: Any):
    return build_board(BoardFacts((series,), sessions, quiet), PERIOD, TODAY, WORDS, LINKS, **how)


def test_weeks_carry_their_month_and_marks_and_one_is_now() -> None:
    columns = build_board(
        BoardFacts(), Period(Week(2026, 52), Week(2027, 1)), date(2026, 12, 30), WORDS, LINKS
    ).weeks
    assert [(week.label, week.month, week.is_now) for week in columns] == [
        ("v. 52", "2026-12", False),
        ("v. 53", "2026-12", True),
        ("v. 1", "2027-01", False),
    ]
    assert [[(mark.kind, mark.label) for mark in week.marks] for week in columns] == [
        [("holiday", "2026-12-24: Christmas Eve"), ("holiday", "2026-12-25: Christmas Day")],
        [("holiday", "2026-12-31: New Year's Eve"), ("holiday", "2027-01-01: New Year's Day")],
        [("holiday", "2027-01-06: Epiphany")],
    ]


def test_a_squeeze_day_comes_after_the_holidays_of_its_week() -> None:
    week = build_board(BoardFacts(), Period(Week(2026, 20), Week(2026, 20)), TODAY, WORDS, LINKS).weeks[0]
    assert [mark.kind for mark in week.marks] == ["holiday", "squeeze"]


def test_a_cohorts_session_stands_once_in_its_row_and_marks_its_companies() -> None:
    (group,) = board(session(1, cohort_id=7), session(2, W41.plus(2), cohort_id=7, step=2)).groups
    assert (group.name, group.note) == ("Early", "2+1")
    assert [[(chip.url, chip.step, chip.when) for chip in chips] for chips in group.chips_by_week] == [
        [("/sessions/1", "1", "tue 11:00")], [], [("/sessions/2", "2", "tue 11:00")], [],
    ]  # fmt: skip
    assert [(row.name, row.url) for row in group.rows] == [
        ("Asea", "/companies/1"),
        ("Bofors", "/companies/2"),
    ]
    assert [[cell.takes_part for cell in row.cells] for row in group.rows] == [[True, False, True, False]] * 2


def test_nobody_takes_part_in_a_cancelled_session_but_it_stays_on_the_board() -> None:
    (group,) = board(session(1, cohort_id=7, status=Status.cancelled)).groups
    assert [chip.status for chip in group.chips_by_week[0]] == ["cancelled"]
    assert not any(cell.takes_part for row in group.rows for cell in row.cells)


@pytest.mark.parametrize(
    ("first", "last", "shaded"),
    [
        (W41.monday, W41.sunday, [True, False, False, False]),
        (W41.sunday, W41.plus(1).monday, [True, True, False, False]),
        (W41.plus(-5).monday, W41.plus(9).monday, [True] * 4),
        (W41.plus(-5).monday, W41.plus(-1).sunday, [False] * 4),
        (W41.plus(4).monday, W41.plus(4).sunday, [False] * 4),
        (W41.plus(3).sunday, W41.plus(3).sunday, [False, False, False, True]),
    ],
)
def test_a_company_is_shaded_in_every_week_its_quiet_days_touch(
    first: date, last: date, shaded: list[bool]
) -> None:
    rows = board(quiet=(QuietFact(2, "Bofors", first, last, "stop"),)).groups[0].rows
    assert [cell.quiet for cell in rows[1].cells] == shaded
    assert [cell.quiet_note for cell in rows[1].cells] == [
        f"{first}..{last}, stop" if on else "" for on in shaded
    ]
    assert not any(cell.quiet for cell in rows[0].cells)


def test_what_is_open_to_all_comes_first_without_companies() -> None:
    groups = board(session(1), session(2, cohort_id=7)).groups
    assert [(group.name, len(group.rows)) for group in groups] == [("open", 0), ("Early", 2)]


def test_the_series_stands_over_its_first_group_only() -> None:
    groups = board(session(1), session(2, cohort_id=7)).groups
    assert [group.section.title if group.section else None for group in groups] == ["One", None]
    assert board(session(1), alone=True).groups[0].section is None


@pytest.mark.parametrize(
    ("may_edit", "hint"), [(True, ("plan them", "/series/1/plan-them")), (False, ("nothing yet", ""))]
)
def test_a_series_without_sessions_says_what_to_do(may_edit: bool, hint: tuple[str, str]) -> None:
    picture = board(series=replace(SERIES, cohorts=(), may_edit=may_edit, is_draft=True))
    (group,) = picture.groups
    assert (group.name, group.note, group.rows) == ("no cohorts", "", ())
    assert group.section
    assert (group.section.hint, group.section.hint_url, group.section.is_draft) == (*hint, True)
    assert not picture.has_sessions


def test_sessions_of_one_week_stand_in_time_order() -> None:
    late, early = session(1, starts_at=at(W41, 3)), session(2, starts_at=at(W41, 0))
    assert [chip.url for chip in board(late, early).groups[0].chips_by_week[0]] == [
        "/sessions/2",
        "/sessions/1",
    ]


def test_the_week_is_the_local_one() -> None:
    midnight = at_wall_clock(W41.plus(1).monday, datetime.min.time())  # still Sunday in UTC
    (group, _early) = board(session(1, starts_at=midnight)).groups
    assert [len(chips) for chips in group.chips_by_week] == [0, 1, 0, 0]


def test_steps_are_named_only_where_there_is_one_series() -> None:
    assert board(alone=True).steps == SERIES.steps
    assert board().steps == ()


@given(st.lists(st.tuples(st.integers(-3, 6), st.booleans()), max_size=12))
def test_every_session_in_the_period_is_one_chip(places: list[tuple[int, bool]]) -> None:
    sessions = [session(n, W41.plus(w), cohort_id=7 if own else None) for n, (w, own) in enumerate(places)]
    chips = [chip.url for g in board(*sessions).groups for week in g.chips_by_week for chip in week]
    inside = [f"/sessions/{n}" for n, (w, _own) in enumerate(places) if 0 <= w <= 3]
    assert sorted(chips) == sorted(inside)


# --- the period -----------------------------------------------------------------------------------


def test_the_default_is_two_weeks_back_and_24_ahead() -> None:
    assert default_period(TODAY) == Period(Week(2026, 39), Week(2027, 12))


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        ("v. 41", "v. 45", Period(Week(2026, 41), Week(2026, 45))),
        ("41", "2", Period(Week(2026, 41), Week(2027, 2))),
        ("2026-W50", "2027-W03", Period(Week(2026, 50), Week(2027, 3))),
        ("2027-01-04", "", Period(Week(2027, 1), Week(2027, 25))),
        ("", "v. 45", Period(Week(2026, 39), Week(2026, 45))),
        ("", "", default_period(TODAY)),
    ],
)
def test_a_period_is_read_as_weeks(first: str, last: str, period: Period) -> None:
    assert read_period(first, last, TODAY) == period


@pytest.mark.parametrize(
    ("first", "last", "problem", "field"),
    [
        ("soon", "", PeriodProblem.UNREADABLE, "first"),
        ("", "soon", PeriodProblem.UNREADABLE, "last"),
        ("v. 53 2027", "", PeriodProblem.NO_SUCH_WEEK, "first"),
        ("2026-W45", "2026-W41", PeriodProblem.BACKWARDS, "last"),
        ("2026-W41", "2029-W41", PeriodProblem.TOO_LONG, "last"),
    ],
)
def test_what_is_no_period_says_where_and_why(
    first: str, last: str, problem: PeriodProblem, field: str
) -> None:
    with pytest.raises(PeriodError) as caught:
        read_period(first, last, TODAY)
    assert (caught.value.problem, caught.value.field) == (problem, field)


def test_stepping_there_and_back_is_where_one_was() -> None:
    period = default_period(TODAY)
    assert period.stepped(1) == Period(period.first.plus(12), period.last.plus(12))
    assert period.stepped(1).stepped(-1) == period


@given(st.lists(st.dates(date(2015, 1, 1), date(2040, 1, 1)), max_size=6))
def test_a_period_around_days_has_room_and_an_end(days: list[date]) -> None:
    weeks = period_around(days, TODAY).weeks
    assert 27 <= len(weeks) <= 80


def test_a_period_around_days_holds_them_all() -> None:
    period = period_around([date(2026, 9, 1), date(2027, 3, 2)], TODAY)
    assert period == Period(Week(2026, 35), Week(2027, 11))


# --- the month ------------------------------------------------------------------------------------


def month_of(text: str, *sessions: SessionFact):
    month = Month.read(text, TODAY)
    return build_month(month, sessions, TODAY, WORDS, LINKS, previous_url="/p", next_url="/n")


def test_a_month_has_whole_weeks_with_free_and_marked_days() -> None:
    calendar = month_of("2027-01")
    assert [week.label for week in calendar.weeks] == ["v. 53", "v. 1", "v. 2", "v. 3", "v. 4"]
    first = calendar.weeks[0].days
    assert [day.number for day in first] == [28, 29, 30, 31, 1, 2, 3]
    assert [day.in_month for day in first] == [False] * 4 + [True] * 3
    assert [day.is_free for day in first] == [False] * 3 + [True] * 4
    assert [mark.label for mark in first[4].marks] == ["New Year's Day"]


def test_a_session_stands_on_its_local_day() -> None:
    late = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)  # 00:30 on 1 November
    calendar = month_of("2026-11", session(1, starts_at=late))
    found = [day.number for week in calendar.weeks for day in week.days if day.sessions]
    assert found == [1]


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "1200-01", "x", "2026-1"])
def test_an_odd_month_in_the_address_is_todays(text: str) -> None:
    assert Month.read(text, TODAY) == Month(2026, 10)


@given(st.integers(-400, 400))
def test_months_step_one_by_one(steps: int) -> None:
    month = Month(2026, 10).plus(steps)
    assert month.plus(-steps) == Month(2026, 10)
    assert month.interval.contains(at_wall_clock(month.first, datetime.min.time()))


# --- rows -----------------------------------------------------------------------------------------


def test_rows_come_in_time_order_and_the_next_one_is_marked() -> None:
    held = session(1, starts_at=NOW - timedelta(days=1), status=Status.held)
    cancelled = session(2, starts_at=NOW + timedelta(hours=1), status=Status.cancelled)
    coming = session(3, starts_at=NOW + timedelta(hours=2))
    later = session(4, starts_at=NOW + timedelta(days=9), cohort="Early")
    rows = build_rows([later, coming, cancelled, held], WORDS, LINKS, now=NOW)
    assert [(row.url, row.is_next) for row in rows] == [
        ("/sessions/1", False), ("/sessions/2", False), ("/sessions/3", True), ("/sessions/4", False),
    ]  # fmt: skip
    assert [row.cohort for row in rows] == ["open", "open", "open", "Early"]


@pytest.mark.parametrize(
    ("seats", "booked", "status", "left"),
    [
        (12, 7, Status.planned, 5),
        (12, 12, Status.moved, 0),
        (12, 14, Status.planned, 0),
        (None, 7, Status.planned, None),
        (12, 7, Status.cancelled, None),
        (12, 7, Status.held, None),
    ],
)
def test_places_left(seats: int | None, booked: int, status: Status, left: int | None) -> None:
    assert seats_left(session(1, seats=seats, booked=booked, status=status)) == left

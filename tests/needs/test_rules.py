from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.days import Week
from planner.needs.rules import LONGEST, Stretch, StretchError, StretchProblem, parse_stretch

TODAY = date(2026, 10, 6)  # a Tuesday in week 41


def days(first: str, last: str) -> Stretch:
    return Stretch(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("v. 42", days("2026-10-12", "2026-10-18")),
        ("V42", days("2026-10-12", "2026-10-18")),
        ("v. 42-43", days("2026-10-12", "2026-10-25")),
        ("v. 42–43", days("2026-10-12", "2026-10-25")),
        ("v 42 - v 43", days("2026-10-12", "2026-10-25")),
        ("vecka 42 till 43", days("2026-10-12", "2026-10-25")),
        ("v. 42-43 2027", days("2027-10-18", "2027-10-31")),
        ("v. 52-2", days("2026-12-21", "2027-01-17")),
        ("v. 52-2 2027", days("2026-12-21", "2027-01-17")),
        ("2026-W53", days("2026-12-28", "2027-01-03")),
        ("2026-W42 - 2026-W43", days("2026-10-12", "2026-10-25")),
        ("tis v. 42", days("2026-10-13", "2026-10-13")),
        ("5/11", days("2026-11-05", "2026-11-05")),
        ("5/10-16/10", days("2026-10-05", "2026-10-16")),
        ("5/10-16/10 2027", days("2027-10-05", "2027-10-16")),
        ("5-9 okt", days("2026-10-05", "2026-10-09")),
        ("5–9/10", days("2026-10-05", "2026-10-09")),
        ("20/12 - 10/1", days("2026-12-20", "2027-01-10")),
        ("2026-10-05 – 2026-10-16", days("2026-10-05", "2026-10-16")),
        ("2026-10-05-2026-10-16", days("2026-10-05", "2026-10-16")),
        ("5 okt to 16 okt", days("2026-10-05", "2026-10-16")),
    ],
)
def test_days_are_read_as_people_write_them(text: str, stretch: Stretch) -> None:
    assert parse_stretch(text, TODAY) == stretch


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", StretchProblem.UNREADABLE),
        ("snart", StretchProblem.UNREADABLE),
        ("-", StretchProblem.UNREADABLE),
        ("9-5 okt", StretchProblem.UNREADABLE),
        ("52-2", StretchProblem.UNREADABLE),
        ("31/4", StretchProblem.NO_SUCH_DAY),
        ("v. 53 2027", StretchProblem.NO_SUCH_DAY),
        ("v. 43-42", StretchProblem.BACKWARDS),
        ("2026-10-16 – 2026-10-05", StretchProblem.BACKWARDS),
        ("2026-10-05 – 2028-10-05", StretchProblem.TOO_LONG),
    ],
)
def test_what_is_no_stretch_of_days_says_why(text: str, problem: StretchProblem) -> None:
    with pytest.raises(StretchError) as caught:
        parse_stretch(text, TODAY)
    assert caught.value.problem == problem


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, LONGEST.days))
def test_iso_dates_are_read_as_they_are(first: date, length: int) -> None:
    last = date.fromordinal(first.toordinal() + length)
    assert parse_stretch(f"{first} – {last}", TODAY) == Stretch(first, last)


@given(st.dates(date(2026, 10, 6), date(2027, 6, 1)))
def test_a_week_means_all_its_days(day: date) -> None:
    week = Week.of(day)
    assert parse_stretch(week.label(), TODAY) == Stretch(week.monday, week.sunday)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        stretch = parse_stretch(text, TODAY)
    except StretchError:
        return
    assert stretch.starts_on <= stretch.ends_on

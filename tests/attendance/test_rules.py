from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.attendance import rules
from planner.attendance.rules import Claim, DoorState, Fill, Mark, Place, Verdict

START = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
END = START + timedelta(hours=2)


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(
    ("verdict", "late", "expected"),
    [
        ("present", 0, 120),
        ("late", 0, 120),
        ("late", 25, 95),
        ("late", 500, 0),
        ("excused", 0, 0),
        ("absent", 0, 0),
    ],
)
def test_default_minutes_follow_the_verdict(verdict: str, late: int, expected: int) -> None:
    assert rules.default_minutes(Verdict(verdict), 120, late) == expected


@pytest.mark.parametrize(
    ("verdict", "given_minutes", "expected"),
    [
        ("present", 0, None),
        ("present", 240, None),
        ("present", 241, "too_many"),
        ("late", -1, "too_many"),
        ("absent", 0, None),
        ("absent", 1, "not_there"),
        ("excused", 5, "not_there"),
    ],
)
def test_minutes_lie_between_none_and_twice_the_length(
    verdict: str, given_minutes: int, expected: str | None
) -> None:
    assert rules.minutes_problem(Verdict(verdict), given_minutes, 120) == expected


@pytest.mark.parametrize(
    ("at", "cancelled", "expected"),
    [
        (START - minutes(31), False, DoorState.early),
        (START - minutes(30), False, DoorState.open),
        (START, False, DoorState.open),
        (END + minutes(30) - timedelta(microseconds=1), False, DoorState.open),
        (END + minutes(30), False, DoorState.closed),
        (START, True, DoorState.cancelled),
    ],
)
def test_door_is_open_half_an_hour_around_the_session(
    at: datetime, cancelled: bool, expected: DoorState
) -> None:
    assert rules.door_state(START, END, cancelled, at) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("482913", "482913"),
        (" 482 913 ", "482913"),
        ("482-913", "482913"),
        ("48291", None),
        ("4829133", None),
        ("48291a", None),
        ("٤٨٢٩١٣", None),
        ("", None),
    ],
)
def test_code_is_read_as_people_type_it(text: str, expected: str | None) -> None:
    assert rules.code_in(text) == expected


def test_code_is_shown_in_two_groups() -> None:
    assert rules.shown_code("482913") == "482 913"


@pytest.mark.parametrize(
    ("mode", "places"),
    [
        ("on_site", (Place.on_site,)),
        ("digital", (Place.remote,)),
        ("hybrid", (Place.on_site, Place.remote)),
    ],
)
def test_places_follow_the_mode(mode: str, places: tuple[Place, ...]) -> None:
    assert rules.places_of(mode) == places
    assert rules.default_place(mode) is places[0]


TODAY, YESTERDAY = date(2026, 10, 6), date(2026, 10, 5)


@pytest.mark.parametrize(
    ("by", "on", "corrected_by", "needed"),
    [
        (1, TODAY, 1, False),
        (1, YESTERDAY, 1, True),
        (1, TODAY, 2, True),
        (None, TODAY, 2, True),
        (None, TODAY, None, True),
        ("Bo Dal", TODAY, "Bo Dal", False),
        ("Bo Dal", TODAY, "Cia Ek", True),
        ("Bo Dal", YESTERDAY, "Bo Dal", True),
    ],
)
def test_reason_is_needed_over_someone_else_or_an_older_day(
    by: int | str | None, on: date, corrected_by: int | str | None, needed: bool
) -> None:
    assert rules.is_reason_needed(by, on, corrected_by, TODAY) is needed


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (minutes(35), START - minutes(35)),
        (-minutes(5), START),
        (timedelta(days=400), START - timedelta(days=14)),
    ],
)
def test_noted_at_counts_back_from_when_it_arrived(waited: timedelta, expected: datetime) -> None:
    assert rules.noted_at(START, waited) == expected


def test_entry_id_has_one_spelling() -> None:
    text = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
    assert rules.clean_entry_id(text) == text.lower()
    assert rules.clean_entry_id("first") is None


# --- the queue ------------------------------------------------------------------------------------

claims = st.lists(
    st.builds(Claim, st.integers(1, 10_000), st.integers(0, 50).map(lambda n: START + minutes(n))),
    unique_by=lambda claim: claim.id,
    max_size=20,
)


@given(limit=st.none() | st.integers(0, 12), booked=st.integers(0, 15), waiting=claims)
def test_next_up_never_gives_one_seat_too_many_and_leaves_none_empty(
    limit: int | None, booked: int, waiting: list[Claim]
) -> None:
    up = rules.next_up(limit, booked, waiting)
    left = [claim for claim in waiting if claim not in up]
    if limit is None:
        assert left == []
    else:
        assert len(up) == min(len(waiting), max(0, limit - booked))
    assert all(
        (first.queued_at, first.id) < (then.queued_at, then.id) for first, then in itertools.product(up, left)
    )


@pytest.mark.parametrize(
    ("limit", "booked", "free"), [(None, 999, True), (3, 2, True), (3, 3, False), (0, 0, False)]
)
def test_no_limit_always_has_room(limit: int | None, booked: int, free: bool) -> None:
    assert rules.has_free_seat(limit, booked) is free


@pytest.mark.parametrize(
    ("mode", "limits", "booked", "others", "expected"),
    [
        ("on_site", (None, None), {Place.on_site: 3}, (0, 2), Fill(5, 0, 0)),
        ("on_site", (4, None), {Place.on_site: 3}, (0, 2), Fill(4, 0, 1)),
        ("on_site", (2, None), {Place.on_site: 3}, (1, 2), Fill(3, 0, 3)),
        ("digital", (None, 1), {}, (0, 2), Fill(0, 1, 1)),
        ("hybrid", (1, None), {Place.remote: 4}, (0, 3), Fill(1, 4, 2)),
    ],
)
def test_fill_counts_people_not_placed_yet_as_they_will_be(
    mode: str,
    limits: tuple[int | None, int | None],
    booked: dict[Place, int],
    others: tuple[int, int],
    expected: Fill,
) -> None:
    on_site, remote = limits
    waiting, unplaced = others
    found = rules.fill_of(mode, {Place.on_site: on_site, Place.remote: remote}, booked, waiting, unplaced)
    assert found == expected
    assert found.booked == expected.on_site + expected.remote


# --- the ledger -----------------------------------------------------------------------------------


@st.composite
def mark_lists(draw: st.DrawFn) -> list[Mark]:
    received = st.integers(0, 20).map(lambda n: START + minutes(n))
    made = []
    for n in range(draw(st.integers(0, 8))):
        at = draw(received)
        waited = minutes(draw(st.integers(0, 10)))
        verdict = draw(st.sampled_from(Verdict))
        made.append(Mark(f"id-{n}", verdict, 60, "on_site", at - waited, at))
    return made


@given(marks=mark_lists(), data=st.data())
def test_current_mark_is_the_same_in_any_order_and_however_often(
    marks: list[Mark], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(marks + marks[:3]))
    assert rules.current_mark(shuffled) == rules.current_mark(marks)


@given(marks=mark_lists(), data=st.data())
def test_taking_one_at_a_time_gives_the_current_mark(marks: list[Mark], data: st.DataObject) -> None:
    standing: Mark | None = None
    for mark in data.draw(st.permutations(marks)):
        if rules.supersedes(mark, standing):
            standing = mark
    assert standing == rules.current_mark(marks)


def test_later_noted_stands_although_it_arrived_first() -> None:
    waited = Mark("a", Verdict.present, 120, "on_site", START, START + minutes(40))
    direct = Mark("b", Verdict.late, 100, "on_site", START + minutes(10), START + minutes(10))
    assert rules.current_mark([direct, waited]) == direct

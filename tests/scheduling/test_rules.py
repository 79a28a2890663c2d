from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.base.days import DayNotUnderstoodError, Week, day_marks, local
from planner.base.interval import Interval
from planner.scheduling.errors import RhythmNotPossibleError, RhythmProblem
from planner.scheduling.rules import (
    Booking,
    Clash,
    ClashKind,
    Fate,
    GapNote,
    Party,
    Rhythm,
    Room,
    StepNeed,
    assign_steps,
    clashes,
    gap_notes,
    occurrences,
    parse_weeks,
)

TUESDAYS = Rhythm(
    first_on=date(2026, 10, 6), weekdays=frozenset({2}), starts=time(13), ends=time(15), count=5
)


def fates(rhythm: Rhythm) -> list[tuple[str, Fate]]:
    return [(f"{found.on:%m-%d}", found.fate) for found in occurrences(rhythm)]


def kept(rhythm: Rhythm) -> list[str]:
    return [str(found.on) for found in occurrences(rhythm) if found.is_kept]


# --- rhythms ---


def test_tuesdays_at_13_stay_at_13_when_winter_time_comes() -> None:
    found = occurrences(replace(TUESDAYS, skip_weeks=frozenset({Week(2026, 44)})))
    assert [(each.week.label(), each.fate) for each in found] == [
        ("v. 41", Fate.KEPT),
        ("v. 42", Fate.KEPT),
        ("v. 43", Fate.KEPT),
        ("v. 44", Fate.WEEK_SKIPPED),
        ("v. 45", Fate.KEPT),
        ("v. 46", Fate.KEPT),
    ]
    assert {f"{local(at):%H:%M}" for each in found if (at := each.starts_at)} == {"13:00"}
    assert {f"{local(at):%H:%M}" for each in found if (at := each.ends_at)} == {"15:00"}
    assert found[2].starts_at == datetime(2026, 10, 20, 11, tzinfo=UTC)
    assert found[4].starts_at == datetime(2026, 11, 3, 12, tzinfo=UTC)


def test_a_series_over_the_change_to_summer_time_keeps_its_clock() -> None:
    rhythm = replace(TUESDAYS, first_on=date(2026, 3, 24), count=2, ends=None, minutes=90)
    found = [(each.starts_at, each.ends_at) for each in occurrences(rhythm)]
    assert found == [
        (datetime(2026, 3, 24, 12, tzinfo=UTC), datetime(2026, 3, 24, 13, 30, tzinfo=UTC)),
        (datetime(2026, 3, 31, 11, tzinfo=UTC), datetime(2026, 3, 31, 12, 30, tzinfo=UTC)),
    ]


def test_holidays_are_skipped_by_name_and_the_wanted_number_is_still_reached() -> None:
    rhythm = replace(TUESDAYS, first_on=date(2026, 12, 17), weekdays=frozenset({4}), count=2)
    found = occurrences(rhythm)
    assert [(str(each.on), each.fate, each.mark and each.mark.name_sv) for each in found] == [
        ("2026-12-17", Fate.KEPT, None),
        ("2026-12-24", Fate.HOLIDAY, "Julafton"),
        ("2026-12-31", Fate.HOLIDAY, "Nyårsafton"),
        ("2027-01-07", Fate.KEPT, None),
    ]


def test_holidays_can_be_kept_and_carry_their_mark() -> None:
    rhythm = replace(
        TUESDAYS, first_on=date(2026, 12, 24), weekdays=frozenset({4}), count=1, skip_holidays=False
    )
    [found] = occurrences(rhythm)
    assert (found.fate, found.mark and found.mark.name_sv) == (Fate.KEPT, "Julafton")


@pytest.mark.parametrize(("skip", "fate"), [(False, Fate.KEPT), (True, Fate.SQUEEZE_DAY)])
def test_squeeze_days_are_skipped_only_when_asked(skip: bool, fate: Fate) -> None:
    rhythm = replace(
        TUESDAYS,
        first_on=date(2026, 5, 15),
        weekdays=frozenset({5}),
        count=None,
        until_on=date(2026, 5, 15),
        skip_squeeze_days=skip,
    )
    assert fates(rhythm) == [("05-15", fate)]


def test_excluded_dates_come_before_other_reasons() -> None:
    rhythm = replace(
        TUESDAYS,
        first_on=date(2026, 12, 24),
        weekdays=frozenset({4}),
        count=None,
        until_on=date(2026, 12, 31),
        excluded_on=frozenset({date(2026, 12, 24)}),
        skip_weeks=frozenset({Week(2026, 52), Week(2026, 53)}),
    )
    assert fates(rhythm) == [("12-24", Fate.EXCLUDED), ("12-31", Fate.WEEK_SKIPPED)]


def test_a_time_the_clock_never_shows_is_skipped_with_why() -> None:
    rhythm = replace(
        TUESDAYS, first_on=date(2026, 3, 22), weekdays=frozenset({7}), starts=time(2, 30), ends=None, count=2
    )
    found = occurrences(rhythm)
    assert fates(rhythm) == [
        ("03-22", Fate.KEPT),
        ("03-29", Fate.NO_SUCH_TIME),
        ("04-05", Fate.HOLIDAY),
        ("04-12", Fate.KEPT),
    ]
    assert (found[1].starts_at, found[1].ends_at) == (None, None)


@pytest.mark.parametrize(
    ("change", "days"),
    [
        ({"count": 3}, ["2026-10-06", "2026-10-13", "2026-10-20"]),
        ({"count": 3, "every_weeks": 2}, ["2026-10-06", "2026-10-20", "2026-11-03"]),
        # A skipped week does not shift the rhythm.
        (
            {"count": 2, "every_weeks": 2, "skip_weeks": frozenset({Week(2026, 43)})},
            ["2026-10-06", "2026-11-03"],
        ),
        ({"count": 3, "weekdays": frozenset({2, 4})}, ["2026-10-06", "2026-10-08", "2026-10-13"]),
        # Begun midweek, every second week counts from that week's Monday.
        (
            {"count": 3, "weekdays": frozenset({1, 4}), "every_weeks": 2},
            ["2026-10-08", "2026-10-19", "2026-10-22"],
        ),
        ({"count": None, "until_on": date(2026, 10, 20)}, ["2026-10-06", "2026-10-13", "2026-10-20"]),
        ({"count": 1, "until_on": date(2026, 10, 20)}, ["2026-10-06"]),
        ({"count": 9, "until_on": date(2026, 10, 13)}, ["2026-10-06", "2026-10-13"]),
    ],
)
def test_rhythm_gives_these_days(change: dict[str, object], days: list[str]) -> None:
    assert kept(replace(TUESDAYS, **change)) == days  # type: ignore[arg-type] # a table of fields


def test_a_rhythm_that_never_ends_stops_at_three_years_or_200_dates() -> None:
    skip_everything = frozenset(Week(2026, 1).plus(n) for n in range(300))
    weekly = occurrences(replace(TUESDAYS, skip_weeks=skip_everything))
    assert (len(weekly), weekly[-1].on) == (157, date(2029, 10, 2))
    daily = replace(TUESDAYS, weekdays=frozenset(range(1, 8)), skip_weeks=skip_everything)
    assert len(occurrences(daily)) == 200


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"weekdays": frozenset()}, RhythmProblem.NO_WEEKDAY),
        ({"weekdays": frozenset({0})}, RhythmProblem.NO_WEEKDAY),
        ({"ends": time(13)}, RhythmProblem.ENDS_BEFORE_START),
        ({"minutes": 60}, RhythmProblem.LENGTH),
        ({"ends": None, "minutes": 0}, RhythmProblem.LENGTH),
        ({"every_weeks": 0}, RhythmProblem.EVERY),
        ({"count": None}, RhythmProblem.NO_END),
        ({"count": 0, "until_on": date(2026, 12, 1)}, RhythmProblem.NO_END),
        ({"until_on": date(2026, 10, 5)}, RhythmProblem.UNTIL_BEFORE_FIRST),
    ],
)
def test_a_rhythm_whose_parts_do_not_fit_is_refused(change: dict[str, object], reason: RhythmProblem) -> None:
    with pytest.raises(RhythmNotPossibleError) as error:
        replace(TUESDAYS, **change)  # type: ignore[arg-type] # a table of fields
    assert error.value.reason is reason


@given(
    st.dates(date(2025, 1, 1), date(2030, 1, 1)),
    st.frozensets(st.integers(1, 7), min_size=1),
    st.integers(1, 4),
    st.integers(1, 12),
)
def test_kept_dates_are_wanted_weekdays_in_order(
    first: date, weekdays: frozenset[int], every: int, count: int
) -> None:
    found = occurrences(replace(TUESDAYS, first_on=first, weekdays=weekdays, every_weeks=every, count=count))
    days = [each.on for each in found]
    assert days == sorted(set(days))
    assert days[0] >= first
    assert {day.isoweekday() for day in days} <= weekdays
    assert {(Week.of(day).monday - Week.of(first).monday).days % (7 * every) for day in days} == {0}
    assert sum(each.is_kept for each in found) == count


# --- steps on dates ---


def test_steps_are_put_on_kept_dates_in_order_with_their_own_length() -> None:
    found = occurrences(replace(TUESDAYS, ends=None, skip_weeks=frozenset({Week(2026, 42)}), count=2))
    placed = assign_steps(found, [StepNeed(60), StepNeed(180)])
    assert [(each.step, each.occurrence, each.interval and each.interval.minutes) for each in placed] == [
        (0, found[0], 60),
        (1, found[2], 180),
    ]


def test_a_fixed_end_goes_before_the_steps_length() -> None:
    [placed] = assign_steps(occurrences(replace(TUESDAYS, count=1)), [StepNeed(60)])
    assert placed.interval == Interval(
        datetime(2026, 10, 6, 11, tzinfo=UTC), datetime(2026, 10, 6, 13, tzinfo=UTC)
    )


def test_a_gap_shorter_than_recommended_is_noted() -> None:
    steps = [StepNeed(60, 30), StepNeed(60, 7), StepNeed(60, 8), StepNeed(60)]
    notes = [each.gap_note for each in assign_steps(occurrences(TUESDAYS), steps)]
    assert notes == [None, None, GapNote(recommended_days=8, actual_days=7), None]


def test_steps_without_a_date_are_shown_and_dates_without_a_step_left_out() -> None:
    found = occurrences(replace(TUESDAYS, count=1))
    placed = assign_steps(found, [StepNeed(60), StepNeed(60, 99)])
    assert [(each.occurrence, each.interval is None, each.gap_note) for each in placed] == [
        (found[0], False, None),
        (None, True, None),
    ]
    assert len(assign_steps(occurrences(TUESDAYS), [StepNeed(60)])) == 1


# --- clashes ---

NINE = datetime(2026, 10, 6, 7, tzinfo=UTC)
ANN, BO = Party(1, "Ann"), Party(2, "Bo")
BRUK, VERKSTAD = Party(1, "Bruket"), Party(2, "Verkstaden")
HALL = Room(1, "Hall", capacity=20)


def booking(key: str, first: float, last: float, **fields: object) -> Booking:
    interval = Interval(NINE + timedelta(hours=first), NINE + timedelta(hours=last))
    return Booking(key, interval, title=f"Step {key}", **fields)  # type: ignore[arg-type] # a shorthand


def short(found: list[Clash]) -> list[tuple[str, str, str, str | None]]:
    return [(each.kind.value, each.key, each.subject, each.other and each.other.key) for each in found]


def test_two_sessions_open_to_the_same_people_clash() -> None:
    series, other = Party(7, "Digital kompetens"), Party(8, "Export")
    first, second = booking("a", 0, 2, open_to=series), booking("b", 1, 3, open_to=series)
    elsewhere, later = booking("c", 0, 2, open_to=other), booking("d", 3, 4, open_to=series)
    assert short(clashes([first, second], [elsewhere, later], {})) == [
        ("series", "b", "Digital kompetens", "a"),
    ]
    assert short(clashes([second], [first], {})) == [("series", "b", "Digital kompetens", "a")]


def test_facilitator_room_and_company_are_checked_together() -> None:
    proposed = booking("new", 0, 2, facilitators=(ANN, BO), room=HALL, companies=(BRUK, VERKSTAD))
    old = booking("old", 1, 3, facilitators=(BO,), room=HALL, companies=(BRUK,), series_title="Säkerhet")
    common = Interval(NINE + timedelta(hours=1), NINE + timedelta(hours=2))
    assert clashes([proposed], [old], {}) == [
        Clash(ClashKind.FACILITATOR, "new", common, "Bo", old),
        Clash(ClashKind.ROOM, "new", common, "Hall", old),
        Clash(ClashKind.COMPANY, "new", common, "Bruket", old),
    ]


@pytest.mark.parametrize(
    "other",
    [
        booking("old", 2, 3, room=HALL),  # begins as the other ends
        booking("old", -1, 0, room=HALL),
        booking("old", 0, 2, room=Room(2, "Hall")),  # another room of the same name
        booking("old", 0, 2, companies=(Party(1, "Hall"),)),  # the same number, another kind
        booking("old", 0, 2),
        booking("new", 0, 2, room=HALL),  # itself, before the change
    ],
)
def test_no_clash(other: Booking) -> None:
    assert clashes([booking("new", 0, 2, room=HALL)], [other], {}) == []


def test_proposed_sessions_clash_with_each_other_once_held_by_the_later() -> None:
    proposed = [
        booking("b", 1, 3, facilitators=(ANN, ANN)),
        booking("a", 0, 2, facilitators=(ANN,)),
        booking("c", 5, 6),
    ]
    assert short(clashes(proposed, [], {})) == [("facilitator", "b", "Ann", "a")]


def test_clashes_among_existing_sessions_are_not_told() -> None:
    existing = [booking("old1", 0, 2, room=HALL), booking("old2", 0, 2, room=HALL)]
    assert short(clashes([booking("new", 1, 2, room=HALL)], existing, {})) == [
        ("room", "new", "Hall", "old1"),
        ("room", "new", "Hall", "old2"),
    ]


@pytest.mark.parametrize(
    ("seats", "capacity", "found"),
    [(21, 20, [(21, 20)]), (None, 20, []), (20, 20, []), (500, None, []), (1, 0, [(1, 0)])],
)
def test_more_seats_than_the_room_holds(
    seats: int | None, capacity: int | None, found: list[tuple[int, int]]
) -> None:
    proposed = booking("new", 0, 2, room=Room(1, "Hall", capacity), seats_on_site=seats)
    told = clashes([proposed], [], {})
    assert [(each.seats, each.capacity) for each in told] == found
    assert {each.kind for each in told} <= {ClashKind.OVER_CAPACITY}


def test_holidays_clash_by_local_day_and_squeeze_days_do_not() -> None:
    marks = day_marks(date(2026, 5, 1), date(2026, 5, 31))
    late = Interval(  # 13 May 23:00 to 15 May 01:00 in Sweden
        datetime(2026, 5, 13, 21, tzinfo=UTC), datetime(2026, 5, 14, 23, tzinfo=UTC)
    )
    [found] = clashes([Booking("new", late, "Step")], [], marks)
    assert (found.kind, found.other, found.mark) == (ClashKind.HOLIDAY, None, marks[date(2026, 5, 14)])
    assert found.interval == Interval(
        datetime(2026, 5, 13, 22, tzinfo=UTC), datetime(2026, 5, 14, 22, tzinfo=UTC)
    )


def one_by_one(proposed: list[Booking], existing: list[Booking]) -> set[tuple[str, frozenset[str]]]:
    """Every pair compared with every other: slow and plain."""
    pairs = [(p, e) for p in proposed for e in existing]
    pairs += [(p, q) for number, p in enumerate(proposed) for q in proposed[:number]]
    return {
        (kind, frozenset({one.key, two.key}))
        for one, two in pairs
        if one.interval.overlaps(two.interval)
        for kind, same in {
            "facilitator": {each.id for each in one.facilitators} & {each.id for each in two.facilitators},
            "company": {each.id for each in one.companies} & {each.id for each in two.companies},
            "room": one.room and two.room and one.room.id == two.room.id,
        }.items()
        if same
    }


@st.composite
def bookings(draw: st.DrawFn, prefix: str) -> list[Booking]:
    parties = st.sets(st.integers(1, 2), max_size=2).map(
        lambda ids: tuple(Party(each, f"P{each}") for each in sorted(ids))
    )
    found = draw(
        st.lists(
            st.builds(
                lambda first, length, people, companies, room: booking(
                    "", first, first + length, facilitators=people, companies=companies, room=room
                ),
                st.integers(0, 12),
                st.integers(1, 5),
                parties,
                parties,
                st.sampled_from([None, Room(1, "A"), Room(2, "B")]),
            ),
            max_size=6,
        )
    )
    return [replace(each, key=f"{prefix}{number}") for number, each in enumerate(found)]


@given(bookings("new"), bookings("old"), st.randoms())
def test_the_sweep_finds_what_comparing_every_pair_finds(
    proposed: list[Booking], existing: list[Booking], random: Random
) -> None:
    found = clashes(proposed, existing, {})
    told = {(each.kind.value, frozenset({each.key, each.other.key})) for each in found if each.other}
    assert told == one_by_one(proposed, existing)
    shuffled = random.sample(existing, len(existing))
    assert clashes(proposed, shuffled, {}) == found


def test_ten_thousand_existing_sessions_that_all_overlap_are_looked_through() -> None:
    """Comparing all pairs would take minutes here."""
    everything = {"facilitators": (ANN,), "room": HALL, "companies": (BRUK, VERKSTAD)}
    existing = [booking(f"old{number}", 0, 10_000 + number, **everything) for number in range(10_000)]
    proposed = [booking(f"new{number}", -9 + number, -8 + number, **everything) for number in range(8)]
    assert clashes(proposed, existing, {}) == []


# --- laying out a plan ---


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("", []),
        ("44", ["2026-W44"]),
        ("v. 44, 47", ["2026-W44", "2026-W47"]),
        ("51-1", ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]),
        ("wk 44 – 45; 2027-W02", ["2026-W44", "2026-W45", "2027-W02"]),
        ("44-43", [f"2026-W{n}" for n in range(44, 54)] + [f"2027-W{n:02}" for n in range(1, 44)]),
    ],
)
def test_weeks_are_read_as_people_list_them(text: str, weeks: list[str]) -> None:
    assert [week.iso for week in sorted(parse_weeks(text, date(2026, 10, 6)))] == weeks


@pytest.mark.parametrize("text", ["soon", "44-x", "v. 99"])
def test_weeks_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(DayNotUnderstoodError):
        parse_weeks(text, date(2026, 10, 6))


def test_gaps_are_noted_over_steps_without_a_date() -> None:
    days = [date(2026, 10, 6), None, date(2026, 10, 9), date(2026, 10, 1), date(2026, 10, 8)]
    steps = [StepNeed(60, gap) for gap in (7, 7, 7, 0, 7)]
    assert gap_notes(days, steps) == [None, None, GapNote(7, 3), GapNote(0, -8), None]


def test_a_clash_has_a_mark_that_follows_what_it_says() -> None:
    here = Interval(datetime(2026, 10, 6, 11, tzinfo=UTC), datetime(2026, 10, 6, 13, tzinfo=UTC))
    clash = Clash(ClashKind.ROOM, "new", here, "Hyttan", Booking("a", here, "Step"))
    same = Clash(ClashKind.ROOM, "new", here, "Hyttan", Booking("a", here, "Renamed"))
    other = Clash(ClashKind.ROOM, "new", here, "Hyttan", Booking("b", here, "Step"))
    assert clash.mark_id == same.mark_id
    assert clash.mark_id != other.mark_id

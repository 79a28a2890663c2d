from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner.attendance.rules import LEAST
from planner.reports.rules import Figure, Level, family_of, hidden_keys, is_small


def figure(
    level: Level, key: tuple[object, ...], parent: tuple[object, ...], persons: int, attendees: int
) -> Figure:
    return Figure(
        level, key, parent, str(key), "", None, 1, persons, attendees, persons, attendees, attendees * 60,
        attendees, 0,
    )  # fmt: skip


def place(code: str, persons: int, attendees: int | None = None) -> Figure:
    came = persons if attendees is None else attendees
    return figure(Level.municipality, (code,), ("18",), persons, came)


def county_of(places: list[Figure]) -> list[Figure]:
    persons, came = sum(p.persons for p in places), sum(p.attendees for p in places)
    return [figure(Level.county, ("18",), (), persons, came)]


def hidden_of(*places: Figure) -> set[str]:
    county = county_of(list(places))
    total = [figure(Level.total, (), (), county[0].persons, county[0].attendees)]
    return {key[0] if key else "total" for _level, key in hidden_keys([list(places), county, total])}  # type: ignore[misc]


def test_level_belongs_to_the_family_that_adds_up_through_it() -> None:
    assert family_of(Level.series) == (Level.session, Level.series, Level.total)
    assert family_of(Level.county) == (Level.company, Level.municipality, Level.county, Level.total)


def test_small_is_one_to_four_persons_or_one_to_four_who_came() -> None:
    assert [is_small(place("a", n)) for n in (0, 1, 4, 5)] == [False, True, True, False]
    assert [is_small(place("a", 10, n)) for n in (0, 1, 4, 5)] == [False, True, True, False]


def test_large_sums_are_all_shown() -> None:
    assert hidden_of(place("a", 5), place("b", 20)) == set()


def test_one_small_sum_takes_the_smallest_of_the_others_with_it() -> None:
    assert hidden_of(place("a", 2), place("b", 9), place("c", 7), place("d", 30)) == {"a", "c"}


def test_two_small_sums_are_still_covered_by_one_of_five() -> None:
    assert hidden_of(place("a", 2), place("b", 1), place("c", 7), place("d", 30)) == {"a", "b", "c"}


def test_small_sum_alone_hides_what_it_makes_up() -> None:
    assert hidden_of(place("a", 3)) == {"a", "18", "total"}


def test_few_who_came_are_covered_too() -> None:
    assert hidden_of(place("a", 10, 2), place("b", 8, 0), place("c", 9, 9)) == {"a", "b", "c"}


def test_hidden_sum_is_not_found_by_adding_up_what_lies_below() -> None:
    companies = [
        figure(Level.company, (1, "a"), ("a",), 2, 2),
        figure(Level.company, (2, "b"), ("b",), 12, 12),
        figure(Level.company, (3, "b"), ("b",), 8, 8),
    ]
    places = [place("a", 2), place("b", 20)]
    county = county_of(places)
    total = [figure(Level.total, (), (), 22, 22)]
    assert hidden_keys([companies, places, county, total]) == {
        (Level.company, (1, "a")), (Level.municipality, ("a",)), (Level.municipality, ("b",)),
        (Level.company, (3, "b")),
    }  # fmt: skip


rows = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=1, max_size=8)


@given(rows=rows)
def test_what_can_be_subtracted_stands_for_five_or_the_sum_itself_is_hidden(
    rows: list[tuple[int, int]],
) -> None:
    places = [place(f"{n}", persons, min(persons, came)) for n, (persons, came) in enumerate(rows)]
    county = county_of(places)
    total = [figure(Level.total, (), (), county[0].persons, county[0].attendees)]
    hidden = hidden_keys([places, county, total])
    assert all((row.level, row.key) in hidden for row in places if is_small(row))
    left = [row for row in places if (row.level, row.key) in hidden]
    if left and (Level.county, ("18",)) not in hidden:
        assert sum(row.persons for row in left) >= LEAST
        assert sum(row.attendees for row in left) not in range(1, LEAST)

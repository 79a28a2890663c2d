"""No hidden cell can be found from what readers see: tried by linear algebra, and by other worlds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from planner.attendance.rules import LEAST
from planner.reports.rules import Cell, Joining, Portion, Published, is_safe, publish, tell

# Keys as the grid has them: (month, series, municipality); the first two letters of a municipality are its county.
WAYS = [
    Joining(lambda key: (key[0], key[1], str(key[2])[:2]), keeps_minutes=True),
    Joining(lambda key: (key[0], str(key[2])[:2])),
    Joining(lambda key: key[0]),
    Joining(lambda key: "year" if int(str(key[0])) < 3 else None, takes_shown=False),
]
PLACES = ("1801", "1802", "1901")
KEYS = [(month, series, place) for month in (1, 2, 3) for series in ("a", "b") for place in PLACES]


def cell(key: tuple[Hashable, ...], count: int, persons: int | None = None) -> Cell:
    return Cell(key, count, 60 * count, count if persons is None else persons, key[-1])


def shown(
    cells: Iterable[Cell],
) -> tuple[set[tuple[Hashable, ...]], list[set[tuple[Hashable, ...]]], set[tuple[Hashable, ...]]]:
    """Keys told alone, keys told together, keys told to nobody."""
    published = publish(cells, WAYS)
    portions = [{each.key for each in portion.cells} for portion in published.portions]
    return (
        {key for keys in portions if len(keys) == 1 for key in keys},
        [keys for keys in portions if len(keys) > 1],
        {each.key for each in published.hidden},
    )


def test_cells_of_five_stand_alone() -> None:
    assert shown([cell(KEYS[0], 5), cell(KEYS[1], 20)]) == ({KEYS[0], KEYS[1]}, [], set())


def test_a_small_cell_takes_the_smallest_beside_it_along() -> None:
    same = [cell((1, "a", "1801"), 2), cell((1, "a", "1802"), 9), cell((1, "a", "1803"), 7)]
    assert shown(same) == ({(1, "a", "1802")}, [{(1, "a", "1801"), (1, "a", "1803")}], set())


def test_small_cells_that_could_be_several_ways_are_told_together() -> None:
    assert shown([cell((1, "a", "1801"), 2), cell((1, "a", "1802"), 3)])[1] == [
        {(1, "a", "1801"), (1, "a", "1802")}
    ]


def test_a_small_cell_alone_is_told_to_nobody() -> None:
    assert shown([cell((3, "a", "1801"), 4)]) == (set(), [], {(3, "a", "1801")})


def test_months_that_are_over_are_told_together_without_what_was_told_before() -> None:
    one, two, large = cell((1, "a", "1801"), 3), cell((2, "a", "1801"), 4), cell((2, "a", "1901"), 9)
    assert shown([one, two]) == (
        set(),
        [],
        {one.key, two.key},
    )  # the same four persons, for all that is known
    other = cell((2, "a", "1802"), 4)
    assert shown([one, other]) == (set(), [{one.key, other.key}], set())
    assert shown([one, large]) == ({large.key}, [], {one.key})


def test_four_and_four_are_told_apart_by_whoever_adds_them_up() -> None:
    assert not is_safe([cell((1, "a", "1801"), 4), cell((1, "a", "1802"), 4)])
    assert not is_safe([cell((1, "a", f"180{n}"), 1) for n in range(5)])
    assert is_safe([cell((1, "a", "1801"), 4), cell((1, "a", "1802"), 3)])


def test_the_same_people_twice_are_not_ten() -> None:
    assert not is_safe([cell((1, "a", "1801"), 3), cell((1, "b", "1801"), 4)])


def test_time_is_not_told_of_several_series() -> None:
    small = [cell((1, "a", "1801"), 3), cell((1, "b", "1802"), 4)]
    (portion,) = publish(small, WAYS).portions
    assert (portion.count, portion.minutes, portion.has_minutes) == (7, 0, False)


worlds = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 8), min_size=1, max_size=10)


def functionals(published: Published) -> list[set[tuple[Hashable, ...]]]:
    """Which cells each number that a page can show is the sum of, over every filter and every way of summing."""
    found: list[set[tuple[Hashable, ...]]] = []
    months, series, places = ((None, 1, 2, 3), (None, "a", "b"), (None, *PLACES, "18", "19"))
    marked = Published(
        tuple(Portion(portion.cells, portion.has_minutes) for portion in published.portions), published.hidden
    )
    for month, one, place in product(months, series, places):
        for by in (0, 1, 2):
            inside = [
                portion
                for portion in marked.portions
                if all(
                    month in (None, c.key[0])
                    and one in (None, c.key[1])
                    and str(c.key[2]).startswith(place or "")
                    for c in portion.cells
                )
            ]
            sums = tell(
                marked,
                lambda key, by=by: (key[by],),
                lambda key, m=month, o=one, p=place: (
                    m in (None, key[0]) and o in (None, key[1]) and str(key[2]).startswith(p or "")
                ),
                lambda _key: True,
            )
            # What the page adds up is what is said here: the numbers agree.
            assert sums.total.count == sum(portion.count for portion in inside)
            rows = {row: [p for p in inside if {(c.key[by],) for c in p.cells} == {row}] for row in sums.rows}
            assert {row: told.count for row, told in sums.rows.items()} == {
                row: sum(portion.count for portion in portions) for row, portions in rows.items()
            }
            for portions in (inside, *rows.values()):
                found.append({c.key for portion in portions for c in portion.cells})
    return found


def is_spanned(goal: list[int], rows: list[list[int]]) -> bool:
    """Whether the goal is a linear combination of the rows, by exact elimination."""
    basis: list[tuple[int, list[Fraction]]] = []

    def reduced(row: list[Fraction]) -> list[Fraction]:
        for at, base in basis:
            if row[at]:
                row = [a - row[at] * b for a, b in zip(row, base, strict=True)]
        return row

    for line in rows:
        left = reduced([Fraction(value) for value in line])
        lead = next((n for n, value in enumerate(left) if value), None)
        if lead is not None:
            basis.append((lead, [value / left[lead] for value in left]))
    return not any(reduced([Fraction(value) for value in goal]))


@given(world=worlds)
def test_no_small_cell_is_a_linear_combination_of_what_pages_show(
    world: dict[tuple[Hashable, ...], int],
) -> None:
    cells = [cell(key, count) for key, count in world.items()]
    keys = list(world)
    rows = {tuple(int(key in inside) for key in keys) for inside in functionals(publish(cells, WAYS))}
    for n, each in enumerate(cells):
        if each.is_small:
            assert not is_spanned([int(n == m) for m in range(len(keys))], [list(row) for row in rows])


@given(world=worlds)
def test_every_small_cell_could_have_been_another_number(world: dict[tuple[Hashable, ...], int]) -> None:
    cells = [cell(key, count) for key, count in world.items()]
    published = publish(cells, WAYS)
    for portion in published.portions:
        small = [each for each in portion.cells if each.is_small]
        if not small:
            continue
        assert portion.count >= LEAST
        # Numbers of one to four for each small cell, five and more for the others, in whatever order.
        large = len(portion.cells) - len(small)
        counts = [range(1, LEAST)] * len(small) + [range(LEAST, portion.count + 1)] * large
        ways = (
            {values for values in product(*counts) if sum(values) == portion.count}
            if len(small) <= 4 and large <= 2
            else set()
        )
        seen = [{values[n] for values in ways} for n in range(len(portion.cells))]
        # Which of them are the small ones is not told: with large ones among them each may be any of the numbers.
        assert not ways or large or all(len(values) > 1 for values in seen[: len(small)])


@given(world=worlds, order=st.randoms(use_true_random=False))
def test_everything_is_told_once_or_hidden_whatever_the_order(
    world: dict[tuple[Hashable, ...], int], order: object
) -> None:
    cells = [cell(key, count) for key, count in world.items()]
    published = publish(cells, WAYS)
    told = [each.key for portion in published.portions for each in portion.cells]
    assert sorted([*told, *(each.key for each in published.hidden)], key=repr) == sorted(world, key=repr)
    order.shuffle(cells)  # type: ignore[attr-defined]
    assert {frozenset(p.cells) for p in publish(cells, WAYS).portions} == {
        frozenset(p.cells) for p in published.portions
    }

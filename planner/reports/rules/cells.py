"""What those who only read may see: cells of at least five, and no way to a smaller one.

The finest cells that are ever shown make up a grid. A cell that stands for fewer than five persons is put together
with others until what is told stands for five or more and could have come about in more than one way; what cannot be
put together is told to nobody. Whatever a reader is shown is a sum of such portions, so nothing finer than a portion
can be worked out, by whatever additions and subtractions. The argument at length: docs/decisions/017.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from planner.attendance.rules import LEAST


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the grid: how many (`count`), for how long, and surely how many persons (`persons`, at least).

    `who` tells whose they are: cells of different `who` have nobody in common.
    """

    key: tuple[Hashable, ...]
    count: int
    minutes: int
    persons: int
    who: Hashable

    @property
    def is_small(self) -> bool:
        """Whether it must not be seen alone."""
        return self.persons < LEAST


@dataclass(frozen=True, slots=True)
class Portion:
    """Cells that are told only together. `has_minutes`: their time may be told, too.

    Sessions of different series differ in length, so that count and time of cells of several series would be two
    equations about them: such a portion tells its count alone.
    """

    cells: tuple[Cell, ...]
    has_minutes: bool = True

    @property
    def count(self) -> int:
        """How many, in all its cells."""
        return sum(cell.count for cell in self.cells)

    @property
    def minutes(self) -> int:
        """For how long, in all its cells."""
        return sum(cell.minutes for cell in self.cells) if self.has_minutes else 0


@dataclass(frozen=True, slots=True)
class Joining:
    """A way to put cells together: those with the same `of(key)`, and none whose is None.

    `takes_shown`: portions that stand for themselves may be drawn in. Never where the group reaches back over what was
    told before: then and now would be subtracted.
    """

    of: Callable[[tuple[Hashable, ...]], Hashable]
    keeps_minutes: bool = False
    takes_shown: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """The grid as readers see it: portions, and the cells that are in none."""

    portions: tuple[Portion, ...]
    hidden: tuple[Cell, ...]


def to_json(published: Published) -> dict[str, Any]:
    """The grid as JSON, to be kept."""
    return {
        "portions": [
            [portion.has_minutes, [_packed(c) for c in portion.cells]] for portion in published.portions
        ],
        "hidden": [_packed(cell) for cell in published.hidden],
    }


def from_json(kept: dict[str, Any]) -> Published:
    """The grid that was kept."""
    portions = (
        Portion(tuple(_unpacked(c) for c in cells), has_minutes) for has_minutes, cells in kept["portions"]
    )
    return Published(tuple(portions), tuple(_unpacked(cell) for cell in kept["hidden"]))


def _packed(cell: Cell) -> list[Any]:
    return [list(cell.key), cell.count, cell.minutes, cell.persons]


def _unpacked(values: list[Any]) -> Cell:
    return Cell(tuple(values[0]), values[1], values[2], values[3], None)


def publish(cells: Iterable[Cell], ways: Sequence[Joining]) -> Published:
    """The cells as portions, put together by the first way that will do for each small one."""
    ordered = sorted(cells, key=lambda cell: (cell.count, repr(cell.key)))
    small = [cell for cell in ordered if cell.is_small]
    portions = [Portion((cell,)) for cell in ordered if not cell.is_small]
    for way in ways:
        small, portions = _join(small, portions, way)
    return Published(tuple(portions), tuple(small))


def _join(small: list[Cell], portions: list[Portion], way: Joining) -> tuple[list[Cell], list[Portion]]:
    groups: dict[Hashable, list[Cell]] = defaultdict(list)
    left: list[Cell] = []
    for cell in small:
        group = way.of(cell.key)
        (left if group is None else groups[group]).append(cell)
    if not groups:
        return left, portions
    beside: dict[Hashable, list[Portion]] = defaultdict(list)
    for portion in portions:
        shared = {way.of(cell.key) for cell in portion.cells}
        if len(shared) == 1 and (group := shared.pop()) in groups:
            beside[group].append(portion)
    taken: set[int] = set()
    made: list[Portion] = []
    for group, members in groups.items():
        shown = beside[group] if way.takes_shown else []
        joined = _joined(members, shown, keeps_minutes=way.keeps_minutes)
        if joined is None:
            left += members
        else:
            made.append(joined[0])
            taken |= {id(portion) for portion in joined[1]}
    return left, [*(portion for portion in portions if id(portion) not in taken), *made]


def _joined(
    members: list[Cell], beside: list[Portion], *, keeps_minutes: bool
) -> tuple[Portion, list[Portion]] | None:
    """The members in one portion, with as many of those beside them, smallest first, as it takes; None: impossible."""
    used: list[Portion] = []
    waiting = sorted(beside, key=lambda portion: (portion.count, repr(portion.cells[0].key)))
    while not is_safe(cells := (*members, *(cell for portion in used for cell in portion.cells))):
        if not waiting:
            return None
        used.append(waiting.pop(0))
    has_minutes = keeps_minutes and all(portion.has_minutes for portion in used)
    return Portion(tuple(cells), has_minutes), used


def is_safe(cells: Sequence[Cell]) -> bool:
    """Whether the cells may be told together: of five persons at least, and not the only way to make up their count.

    Whoever knows that each of them is of one to four could tell them apart where all must be one, or all four.
    """
    most: dict[Hashable, int] = defaultdict(int)
    for cell in cells:
        most[cell.who] = max(most[cell.who], cell.persons)
    if len(cells) < 2 or sum(most.values()) < LEAST:
        return False
    count = sum(cell.count for cell in cells)
    return any(not cell.is_small for cell in cells) or len(cells) < count < (LEAST - 1) * len(cells)

"""What a reader is told: sums of portions, row by row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from planner.reports.rules.cells import Portion, Published
from planner.reports.rules.figures import Key

CellKey = tuple[Hashable, ...]


@dataclass(slots=True)
class Told:
    """One number of a row and its time. `is_least`: there is more, which cannot be told."""

    count: int = 0
    minutes: int = 0
    is_least: bool = False
    is_least_time: bool = False

    def take(self, portion: Portion) -> None:
        """Add a portion."""
        self.count += portion.count
        self.minutes += portion.minutes
        self.is_least_time |= not portion.has_minutes

    def miss(self) -> None:
        """Something belongs here that is told elsewhere, or nowhere."""
        self.is_least = self.is_least_time = True

    @property
    def is_hidden(self) -> bool:
        """Whether there is something, and none of it can be told."""
        return self.is_least and not self.count


@dataclass(slots=True)
class Sums:
    """A family of cells as a page tells it: by key, what belongs to several keys at once, and all together."""

    rows: dict[Key, Told] = field(default_factory=lambda: defaultdict(Told))
    mixed: Told = field(default_factory=Told)
    total: Told = field(default_factory=Told)


def tell(
    published: Published,
    key_of: Callable[[CellKey], Key],
    is_wanted: Callable[[CellKey], bool],
    is_in_scope: Callable[[CellKey], bool],
) -> Sums:
    """The sums over the portions that lie wholly within the scope and within what is wanted.

    A portion counts to a row when all of it does; else it stands among what cannot be told apart.
    """
    sums = Sums()
    for portion in published.portions:
        keys = [cell.key for cell in portion.cells]
        inside = [key for key in keys if is_wanted(key)]
        if not inside:
            continue
        if len(inside) < len(keys) or not all(is_in_scope(key) for key in keys):
            _miss(sums, (key for key in inside if is_in_scope(key)), key_of)
            continue
        sums.total.take(portion)
        rows = {key_of(key) for key in keys}
        if len(rows) == 1:
            sums.rows[rows.pop()].take(portion)
        else:
            sums.mixed.take(portion)
            for row in rows:
                sums.rows[row].miss()
    hidden = (cell.key for cell in published.hidden if is_wanted(cell.key) and is_in_scope(cell.key))
    _miss(sums, hidden, key_of)
    return sums


def _miss(sums: Sums, keys: Iterable[CellKey], key_of: Callable[[CellKey], Key]) -> None:
    for key in keys:
        sums.total.miss()
        sums.rows[key_of(key)].miss()

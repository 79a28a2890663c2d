"""A plan in the making: which cohorts are placed, who is in them, and what it is all worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from planner.scheduling.rules.problem import Cohort
from planner.scheduling.solver.bookings import Bookings
from planner.scheduling.solver.grid import NO_ROOM, Bools, Floats, Grid, Ints, Series
from planner.series_templates.rules import Mode


@dataclass(frozen=True, slots=True)
class Slot:
    """A session: the column it starts from, its facilitator and room."""

    column: int
    person: int
    room: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A cohort in a plan. `members` are companies with the steps they attend; `value` is what all of it is worth."""

    key: str
    series: int
    slots: tuple[Slot, ...]
    members: Mapping[int, tuple[int, ...]]
    value: int


@dataclass(frozen=True, slots=True)
class Published:
    """A cohort as it was published: who attends which steps. `locked` are the steps that stay."""

    key: str
    series: int
    slots: tuple[Slot, ...]
    members: Mapping[int, tuple[int, ...]]
    locked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a cohort of a series starts from: a new one, or a published one that is to be placed again."""

    key: str
    published: Published | None = None

    @property
    def locked(self) -> frozenset[int]:
        """The steps that stay where they are."""
        return self.published.locked if self.published else frozenset()


@dataclass
class State:
    """Placed cohorts by key, and all that they take up.

    A value is counted from everything published being given up: what is kept is won.
    """

    grid: Grid
    published: Mapping[str, Published]
    bookings: Bookings
    placed: dict[str, Placed] = field(default_factory=dict)
    home: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def empty(cls, grid: Grid) -> State:
        """Nothing placed but the locked sessions."""
        published = {cohort.key: _published(grid, cohort) for cohort in grid.problem.published}
        state = cls(grid, published, Bookings(grid))
        for cohort in published.values():
            for step in sorted(cohort.locked):
                state._book(grid.series[cohort.series], step, cohort.slots[step], 1)
        return state

    def copy(self) -> State:
        """The same plan, to be changed apart."""
        return State(self.grid, self.published, self.bookings.copy(), dict(self.placed), dict(self.home))

    @property
    def value(self) -> int:
        """What the plan is worth."""
        weights = self.grid.weights
        given_up = sum(
            weights.moved * len(cohort.slots) + weights.rejoined * len(cohort.members)
            for cohort in self.published.values()
        )
        stubs = sum(bool(cohort.locked) and key not in self.placed for key, cohort in self.published.items())
        kept = sum(
            weights.moved * len(cohort.locked)
            for key, cohort in self.published.items()
            if key not in self.placed
        )
        return sum(cohort.value for cohort in self.placed.values()) + kept - given_up - stubs * weights.cohort

    @property
    def served(self) -> int:
        """How many companies are served, counted once for each of their needs."""
        return len(self.home)

    @property
    def moved(self) -> int:
        """How many published sessions are at another time, or gone."""
        moved = 0
        for key, cohort in self.published.items():
            if key in self.placed:
                moved += sum(
                    a.column != b.column for a, b in zip(cohort.slots, self.placed[key].slots, strict=True)
                )
            else:
                moved += len(cohort.slots) - len(cohort.locked)
        return moved

    def frames(self, series: Series) -> Iterator[Frame]:
        """What may still be placed of a series: published cohorts first, then one new one."""
        missing = [
            c for c in self.published.values() if c.series == series.number and c.key not in self.placed
        ]
        yield from (Frame(cohort.key, cohort) for cohort in missing)
        stubs = sum(bool(cohort.locked) for cohort in missing)
        if self.count(series) + stubs < series.need.cohorts:
            yield Frame(self._new_key(series))

    def count(self, series: Series) -> int:
        """How many cohorts of a series are placed."""
        return sum(cohort.series == series.number for cohort in self.placed.values())

    def homeless(self, series: Series) -> Ints:
        """The companies of a series that are in no cohort."""
        return np.array(
            [row for row in series.companies if (series.number, int(row)) not in self.home], dtype=np.int64
        )

    def can(self, series: Series, step: int, companies: Ints) -> tuple[Bools, Bools]:
        """For each column, which of the companies could attend the step from there, and which would be quiet."""
        length = series.steps[step].halves
        can, quiet = self.grid.can(length)
        free = self.bookings.companies[length][companies] == 0
        return can[companies] & free, quiet[companies] & free

    def attendance(self, series: Series, columns: tuple[int, ...], companies: Ints) -> tuple[Bools, Bools]:
        """For each company (row) and step: whether it could attend a chain's session, and whether in quiet time."""
        can = np.empty((len(companies), len(columns)), dtype=bool)
        quiet = np.empty_like(can)
        for step, column in enumerate(columns):
            length = series.steps[step].halves
            all_can, all_quiet = self.grid.can(length)
            can[:, step] = all_can[companies, column] & (
                self.bookings.companies[length][companies, column] == 0
            )
            quiet[:, step] = can[:, step] & all_quiet[companies, column]
        return can, quiet

    def worth(self, series: Series, can: Bools, quiet: Bools, companies: Ints, frame: Frame) -> Floats:
        """What each company would add to a cohort that it can attend so; 0 for one that would not be served."""
        weights = self.grid.weights
        weight = self.grid.weight[companies]
        value = weights.served * weight + weights.quiet * weight * quiet.sum(axis=1) // len(series.steps)
        if frame.published is not None:
            value = value + weights.rejoined * np.isin(companies, list(frame.published.members))
        return np.where(can.sum(axis=1) >= series.attend, value, 0).astype(np.float64)

    def fixed_worth(self, series: Series, slots: tuple[Slot, ...], frame: Frame) -> int:
        """What the cohort's sessions add whoever comes: what is kept of the published ones, less costs."""
        value = -self.grid.weights.cohort
        for step in range(1, len(slots)):
            if step in frame.locked and step - 1 in frame.locked:
                value += self._locked_gap(series, step, slots)
            else:
                before, after = (self.grid.day_of[slots[k].column] for k in (step - 1, step))
                value += int(series.gaps[step][before, after])
        if frame.published is not None:
            value += sum(self.kept(*pair) for pair in zip(frame.published.slots, slots, strict=True))
        return value

    def kept(self, before: Slot, after: Slot) -> int:
        """What is won by keeping a published session's time, and its facilitator and room."""
        if before.column != after.column:
            return 0
        return self.grid.weights.moved - (self.grid.weights.swapped if before != after else 0)

    def seats_in(self, series: Series, step: int, slot: Slot, frame: Frame) -> int:
        """How many heads a session holds; a locked one's room has been found large enough."""
        if slot.room == NO_ROOM or series.steps[step].mode is not Mode.ON_SITE or step in frame.locked:
            return series.need.seats
        return min(series.need.seats, int(self.bookings.capacity[slot.room]))

    def place(
        self,
        series: Series,
        frame: Frame,
        slots: tuple[Slot, ...],
        members: Ints,
        attends: Mapping[int, tuple[int, ...]] | None = None,
    ) -> Placed:
        """Add a cohort with these companies, each attending all that it can, or of that what `attends` says."""
        columns = tuple(slot.column for slot in slots)
        can, quiet = self.attendance(series, columns, members)
        if attends is not None:
            can &= np.array([np.isin(np.arange(len(slots)), attends[int(row)]) for row in members]).reshape(
                can.shape
            )
            quiet &= can
        worth = self.worth(series, can, quiet, members, frame)
        value = self.fixed_worth(series, slots, frame) + int(worth.sum())
        coming = {
            int(row): tuple(int(step) for step in np.flatnonzero(can[number]))
            for number, row in enumerate(members)
        }
        cohort = Placed(frame.key, series.number, slots, coming, value)
        self._take_in(cohort)
        return cohort

    def put_back(self, cohort: Placed) -> None:
        """Add a cohort again that was removed, over unchanged surroundings."""
        self._take_in(cohort)

    def remove(self, key: str) -> Placed:
        """Take a cohort away; its locked sessions stay booked."""
        cohort = self.placed.pop(key)
        self._book_cohort(cohort, -1)
        for row in cohort.members:
            del self.home[cohort.series, row]
        return cohort

    def frame_of(self, key: str) -> Frame:
        """The frame that a cohort was placed in."""
        return Frame(key, self.published.get(key))

    def _take_in(self, cohort: Placed) -> None:
        self.placed[cohort.key] = cohort
        self._book_cohort(cohort, 1)
        for row in cohort.members:
            self.home[cohort.series, row] = cohort.key

    def _book_cohort(self, cohort: Placed, by: int) -> None:
        series = self.grid.series[cohort.series]
        locked = self.frame_of(cohort.key).locked
        coming: list[list[int]] = [[] for _ in cohort.slots]
        for row, steps in cohort.members.items():
            for step in steps:
                coming[step].append(row)
        for step, slot in enumerate(cohort.slots):
            if step not in locked:
                self._book(series, step, slot, by)
            self.bookings.change_companies(slot.column, series.steps[step].halves, coming[step], by)

    def _book(self, series: Series, step: int, slot: Slot, by: int) -> None:
        self.bookings.change(slot.column, series.steps[step].halves, slot.person, slot.room, by)

    def _locked_gap(self, series: Series, step: int, slots: tuple[Slot, ...]) -> int:
        """What the gap between two locked sessions costs, which may be one that is not allowed."""
        rule = series.steps[step]
        before, after = (self.grid.ordinals[self.grid.day_of[slots[k].column]] for k in (step - 1, step))
        uneven = 2 * abs(2 * int(after - before) - rule.gap_min - rule.gap_max) > rule.gap_max - rule.gap_min
        return -self.grid.weights.uneven if uneven else 0

    def _new_key(self, series: Series) -> str:
        number = 1
        while (key := f"{series.need.id}/{number}") in self.placed or key in self.published:
            number += 1
        return key


def slots_of(grid: Grid, cohort: Cohort) -> tuple[Slot, ...]:
    """A cohort's sessions, in the grid's numbers."""
    return tuple(
        Slot(
            grid.column(grid.day_number[session.on], session.start),
            grid.person_row[session.facilitator],
            NO_ROOM if session.room is None else grid.room_row[session.room],
        )
        for session in cohort.sessions
    )


def _published(grid: Grid, cohort: Cohort) -> Published:
    series = next(series for series in grid.series if series.need.id == cohort.need)
    members = {grid.company_row[member.company]: member.attends for member in cohort.members}
    locked = frozenset(session.step for session in cohort.sessions if session.is_locked)
    return Published(cohort.key, series.number, slots_of(grid, cohort), members, locked)

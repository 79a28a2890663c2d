"""The problem as arrays: a row for each company, facilitator or room, a column for each half-hour of the period.

A column's number is day × half-hours of a day + half-hour. People and things are known by their place in the problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from planner.scheduling.rules.problem import IMPOSSIBLE, QUIET, Away, Need, Problem, Step, steps_to_attend
from planner.series_templates.rules import Mode

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = -1e9  # the cost of what may not be; large enough for every problem, small enough to be added up
NO_ROOM = -1


@dataclass(frozen=True, slots=True)
class Series:
    """A need with what the search asks of it again and again. `companies` are rows, `gaps` see `Grid.gap_costs`."""

    number: int
    need: Need
    companies: Ints
    gaps: tuple[Floats, ...]
    attend: int

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps in order."""
        return self.need.steps

    @property
    def slack(self) -> int:
        """How many steps a company may miss."""
        return len(self.need.steps) - self.attend


class Grid:
    """What of the problem never changes during a search."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.weights = problem.weights
        self.days, self.halves = len(problem.days), problem.halves
        self.columns = self.days * self.halves
        self.ordinals = np.array([day.toordinal() for day in problem.days], dtype=np.int64)
        self.day_number = {day: number for number, day in enumerate(problem.days)}
        self.day_of = np.repeat(np.arange(self.days), self.halves)
        self.heads = np.array([company.heads for company in problem.companies], dtype=np.int64)
        self.weight = np.array([company.weight for company in problem.companies], dtype=np.int64)
        self.company_row = {company.id: row for row, company in enumerate(problem.companies)}
        self.person_row = {person.id: row for row, person in enumerate(problem.facilitators)}
        self.room_row = {room.id: row for row, room in enumerate(problem.rooms)}
        self.lengths = tuple(sorted({step.halves for need in problem.needs for step in need.steps}))
        self.places = tuple(sorted({room.place for room in problem.rooms}))
        self._cans: dict[int, tuple[Bools, Bools]] = {}

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The needs in the problem's order."""
        return tuple(self._series_of(number, need) for number, need in enumerate(self.problem.needs))

    @cached_property
    def letters(self) -> NDArray[np.uint8]:
        """The companies' letters, a row each."""
        text = "".join("".join(company.times) for company in self.problem.companies)
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8).reshape(-1, self.columns)

    def can(self, length: int) -> tuple[Bools, Bools]:
        """For a session of so many half-hours from each column: which companies can, and which of them are quiet."""
        if length not in self._cans:
            free = self.letters != ord(IMPOSSIBLE)
            quiet = self.letters == ord(QUIET)
            self._cans[length] = self.whole(free, length), self.whole(quiet, length)
        return self._cans[length]

    def column(self, on: int, start: int) -> int:
        """The column of a half-hour of a day."""
        return on * self.halves + start

    def away(self, parts: Sequence[Away]) -> Bools:
        """The columns in which somebody or something is away."""
        away = np.zeros(self.columns, dtype=bool)
        for part in parts:
            if part.on in self.day_number:
                first = self.day_number[part.on] * self.halves
                away[first + max(part.start, 0) : first + min(part.end, self.halves)] = True
        return away

    def gap_costs(self, step: Step) -> Floats:
        """From each day (row) to each day (column): 0, minus the cost of an uneven gap, or NEVER."""
        days = self.ordinals[None, :] - self.ordinals[:, None]
        uneven = 2 * np.abs(2 * days - step.gap_min - step.gap_max) > step.gap_max - step.gap_min
        allowed = (days >= step.gap_min) & (days <= step.gap_max)
        return np.where(allowed, np.where(uneven, -float(self.weights.uneven), 0.0), NEVER)

    def levels(self, series: Series) -> tuple[int, ...]:
        """How many heads a cohort may have, by the rooms there are; the most first. Empty: there is no room at all."""
        if not any(step.mode is Mode.ON_SITE for step in series.steps):
            return (series.need.seats,)
        capacities = {min(room.capacity, series.need.seats) for room in self.problem.rooms}
        return tuple(sorted(capacities, reverse=True))

    def whole(self, letters: Bools, length: int) -> Bools:
        """Whether all of the half-hours from each column on are so, within one day."""
        days = letters.reshape(-1, self.days, self.halves)
        whole = np.zeros_like(days)
        last = self.halves - length + 1
        if last > 0:
            whole[:, :, :last] = True
            for shift in range(length):
                whole[:, :, :last] &= days[:, :, shift : shift + last]
        return whole.reshape(-1, self.columns)

    def _series_of(self, number: int, need: Need) -> Series:
        rows = np.array(sorted(self.company_row[id_] for id_ in need.companies), dtype=np.int64)
        gaps = tuple(self.gap_costs(step) for step in need.steps)
        return Series(number, need, rows, gaps, steps_to_attend(len(need.steps)))

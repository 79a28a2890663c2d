"""The half-hours that facilitators and rooms give: numbered in one row, taken by sessions, and priced.

A half-hour's number is its column + columns × the row of the facilitator, or of the room after all facilitators.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.scheduling.solver.grid import NO_ROOM, Floats, Grid, Ints, Series
from planner.scheduling.solver.state import Frame, Slot


def count(grid: Grid) -> int:
    """How many half-hours there are."""
    return (len(grid.problem.facilitators) + len(grid.problem.rooms)) * grid.columns


def taken_by(grid: Grid, series: Series, frame: Frame, slots: Sequence[Slot]) -> Ints:
    """Those that the sessions take, buffers after them too. Locked ones are taken already."""
    taken = [np.zeros(0, dtype=np.int64)]
    for number, (step, slot) in enumerate(zip(series.steps, slots, strict=True)):
        if number in frame.locked:
            continue
        evening = slot.column - slot.column % grid.halves + grid.halves
        end = min(evening, slot.column + step.halves + grid.problem.facilitators[slot.person].buffer)
        taken.append(_first(grid, slot.person) + np.arange(slot.column, end))
        if slot.room != NO_ROOM:
            taken.append(_first_of_room(grid, slot.room) + np.arange(slot.column, slot.column + step.halves))
    return np.concatenate(taken)


def price_of(grid: Grid, prices: Floats, length: int, slot: Slot) -> float:
    """What one session costs."""
    starts = [_first(grid, slot.person) + slot.column]
    if slot.room != NO_ROOM:
        starts.append(_first_of_room(grid, slot.room) + slot.column)
    return sum(float(prices[start : start + length].sum()) for start in starts)


def session_prices(grid: Grid, prices: Floats, length: int) -> tuple[Floats, Floats]:
    """What a session from each column costs: a row for each facilitator, and one for each room."""
    days = prices.reshape(-1, grid.days, grid.halves)
    total = np.zeros_like(days)
    for shift in range(length):
        total[:, :, : grid.halves - shift] += days[:, :, shift:]
    people, rooms = np.split(total.reshape(-1, grid.columns), [len(grid.problem.facilitators)])
    return people, rooms


def _first(grid: Grid, person: int) -> int:
    return person * grid.columns


def _first_of_room(grid: Grid, room: int) -> int:
    return (len(grid.problem.facilitators) + room) * grid.columns

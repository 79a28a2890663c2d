"""Who joins a cohort whose dates are set, and which facilitator and room hold its sessions."""

from __future__ import annotations

import numpy as np

from planner.scheduling.solver.grid import Floats, Ints, Series
from planner.scheduling.solver.half_hours import price_of
from planner.scheduling.solver.state import Frame, Slot, State


def fill(worth: Floats, heads: Ints, seats: int) -> Ints:
    """The places of those who together are worth the most in so many seats: an exact knapsack."""
    wanted = np.flatnonzero(worth > 0)
    if heads[wanted].sum() <= seats:
        return wanted
    best = np.zeros(seats + 1)
    taken = np.zeros((len(wanted), seats + 1), dtype=bool)
    for number, company in enumerate(wanted):
        size = int(heads[company])
        if size > seats:
            continue
        with_it = best[: seats + 1 - size] + worth[company]
        taken[number, size:] = with_it > best[size:]
        best[size:] = np.maximum(best[size:], with_it)
    chosen = []
    left = seats
    for number in range(len(wanted) - 1, -1, -1):
        if taken[number, left]:
            chosen.append(int(wanted[number]))
            left -= int(heads[wanted[number]])
    return np.array(sorted(chosen), dtype=np.int64)


def appoint(
    state: State,
    series: Series,
    frame: Frame,
    columns: tuple[int, ...],
    seats: int,
    prices: Floats | None = None,
) -> tuple[Slot, ...] | None:
    """A facilitator and a room for each session; as few different ones as can be, the published where possible.

    Among those who could, the one with the fewest skills is taken, so that others stay free for what only they can.
    `prices`, of half-hours, come before that. None if somebody or somewhere is missing.
    """
    slots: list[Slot] = []
    used: dict[int, int] = {}
    for number, (step, column) in enumerate(zip(series.steps, columns, strict=True)):
        before = frame.published.slots[number] if frame.published else None
        if before is not None and number in frame.locked:
            slots.append(before)
            continue
        choices = state.bookings.choices(step, seats, column)
        if not choices:
            return None
        wanted = (before.person, before.room) if before is not None and before.column == column else None
        person, room = min(
            choices,
            key=lambda choice: (
                choice != wanted,
                0.0 if prices is None else price_of(state.grid, prices, step.halves, Slot(column, *choice)),
                -used.get(choice[0], 0),
                state.bookings.rarity[choice[0]],
                state.bookings.capacity[choice[1]] if choice[1] >= 0 else 0,
                choice,
            ),
        )
        used[person] = used.get(person, 0) + 1
        slots.append(Slot(column, person, room))
    return tuple(slots)

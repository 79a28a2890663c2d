"""When each step of a cohort can be held, without the starts that make no difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.scheduling.solver.grid import Bools, Floats, Grid, Ints, Series
from planner.scheduling.solver.state import Frame, State


@dataclass(frozen=True, slots=True)
class Wish:
    """The companies a cohort is sought for, with what each is worth when served, and more for each quiet step.

    `seats` is how many heads it may have. `prices`, if any, has for each step what a session costs from each column.
    """

    companies: Ints
    base: Floats
    rate: Floats
    heads: Ints
    seats: int
    prices: tuple[Floats, ...] | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """The starts of one step: column, day, price, and (row each) which companies can and which are quiet."""

    columns: Ints
    days: Ints
    price: Floats
    can: NDArray[np.uint8]
    quiet: NDArray[np.uint8]


def wish_for(state: State, series: Series, frame: Frame, companies: Ints, seats: int) -> Wish:
    """A wish for these companies at their own worth."""
    weights = state.grid.weights
    weight = state.grid.weight[companies].astype(np.float64)
    base = weights.served * weight
    if frame.published is not None:
        base = base + weights.rejoined * np.isin(companies, list(frame.published.members))
    return Wish(
        companies, base, weights.quiet * weight / len(series.steps), state.grid.heads[companies], seats
    )


def step_options(state: State, series: Series, frame: Frame, wish: Wish) -> list[Options]:
    """The options of every step. A step without any has empty ones."""
    open_for: dict[tuple[int, bool, str], Bools] = {}
    found = []
    for number, step in enumerate(series.steps):
        can, quiet = state.can(series, number, wish.companies)
        price = np.zeros(state.grid.columns) if wish.prices is None else wish.prices[number]
        if number in frame.locked and frame.published is not None:
            columns = np.array([frame.published.slots[number].column], dtype=np.int64)
        else:
            kind = (step.halves, step.takes_room, step.mode + step.skill)
            if kind not in open_for:
                open_for[kind] = state.bookings.open_for(step, wish.seats)
            columns = np.flatnonzero(open_for[kind] & np.isfinite(price))
        if frame.published is not None:
            price = price.copy()
            price[frame.published.slots[number].column] -= state.grid.weights.moved
        found.append(_distinct(state.grid, columns, price, can, quiet))
    return found


def _distinct(grid: Grid, columns: Ints, price: Floats, can: Bools, quiet: Bools) -> Options:
    """Of the starts on one day that suit the same companies alike, the cheapest and then the first."""
    columns = columns[np.argsort(price[columns], kind="stable")]
    days = grid.day_of[columns]
    can_rows, quiet_rows = can.T[columns], quiet.T[columns]
    marks = np.hstack(
        [
            np.packbits(np.hstack([can_rows, quiet_rows]), axis=1),
            days.astype(">u2").view(np.uint8).reshape(-1, 2),
        ]
    )
    _, first = np.unique(np.ascontiguousarray(marks).view(f"V{marks.shape[1]}").ravel(), return_index=True)
    rows = first[np.argsort(columns[first], kind="stable")]
    return Options(
        columns[rows],
        days[rows],
        price[columns[rows]],
        can_rows[rows].view(np.uint8),
        quiet_rows[rows].view(np.uint8),
    )

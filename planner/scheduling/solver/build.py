"""Adds cohorts to a plan, one after the other: each the best chain of dates for those who are still without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from planner.scheduling.rules.plan import Doing
from planner.scheduling.solver.beam import Chain, best_chains
from planner.scheduling.solver.grid import Floats, Ints, Series
from planner.scheduling.solver.members import appoint, fill
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.options import wish_for
from planner.scheduling.solver.state import Frame, Slot, State

PREVIEW_WIDTH = 6
CHAINS_TRIED = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """A cohort that could be placed."""

    frame: Frame
    slots: tuple[Slot, ...]
    members: Ints
    value: int


def greedy(state: State, meter: Meter, width: int = PREVIEW_WIDTH) -> None:
    """Place cohorts, need by need, until none adds anything: quick, and never taken back."""
    for series in sorted(state.grid.series, key=lambda series: -len(series.companies)):
        fill_up(state, series, meter, width)


def fill_up(state: State, series: Series, meter: Meter, width: int) -> None:
    """Place cohorts of one series until none adds anything."""
    while True:
        drafts = [
            draft for frame in state.frames(series) if (draft := grow(state, series, frame, meter, width))
        ]
        if not drafts:
            return
        best = max(drafts, key=lambda draft: draft.value)
        state.place(series, best.frame, best.slots, best.members)
        meter.tell(Doing.BUILDING, state.value, state.served)


def grow(
    state: State,
    series: Series,
    frame: Frame,
    meter: Meter,
    width: int,
    *,
    prices: tuple[Floats, ...] | None = None,
    extra: Mapping[int, float] | None = None,
    only: Iterable[int] | None = None,
) -> Draft | None:
    """The best cohort of those who are in none, or of `only` some of them; None if none adds anything.

    `prices`: see `Wish`. `extra` is how much more (or less) companies count while it is chosen.
    """
    companies = state.homeless(series)
    if only is not None:
        companies = companies[np.isin(companies, list(only))]
    more = np.array([(extra or {}).get(int(row), 0.0) for row in companies])
    best: Draft | None = None
    for seats in state.grid.levels(series):
        if not len(companies):
            break
        wish = wish_for(state, series, frame, companies, seats)
        wish = replace(wish, base=wish.base + more, prices=prices)
        for chain in best_chains(state, series, frame, wish, width=width, meter=meter)[:CHAINS_TRIED]:
            draft = draft_of(state, series, frame, chain, companies, seats, more)
            if draft is not None and (best is None or draft.value > best.value):
                best = draft
        if best is not None:
            break
    return best if best is not None and best.value > 0 else None


def draft_of(
    state: State, series: Series, frame: Frame, chain: Chain, companies: Ints, seats: int, more: Floats
) -> Draft | None:
    """The best that can be made of a chain of dates: who comes, and who holds it where."""
    can, quiet = state.attendance(series, chain.columns, companies)
    worth = state.worth(series, can, quiet, companies, frame)
    worth = np.where(worth > 0, worth + more, 0)
    members = fill(worth, state.grid.heads[companies], seats)
    slots = appoint(state, series, frame, chain.columns, seats)
    if slots is None:
        return None
    value = int(worth[members].sum()) + state.fixed_worth(series, slots, frame)
    return Draft(frame, slots, companies[members], value)

"""Other plans that are almost as good: the same cohorts at other times of the week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.scheduling.rules.plan import Doing
from planner.scheduling.solver.build import PREVIEW_WIDTH, fill_up, grow
from planner.scheduling.solver.grid import Floats, Grid, Series
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.state import Placed, State

DIFFERENT = 0.3  # of the sessions are at other times, or it is no other plan
LEAST_SHARE = 0.9  # of the best plan's value, or it is not worth showing
AVOIDED = 60.0  # what a session on the same weekday costs while another plan is sought
WIDTH = 24


def vary(best: State, meter: Meter, count: int) -> list[State]:
    """Up to `count` plans that differ from the best and from each other."""
    found = [best]
    for _ in range(count):
        if meter.is_over:
            break
        trial = best.copy()
        for key in sorted(best.placed):
            _place_elsewhere(trial, key, found, meter)
        for series in trial.grid.series:
            fill_up(trial, series, meter, PREVIEW_WIDTH)
        meter.tell(Doing.VARYING)
        if trial.value < LEAST_SHARE * best.value or any(_alike(trial, other) for other in found):
            break
        found.append(trial)
    return found[1:]


def _place_elsewhere(trial: State, key: str, others: Sequence[State], meter: Meter) -> None:
    """Place a cohort at other times, if nobody is lost by that."""
    frame = trial.frame_of(key)
    if frame.published is not None:
        return
    cohort = trial.remove(key)
    series = trial.grid.series[cohort.series]
    draft = grow(trial, series, frame, meter, WIDTH, prices=_prices(trial.grid, series, cohort, others))
    if draft is not None and set(cohort.members) <= set(draft.members.tolist()):
        trial.place(series, frame, draft.slots, draft.members)
    else:
        trial.put_back(cohort)


def _prices(grid: Grid, series: Series, cohort: Placed, others: Sequence[State]) -> tuple[Floats, ...]:
    weekdays = np.array([day.weekday() for day in grid.problem.days])[grid.day_of]
    prices = [np.zeros(grid.columns) for _ in series.steps]
    for other in others:
        for price, slot in zip(prices, other.placed.get(cohort.key, cohort).slots, strict=True):
            price[weekdays == weekdays[slot.column]] += AVOIDED
    return tuple(prices)


def _alike(one: State, other: State) -> bool:
    """Whether too many sessions are at the same times."""
    here, there = (
        {(c.series, slot.column) for c in state.placed.values() for slot in c.slots} for state in (one, other)
    )
    return len(here - there) < DIFFERENT * max(1, len(here))

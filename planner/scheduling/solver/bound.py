"""What no plan can exceed: every company at its best as if it were alone, in as few cohorts as could hold them."""

from __future__ import annotations

import numpy as np

from planner.scheduling.solver.grid import Bools, Floats, Ints, Series
from planner.scheduling.solver.state import State

UNSERVED = -1


def series_bound(empty: State, series: Series) -> int:
    """No cohorts of one series are worth more together."""
    grid, weights = empty.grid, empty.grid.weights
    quiet = quiet_alone(empty, series)
    weight = grid.weight[series.companies]
    worth = weights.served * weight + weights.quiet * weight * quiet // len(series.steps)
    able = quiet != UNSERVED
    return _in_cohorts(worth[able], grid.heads[series.companies][able], series, weights.cohort)


def quiet_alone(empty: State, series: Series) -> Ints:
    """For each company of a series, in how many quiet steps it could be served alone; UNSERVED if it could not."""
    able = [_day_by_day(empty, series, step) for step in range(len(series.steps))]
    best = np.full((series.slack + 1, len(series.companies), empty.grid.days), -np.inf)
    for step, (open_on, can, quiet) in enumerate(able):
        before = np.zeros_like(best) if step == 0 else _reached(best, series.gaps[step])
        if step == 0:
            before[1:] = -np.inf
        missing = np.vstack([np.full_like(before[:1], -np.inf), before[:-1]])
        best = np.where(quiet, before + 1, np.where(can, before, -np.inf))
        best = np.where(open_on, np.maximum(best, missing), -np.inf)
    most = best.max(axis=(0, 2), initial=-np.inf)
    return np.where(np.isfinite(most), most, UNSERVED).astype(np.int64)


def _day_by_day(empty: State, series: Series, step: int) -> tuple[Bools, Bools, Bools]:
    """For each day whether a step can be held; and (company, day) whether who comes alone can, and in quiet time."""
    rule = series.steps[step]
    open_for = empty.bookings.open_for(rule, 1)
    for published in empty.published.values():
        if published.series == series.number and step in published.locked:
            open_for[published.slots[step].column] = True
    shape = (empty.grid.days, empty.grid.halves)
    can, quiet = (table[series.companies] & open_for for table in empty.grid.can(rule.halves))
    by_day = (table.reshape(-1, *shape).any(axis=2) for table in (open_for, can, quiet))
    open_on, can_on, quiet_on = (np.asarray(table) for table in by_day)
    return open_on[0], can_on, quiet_on


def _reached(best: Floats, gaps: Floats) -> Floats:
    """The best from any day that the gap allows, for each day."""
    reached = np.full_like(best, -np.inf)
    for day in range(best.shape[2]):
        days = np.flatnonzero(gaps[:, day] > -1e6)
        if len(days):
            reached[:, :, day] = best[:, :, days[0] : days[-1] + 1].max(axis=2)
    return reached


def _in_cohorts(worth: Ints, heads: Ints, series: Series, cost: int) -> int:
    """The worth of those who fit into the cohorts that pay for themselves, the last of them in part."""
    order = np.argsort(-worth / heads, kind="stable")
    most = 0.0
    for cohorts in range(series.need.cohorts + 1):
        room = cohorts * series.need.seats
        filled = np.minimum(
            heads[order], np.maximum(0, room - np.concatenate([[0], np.cumsum(heads[order])[:-1]]))
        )
        most = max(most, float((worth[order] / heads[order] * filled).sum()) - cost * cohorts)
    return int(most + 1e-6)

"""Problems in, plans out."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from planner.scheduling.rules.plan import Doing, Ending, Plan, Style
from planner.scheduling.rules.problem import Problem
from planner.scheduling.solver.bound import series_bound
from planner.scheduling.solver.build import greedy
from planner.scheduling.solver.grid import Grid
from planner.scheduling.solver.improve import Search
from planner.scheduling.solver.meter import Meter, OnProgress
from planner.scheduling.solver.result import plan_of
from planner.scheduling.solver.start import carried_over, kept, repair, welcome
from planner.scheduling.solver.state import State
from planner.scheduling.solver.vary import vary

MOST_PLANS = 3
FOR_THE_BEST = 0.9  # of the work; the rest goes to other plans
SHARE_MOVED = 0.1  # of published sessions, in a balanced plan


def solve(
    problem: Problem, *, seconds: float = 15.0, seed: int = 1, on_progress: OnProgress | None = None
) -> list[Plan]:
    """Up to three different plans, the best first; each keeps every hard rule.

    `seconds` are counted in work, so that the same problem, seed and seconds give the same plans; only where a machine
    is so slow that the clock ends the search, which the plan then says, may they differ. `on_progress` ends the search
    by answering False.
    """
    grid, meter = Grid(problem), Meter(seconds, on_progress)
    state, bounds = _begun(grid, meter)
    search = Search(state, meter.part(FOR_THE_BEST), bounds, Random(seed))  # noqa: S311 # nothing is kept secret by it
    search.run()
    ending = search.meter.ending or Ending.WORK
    found = [search.state]
    if ending is not Ending.CALLER:
        found += vary(search.state, meter, MOST_PLANS - 1)
    found.sort(key=lambda state: -state.value)
    styles = [Style.BEST, *[Style.OTHER] * MOST_PLANS]
    return [plan_of(state, style, sum(bounds), ending) for state, style in zip(found, styles, strict=False)]


def preview(problem: Problem, *, seconds: float = 5.0) -> Plan:
    """One plan at once: cohort after cohort, never taken back."""
    meter = Meter(seconds)
    state, bounds = _begun(Grid(problem), meter)
    return plan_of(state, Style.GREEDY, sum(bounds), meter.ending or Ending.WORK)


def replan(
    problem: Problem, *, seconds: float = 0.7, seed: int = 1, on_progress: OnProgress | None = None
) -> list[Plan]:
    """Three plans that start from what is published: fewest changes, a few more, and the best value.

    With the fewest changes every published cohort that can stay as it is does so. The balanced plan moves at most one
    published session in ten, unless more must be moved.
    """
    grid, meter = Grid(problem), Meter(seconds, on_progress)
    bounds = [series_bound(State.empty(grid), series) for series in grid.series]
    fewest = _fewest_changes(grid, meter)
    sessions = sum(len(cohort.sessions) for cohort in problem.published)
    most_moved = max(fewest.moved, int(SHARE_MOVED * sessions))
    random = Random(seed)  # noqa: S311 # nothing is kept secret by it
    balanced = Search(fewest.copy(), meter.part(0.5), bounds, random, most_moved=most_moved)
    greedy(balanced.state, meter)
    balanced.run()
    best = Search(balanced.state.copy(), meter.part(1.0), bounds, random, pools=balanced.pools)
    best.run()
    found = [(fewest, Style.FEWEST_CHANGES), (balanced.state, Style.BALANCED), (best.state, Style.BEST)]
    ending = best.meter.ending or Ending.WORK
    return [plan_of(state, style, sum(bounds), ending) for state, style in found]


def _begun(grid: Grid, meter: Meter) -> tuple[State, list[int]]:
    """What can stay of the published, with all else filled in quickly; and each series' bound."""
    empty = State.empty(grid)
    bounds = [series_bound(empty, series) for series in grid.series]
    meter.bound = sum(bounds)
    state = kept(grid)
    repair(state, meter)
    greedy(state, meter)
    meter.tell(Doing.BUILDING, state.value, state.served)
    return state, bounds


def _fewest_changes(grid: Grid, meter: Meter) -> State:
    """Only what cannot stay is placed again, and every change weighs more than quiet time."""
    weights = grid.weights
    dear = 1 + 2 * weights.quiet * max((company.weight for company in grid.problem.companies), default=1)
    heavy = replace(
        weights, moved=weights.moved + dear, swapped=weights.swapped + dear // 4, rejoined=2 * dear
    )
    state = kept(Grid(replace(grid.problem, weights=heavy)))
    repair(state, meter)
    welcome(state)
    return carried_over(grid, state)

"""A finished plan, in the problem's own words."""

from __future__ import annotations

from planner.scheduling.rules.checker import score, violations
from planner.scheduling.rules.digest import digest
from planner.scheduling.rules.plan import Ending, Plan, Style
from planner.scheduling.rules.problem import Cohort, Member, Session
from planner.scheduling.solver.grid import NO_ROOM, Grid, Series
from planner.scheduling.solver.makeup import MakeUp
from planner.scheduling.solver.state import Placed, Published, Slot, State


def plan_of(state: State, style: Style, bound: int, ending: Ending) -> Plan:
    """The state as a plan, checked. Raises AssertionError should it break a rule: then the solver is wrong."""
    make_up = MakeUp(state.copy())
    cohorts = [_cohort(state, placed, make_up) for placed in state.placed.values()]
    cohorts += [
        _stub(state, cohort)
        for key, cohort in state.published.items()
        if cohort.locked and key not in state.placed
    ]
    cohorts.sort(key=lambda cohort: (cohort.need, _key_order(cohort.key)))
    problem = state.grid.problem
    broken = violations(problem, cohorts)
    counted = score(problem, cohorts)
    if broken or counted.value != state.value:
        raise AssertionError(f"not a plan: {broken[:3]}, counted {counted.value}, believed {state.value}")
    return Plan(digest(problem), style, tuple(cohorts), counted, max(bound, counted.value), ending)


def _key_order(key: str) -> tuple[int, str]:
    return (len(key), key)


def _cohort(state: State, placed: Placed, make_up: MakeUp) -> Cohort:
    series = state.grid.series[placed.series]
    published = state.published.get(placed.key)
    sessions = tuple(_session(state.grid, step, slot, published) for step, slot in enumerate(placed.slots))
    elsewhere = make_up.of(placed)
    members = tuple(
        Member(state.grid.problem.companies[row].id, steps, elsewhere.get(row, ()))
        for row, steps in sorted(placed.members.items())
    )
    return Cohort(placed.key, series.need.id, sessions, members)


def _stub(state: State, cohort: Published) -> Cohort:
    """A published cohort that cannot go on: only what is locked is left."""
    series: Series = state.grid.series[cohort.series]
    sessions = tuple(_session(state.grid, step, cohort.slots[step], cohort) for step in sorted(cohort.locked))
    return Cohort(cohort.key, series.need.id, sessions, ())


def _session(grid: Grid, step: int, slot: Slot, published: Published | None) -> Session:
    day, start = divmod(slot.column, grid.halves)
    return Session(
        step,
        grid.problem.days[day],
        start,
        grid.problem.facilitators[slot.person].id,
        None if slot.room == NO_ROOM else grid.problem.rooms[slot.room].id,
        is_locked=published is not None and step in published.locked,
    )

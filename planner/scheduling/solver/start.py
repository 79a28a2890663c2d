"""Where a search begins: what is published and can stay, and the rest as quickly as may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.scheduling.rules.problem import Cohort
from planner.scheduling.solver.build import grow
from planner.scheduling.solver.grid import NEVER, Grid, Series
from planner.scheduling.solver.members import fill
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.state import Frame, Published, State, slots_of

REPAIR_WIDTH = 60


def kept(grid: Grid) -> State:
    """The published cohorts whose every session can be held as it was published, with all who can still come."""
    state = State.empty(grid)
    for cohort in state.published.values():
        series = grid.series[cohort.series]
        if _stands(state, series, cohort):
            _place_again(state, series, cohort)
    return state


def repair(state: State, meter: Meter) -> None:
    """Place the published cohorts that are not placed for their own members, as near to before as the weights ask."""
    for key, cohort in state.published.items():
        if key not in state.placed:
            series = state.grid.series[cohort.series]
            draft = grow(state, series, Frame(key, cohort), meter, REPAIR_WIDTH, only=cohort.members)
            if draft is not None:
                state.place(series, draft.frame, draft.slots, draft.members)


def welcome(state: State, only: Sequence[Series] | None = None) -> None:
    """Let those without a cohort into cohorts that have seats left, whose sessions and members stay."""
    for series in state.grid.series if only is None else only:
        for key in [cohort.key for cohort in state.placed.values() if cohort.series == series.number]:
            homeless = state.homeless(series)
            if not len(homeless):
                break
            cohort, frame = state.remove(key), state.frame_of(key)
            columns = tuple(slot.column for slot in cohort.slots)
            members = np.array(sorted(cohort.members), dtype=np.int64)
            can, quiet = state.attendance(series, columns, homeless)
            worth = state.worth(series, can, quiet, homeless, frame)
            seats = min(state.seats_in(series, step, slot, frame) for step, slot in enumerate(cohort.slots))
            left = max(0, seats - int(state.grid.heads[members].sum()))
            joining = homeless[fill(worth, state.grid.heads[homeless], left)]
            every_step = tuple(range(len(cohort.slots)))
            attends = {**cohort.members, **{int(row): every_step for row in joining}}
            state.place(series, frame, cohort.slots, np.sort(np.concatenate([members, joining])), attends)


def carried_over(grid: Grid, placed: State) -> State:
    """The same cohorts over a grid with other weights."""
    state = State.empty(grid)
    for cohort in placed.placed.values():
        members = np.array(sorted(cohort.members), dtype=np.int64)
        frame = state.frame_of(cohort.key)
        state.place(grid.series[cohort.series], frame, cohort.slots, members, cohort.members)
    return state


def state_of(grid: Grid, cohorts: Sequence[Cohort]) -> State:
    """A plan's cohorts, as they are. Stubs, which have no members, are left out."""
    state = State.empty(grid)
    numbers = {series.need.id: series for series in grid.series}
    for cohort in cohorts:
        if cohort.members:
            attends = {grid.company_row[member.company]: member.attends for member in cohort.members}
            members = np.array(sorted(attends), dtype=np.int64)
            frame = state.frame_of(cohort.key)
            state.place(numbers[cohort.need], frame, slots_of(grid, cohort), members, attends)
    return state


def _stands(state: State, series: Series, cohort: Published) -> bool:
    for number, (step, slot) in enumerate(zip(series.steps, cohort.slots, strict=True)):
        if number in cohort.locked:
            continue
        if (slot.person, slot.room) not in state.bookings.choices(step, 1, slot.column):
            return False
    return all(_gap_is_kept(state, series, cohort, step) for step in range(1, len(cohort.slots)))


def _gap_is_kept(state: State, series: Series, cohort: Published, step: int) -> bool:
    if {step - 1, step} <= cohort.locked:
        return True
    before, after = (state.grid.day_of[cohort.slots[k].column] for k in (step - 1, step))
    return bool(series.gaps[step][before, after] > NEVER)


def _place_again(state: State, series: Series, cohort: Published) -> None:
    frame = Frame(cohort.key, cohort)
    members = np.array(sorted(cohort.members), dtype=np.int64)
    can, quiet = state.attendance(series, tuple(slot.column for slot in cohort.slots), members)
    attending = np.array([np.isin(np.arange(len(cohort.slots)), cohort.members[int(row)]) for row in members])
    can &= attending.reshape(can.shape)
    worth = state.worth(series, can, quiet & can, members, frame)
    seats = min(state.seats_in(series, step, slot, frame) for step, slot in enumerate(cohort.slots))
    staying = members[fill(worth, state.grid.heads[members], seats)]
    if len(staying):
        state.place(series, frame, cohort.slots, staying, cohort.members)

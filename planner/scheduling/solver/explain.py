"""Why a company is not served, found by trying: alone, with more of everything, and in place of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.scheduling.rules.plan import Plan
from planner.scheduling.rules.problem import Facilitator, Problem, Room
from planner.scheduling.rules.reasons import Help, Reason, Remedy, WhyNot
from planner.scheduling.solver.bound import UNSERVED, quiet_alone
from planner.scheduling.solver.build import grow
from planner.scheduling.solver.grid import NEVER, Grid, Ints, Series
from planner.scheduling.solver.members import appoint, fill
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.start import state_of
from planner.scheduling.solver.state import Placed, State

SECONDS = 20.0  # of work; usually a small part is used
WIDTH = 30
MOST_STEPS = 2  # that a company would have to make itself free for
DEAR = 1e6  # what the company counts while it is tried in place of others


def why_not(problem: Problem, plan: Plan, *, need: int, company: int) -> WhyNot:
    """Why the plan does not serve a company in a need, and up to one remedy of each kind, each tried out."""
    case = _case(problem, plan, need, company)
    if (case.series.number, case.row) in case.state.home:
        return WhyNot(need, company, Reason.SERVED)
    if _alone(problem, case) == UNSERVED:
        generous = _generous(problem, case.series)
        if _alone(generous, case) == UNSERVED:
            remedies = tuple(_come_anyway(case))
            return WhyNot(need, company, Reason.NO_TIME, _hopeless_steps(generous, case), remedies=remedies)
        return WhyNot(need, company, Reason.NO_RESOURCE, remedies=tuple(_remedies(problem, plan, case)))
    remedies = tuple(_remedies(problem, plan, case))
    crowd = _in_place_of_others(case)
    if crowd is None:
        return WhyNot(need, company, Reason.NO_RESOURCE, remedies=remedies)
    by, cost = crowd
    return WhyNot(need, company, Reason.CROWDED_OUT, by=by, cost=cost, remedies=remedies)


@dataclass(frozen=True, slots=True)
class _Case:
    """A plan as a state, and the company that is asked about."""

    state: State
    series: Series
    row: int

    @property
    def only(self) -> Ints:
        return np.array([self.row], dtype=np.int64)

    def cohorts(self) -> list[Placed]:
        return [cohort for cohort in self.state.placed.values() if cohort.series == self.series.number]

    def with_it(self, cohort: Placed) -> Ints:
        return np.array(sorted([*cohort.members, self.row]), dtype=np.int64)


def _case(problem: Problem, plan: Plan, need: int, company: int) -> _Case:
    grid = Grid(problem)
    series = next(series for series in grid.series if series.need.id == need)
    return _Case(state_of(grid, plan.cohorts), series, grid.company_row[company])


def _alone(problem: Problem, case: _Case) -> int:
    """In how many quiet steps the company could be served were everybody and every room free."""
    grid = Grid(problem)
    series = grid.series[case.series.number]
    place = int(np.flatnonzero(series.companies == case.row)[0])
    return int(quiet_alone(State.empty(grid), series)[place])


def _generous(problem: Problem, series: Series) -> Problem:
    """The problem with somebody and somewhere always free for the series."""
    skills = frozenset(step.skill for step in series.steps)
    person = Facilitator(_new_id([p.id for p in problem.facilitators]), "", skills)
    room = Room(_new_id([r.id for r in problem.rooms]), "", "", series.need.seats)
    return replace(problem, facilitators=(*problem.facilitators, person), rooms=(*problem.rooms, room))


def _new_id(ids: Sequence[int]) -> int:
    return max(ids, default=0) + 1


def _hopeless_steps(problem: Problem, case: _Case) -> tuple[int, ...]:
    """The steps that the company has no time for on any day."""
    grid = Grid(problem)
    return tuple(
        step for step, rule in enumerate(case.series.steps) if not grid.can(rule.halves)[0][case.row].any()
    )


def _remedies(problem: Problem, plan: Plan, case: _Case) -> Iterator[Remedy]:
    found = (
        next(_move_step(case), None),
        next(_more_seats(case), None),
        next(_come_anyway(case), None),
        _more_resources(problem, plan, case),
    )
    yield from (remedy for remedy in found if remedy is not None)


def _move_step(case: _Case) -> Iterator[Remedy]:
    """Another time for one step of a cohort with seats left, at which the company and all its members are served."""
    state, series = case.state, case.series
    for cohort in case.cohorts():
        frame = state.frame_of(cohort.key)
        if _heads(state, case.with_it(cohort)) > _seats(state, series, cohort):
            continue
        for step in sorted(
            set(range(len(series.steps))) - frame.locked, key=lambda step: step in _attended(case, cohort)
        ):
            trial = state.copy()
            trial.remove(cohort.key)
            for column in _windows(trial, series, cohort, step):
                columns = tuple(column if k == step else slot.column for k, slot in enumerate(cohort.slots))
                can, _quiet = trial.attendance(series, columns, case.with_it(cohort))
                if (can.sum(axis=1) >= series.attend).all() and appoint(trial, series, frame, columns, 1):
                    day, start = divmod(column, state.grid.halves)
                    on = state.grid.problem.days[day]
                    yield Remedy(Help.MOVE_STEP, cohort.key, (step,), on, start)


def _windows(trial: State, series: Series, cohort: Placed, step: int) -> list[int]:
    """The columns a cohort's step could move to while the others stay, the nearest days first."""
    open_for = trial.bookings.open_for(series.steps[step], 1)
    days = trial.grid.day_of
    allowed = np.ones(trial.grid.days, dtype=bool)
    if step > 0:
        allowed &= series.gaps[step][days[cohort.slots[step - 1].column]] > NEVER
    if step + 1 < len(series.steps):
        allowed &= series.gaps[step + 1][:, days[cohort.slots[step + 1].column]] > NEVER
    columns = np.flatnonzero(open_for & allowed[days])
    distance = np.abs(days[columns] - days[cohort.slots[step].column])
    return [int(column) for column in columns[np.argsort(distance, kind="stable")]]


def _attended(case: _Case, cohort: Placed) -> set[int]:
    columns = tuple(slot.column for slot in cohort.slots)
    can, _quiet = case.state.attendance(case.series, columns, case.only)
    return set(np.flatnonzero(can[0]).tolist())


def _more_seats(case: _Case) -> Iterator[Remedy]:
    """The fewest seats more in a cohort whose dates suit the company."""
    suited = [cohort for cohort in case.cohorts() if len(_attended(case, cohort)) >= case.series.attend]
    lacking = sorted(
        (_heads(case.state, case.with_it(cohort)) - _seats(case.state, case.series, cohort), cohort.key)
        for cohort in suited
    )
    yield from (Remedy(Help.SEATS, key, seats=seats) for seats, key in lacking if seats > 0)


def _come_anyway(case: _Case) -> Iterator[Remedy]:
    """The fewest sessions of a cohort with seats left for which the company would have to make itself free."""
    found = []
    for cohort in case.cohorts():
        attended = _attended(case, cohort)
        lacking = case.series.attend - len(attended)
        if 0 < lacking <= MOST_STEPS and _heads(case.state, case.with_it(cohort)) <= _seats(
            case.state, case.series, cohort
        ):
            missed = sorted(set(range(len(case.series.steps))) - attended)
            found.append((lacking, cohort.key, tuple(missed[:lacking])))
    yield from (Remedy(Help.COME_ANYWAY, key, steps) for _lacking, key, steps in sorted(found))


def _more_resources(problem: Problem, plan: Plan, case: _Case) -> Remedy | None:
    """The first of a cohort, a facilitator or a room more with which the company is served beside all others."""
    need = case.series.need
    wider = tuple(
        replace(other, cohorts=other.cohorts + 1) if other.id == need.id else other for other in problem.needs
    )
    more = replace(problem, needs=wider)
    full = len(case.cohorts()) >= need.cohorts
    skills = frozenset(step.skill for step in need.steps)
    person = Facilitator(_new_id([p.id for p in problem.facilitators]), "", skills)
    room = Room(
        _new_id([r.id for r in problem.rooms]),
        "",
        problem.rooms[0].place if problem.rooms else "",
        need.seats,
    )
    tries = (
        (Remedy(Help.COHORT), more),
        (
            Remedy(Help.FACILITATOR, skill=", ".join(sorted(skills))),
            replace(problem, facilitators=(*problem.facilitators, person)),
        ),
        (Remedy(Help.ROOM, seats=need.seats), replace(problem, rooms=(*problem.rooms, room))),
    )
    for remedy, changed in tries:
        if (remedy.help is Help.COHORT) == full and _is_served_in(changed, plan, case):
            return remedy
    return None


def _is_served_in(problem: Problem, plan: Plan, case: _Case) -> bool:
    """Whether a cohort for the company can be placed beside the plan, or it fits into one."""
    trial = _case(problem, plan, case.series.need.id, problem.companies[case.row].id)
    for frame in trial.state.frames(trial.series):
        draft = grow(trial.state, trial.series, frame, Meter(SECONDS), WIDTH)
        if draft is not None and case.row in draft.members.tolist():
            return True
    return False


def _in_place_of_others(case: _Case) -> tuple[tuple[int, ...], int] | None:
    """Who would have to give way, and what that would cost: in a cohort as it is, or one placed anew for it."""
    state, series = case.state, case.series
    best: tuple[int, tuple[int, ...]] | None = None
    for cohort in case.cohorts():
        for trial in (_joined(state, series, cohort, case), _placed_anew(state, series, cohort, case)):
            if trial is None:
                continue
            lost = sorted(row for (number, row) in state.home if (number, row) not in trial.home)
            option = (state.value - trial.value, tuple(state.grid.problem.companies[row].id for row in lost))
            best = option if best is None else min(best, option)
    return (best[1], best[0]) if best is not None else None


def _joined(state: State, series: Series, cohort: Placed, case: _Case) -> State | None:
    """The company in the cohort, with as many of the others as there are seats for."""
    if len(_attended(case, cohort)) < series.attend:
        return None
    trial = state.copy()
    trial.remove(cohort.key)
    frame, companies = trial.frame_of(cohort.key), case.with_it(cohort)
    can, quiet = trial.attendance(series, tuple(slot.column for slot in cohort.slots), companies)
    worth = trial.worth(series, can, quiet, companies, frame) + np.where(companies == case.row, DEAR, 0.0)
    chosen = fill(worth, state.grid.heads[companies], _seats(state, series, cohort))
    trial.place(series, frame, cohort.slots, companies[chosen])
    return trial if (series.number, case.row) in trial.home else None


def _placed_anew(state: State, series: Series, cohort: Placed, case: _Case) -> State | None:
    """The cohort at other dates that suit the company, with as many of the others as can come."""
    trial = state.copy()
    trial.remove(cohort.key)
    frame = trial.frame_of(cohort.key)
    draft = grow(trial, series, frame, Meter(SECONDS), WIDTH, extra={case.row: DEAR})
    if draft is None or case.row not in draft.members.tolist():
        return None
    trial.place(series, frame, draft.slots, draft.members)
    return trial


def _heads(state: State, companies: Ints) -> int:
    return int(state.grid.heads[companies].sum())


def _seats(state: State, series: Series, cohort: Placed) -> int:
    frame = state.frame_of(cohort.key)
    return min(state.seats_in(series, step, slot, frame) for step, slot in enumerate(cohort.slots))

"""The proven best value of a small problem, by a model that has nothing in common with the solver (OR-tools CP-SAT)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from planner.scheduling.rules.problem import IMPOSSIBLE, QUIET, Away, Need, Problem, Step, steps_to_attend
from planner.series_templates.rules import Mode

NIGHT = 30  # half-hours between the last of one day and the first of the next


@dataclass(frozen=True)
class Optimum:
    """What CP-SAT found, and whether it proved that there is no better."""

    value: int
    is_proven: bool


def optimum(problem: Problem, seconds: float = 60.0) -> Optimum:
    """The best value; problems with travel or something published are not modelled."""
    assert not problem.published
    assert not problem.travel or len({room.place for room in problem.rooms}) < 2
    model = _Model(problem)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model.model)
    return Optimum(round(solver.objective_value), status == cp_model.OPTIMAL)


@dataclass
class _Model:
    problem: Problem
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)

    def __post_init__(self) -> None:
        self.busy: dict[tuple[str, int], list[cp_model.IntervalVar]] = {}
        self.gains: list[cp_model.LinearExprT] = []
        for need in self.problem.needs:
            self.add_need(need)
        for intervals in self.busy.values():
            self.model.add_no_overlap(intervals)
        self.model.maximize(sum(self.gains))

    def add_need(self, need: Need) -> None:
        joined: dict[int, list[cp_model.IntVar]] = {id_: [] for id_ in need.companies}
        before = None
        for number in range(need.cohorts):
            is_open = self.model.new_bool_var("")
            if before is not None:
                self.model.add_implication(is_open, before)
            before = is_open
            self.add_cohort(need, is_open, joined, f"{need.id}/{number}")
        for places in joined.values():
            self.model.add_at_most_one(places)

    def add_cohort(
        self, need: Need, is_open: cp_model.IntVar, joined: dict[int, list[cp_model.IntVar]], name: str
    ) -> None:
        model, weights = self.model, self.problem.weights
        members = {id_: model.new_bool_var("") for id_ in need.companies}
        for id_, member in members.items():
            joined[id_].append(member)
            model.add_implication(member, is_open)
        heads = sum(self.problem.company[id_].heads * member for id_, member in members.items())
        model.add(heads <= need.seats)
        self.gains.append(-weights.cohort * is_open)
        attended: dict[int, list[cp_model.IntVar]] = {id_: [] for id_ in need.companies}
        quiet: dict[int, list[cp_model.IntVar]] = {id_: [] for id_ in need.companies}
        days = []
        for step in need.steps:
            days.append(self.add_session(step, is_open, members, heads, attended, quiet))
        for step, first, second in zip(need.steps[1:], days, days[1:], strict=False):
            self.add_gap(step, second - first, is_open)
        for id_, member in members.items():
            weight = self.problem.company[id_].weight
            model.add(sum(attended[id_]) >= steps_to_attend(len(need.steps))).only_enforce_if(member)
            bonus = model.new_int_var(0, weights.quiet * weight, "")
            model.add(len(need.steps) * bonus <= weights.quiet * weight * sum(quiet[id_]))
            self.gains += [weights.served * weight * member, bonus]

    def add_gap(self, step: Step, gap: cp_model.LinearExprT, is_open: cp_model.IntVar) -> None:
        model = self.model
        is_uneven = model.new_bool_var("")
        model.add(gap >= step.gap_min).only_enforce_if(is_open)
        model.add(gap <= step.gap_max).only_enforce_if(is_open)
        span, middle = step.gap_max - step.gap_min, step.gap_min + step.gap_max
        model.add(2 * (2 * gap - middle) <= span).only_enforce_if(is_open, ~is_uneven)
        model.add(2 * (2 * gap - middle) >= -span).only_enforce_if(is_open, ~is_uneven)
        self.gains.append(-self.problem.weights.uneven * is_uneven)

    def add_session(
        self,
        step: Step,
        is_open: cp_model.IntVar,
        members: dict[int, cp_model.IntVar],
        heads: cp_model.LinearExprT,
        attended: dict[int, list[cp_model.IntVar]],
        quiet: dict[int, list[cp_model.IntVar]],
    ) -> cp_model.LinearExprT:
        """One session; its day as an expression."""
        model, problem = self.model, self.problem
        starts = {
            (day, half): model.new_bool_var("")
            for day in range(len(problem.days))
            for half in range(problem.halves - step.halves + 1)
        }
        model.add(sum(starts.values()) == 1).only_enforce_if(is_open)
        model.add(sum(starts.values()) == 0).only_enforce_if(~is_open)
        length = problem.halves + NIGHT
        at = model.new_int_var(0, len(problem.days) * length, "")
        for (day, half), chosen in starts.items():
            model.add(at == day * length + half).only_enforce_if(chosen)
        persons = [
            self.add_use("person", person.id, person.away, starts, step, at, person.buffer)
            for person in problem.facilitators
            if not step.skill or step.skill in person.skills
        ]
        model.add(sum(persons) == 1).only_enforce_if(is_open)
        if step.takes_room:
            rooms = {
                room.id: self.add_use("room", room.id, room.away, starts, step, at, 0)
                for room in problem.rooms
            }
            model.add(sum(rooms.values()) == 1).only_enforce_if(is_open)
            if step.mode is Mode.ON_SITE:
                for id_, chosen in rooms.items():
                    model.add(heads <= problem.room[id_].capacity).only_enforce_if(chosen)
        for id_, member in members.items():
            come, is_quiet = model.new_bool_var(""), model.new_bool_var("")
            times = problem.company[id_].times
            letters = {(day, half): times[day][half : half + step.halves] for day, half in starts}
            model.add(come <= sum(starts[slot] for slot, text in letters.items() if IMPOSSIBLE not in text))
            model.add(is_quiet <= sum(starts[slot] for slot, text in letters.items() if set(text) == {QUIET}))
            model.add_implication(come, member)
            model.add_implication(is_quiet, come)
            self.busy.setdefault(("company", id_), []).append(
                model.new_optional_fixed_size_interval_var(at, step.halves, come, "")
            )
            attended[id_].append(come)
            quiet[id_].append(is_quiet)
        ordinals = [day.toordinal() - problem.days[0].toordinal() for day in problem.days]
        return sum(ordinals[day] * chosen for (day, _half), chosen in starts.items())

    def add_use(
        self,
        kind: str,
        id_: int,
        away: tuple[Away, ...],
        starts: dict[tuple[int, int], cp_model.IntVar],
        step: Step,
        at: cp_model.IntVar,
        buffer: int,
    ) -> cp_model.IntVar:
        """Whether somebody or something is used, and only when it is there."""
        chosen = self.model.new_bool_var("")
        gone = [
            (self.problem.days.index(part.on), part.start, part.end)
            for part in away
            if part.on in self.problem.days
        ]
        for (day, half), start in starts.items():
            if any(on == day and first < half + step.halves and half < last for on, first, last in gone):
                self.model.add_bool_or(~chosen, ~start)
        interval = self.model.new_optional_fixed_size_interval_var(at, step.halves + buffer, chosen, "")
        self.busy.setdefault((kind, id_), []).append(interval)
        return chosen

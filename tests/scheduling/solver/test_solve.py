"""Plans keep every hard rule, say what they are worth, and are the same every time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from planner.scheduling.families import make_problem
from planner.scheduling.rules.checker import score, violations
from planner.scheduling.rules.digest import digest
from planner.scheduling.rules.plan import Ending, Progress, Style
from planner.scheduling.rules.problem import Away, Problem
from planner.scheduling.solver import preview, replan, solve
from tests.scheduling.solver.common import company, problems, two_steps
from tests.scheduling.solver.oracle import optimum

LITTLE = 0.05


def holds(problem: Problem) -> None:
    """What must be true of the plans for any problem."""
    plans = solve(problem, seconds=LITTLE)
    quick = preview(problem)
    for plan in [*plans, quick]:
        assert violations(problem, plan.cohorts) == []
        assert score(problem, plan.cohorts) == plan.score
        assert plan.digest == digest(problem)
        assert plan.score.value <= min(other.bound for other in plans)
    assert plans[0].score.value == max(plan.score.value for plan in [*plans, quick])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_plans_keep_every_rule(problem: Problem) -> None:
    holds(problem)


@pytest.mark.thorough
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_plans_for_a_thousand_problems_keep_every_rule(problem: Problem) -> None:
    holds(problem)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_plans_over_changed_facts_keep_every_rule_and_lock(problem: Problem) -> None:
    published = tuple(
        replace(cohort, sessions=(replace(cohort.sessions[0], is_locked=True), *cohort.sessions[1:]))
        for cohort in solve(problem, seconds=LITTLE)[0].cohorts
    )
    people = tuple(
        replace(person, away=(Away(problem.days[-1], 0, problem.halves),)) for person in problem.facilitators
    )
    changed = replace(problem, published=published, facilitators=people)
    for plan in [*replan(changed, seconds=LITTLE), *solve(changed, seconds=LITTLE)]:
        assert violations(changed, plan.cohorts) == []
        assert score(changed, plan.cohorts) == plan.score
        assert plan.score.value <= plan.bound


@pytest.mark.parametrize("seed", [1, 2, 5])
def test_small_problems_get_their_proven_best_value(seed: int) -> None:
    problem = make_problem("S", seed)
    best = optimum(problem)
    assert best.is_proven
    assert solve(problem, seconds=1.0)[0].score.value == best.value


@pytest.mark.thorough
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_no_bound_is_below_the_proven_best_value(problem: Problem) -> None:
    problem = replace(problem, travel=())
    best = optimum(problem, 5.0)
    plan = solve(problem, seconds=LITTLE)[0]
    assert best.value <= plan.bound
    assert plan.score.value <= best.value or not best.is_proven


def test_plans_are_the_same_every_time() -> None:
    problem = make_problem("S", 2)
    first, second = (solve(problem, seconds=0.3, seed=4) for _ in range(2))
    assert first == second


def test_a_plan_that_meets_its_bound_is_proven() -> None:
    plan = solve(two_steps(companies=(company(1, "qqpp", 10), company(2, "qqpp", 10))), seconds=1.0)[0]
    assert (plan.style, plan.ending, plan.score.value, plan.gap) == (
        Style.BEST,
        Ending.PROVEN,
        plan.bound,
        0.0,
    )


def test_companies_with_quiet_time_apart_get_a_cohort_each() -> None:
    plan = solve(two_steps(), seconds=1.0)[0]
    assert [[member.company for member in cohort.members] for cohort in plan.cohorts] in (
        [[1], [2]],
        [[2], [1]],
    )
    assert plan.score.value == 2 * 1000 + 2 * 100 - 2 * 5


def test_the_caller_can_stop_and_gets_the_best_plan_so_far() -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> bool:
        told.append(progress)
        return len(told) < 3

    problem = make_problem("M", 1)
    plans = solve(problem, seconds=5.0, on_progress=stop)
    assert len(told) == 3
    assert [plan.ending for plan in plans] == [Ending.CALLER]
    assert plans[0].score.value >= told[-1].value
    assert violations(problem, plans[0].cohorts) == []


def test_problems_with_nobody_in_them_get_an_empty_plan() -> None:
    for problem in (two_steps(companies=(), needs=()), two_steps(facilitators=())):
        plan = solve(problem, seconds=LITTLE)[0]
        assert (plan.cohorts, plan.score.value) == ((), 0)

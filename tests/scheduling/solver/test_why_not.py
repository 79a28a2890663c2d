"""Why a company is not served, in each of the ways that can be, with what would help."""

from __future__ import annotations

from dataclasses import replace

from planner.scheduling.rules.plan import Plan
from planner.scheduling.rules.problem import Problem
from planner.scheduling.rules.reasons import Help, Reason, Remedy, WhyNot
from planner.scheduling.solver import solve, why_not
from tests.scheduling.solver.common import company, two_steps


def answer(problem: Problem, id_: int) -> WhyNot:
    return why_not(problem, planned(problem), need=1, company=id_)


def planned(problem: Problem) -> Plan:
    return solve(problem, seconds=0.5)[0]


def kinds(reason: WhyNot) -> set[Help]:
    return {remedy.help for remedy in reason.remedies}


def test_a_served_company_needs_no_reason() -> None:
    assert answer(two_steps(), 1) == WhyNot(1, 1, Reason.SERVED)


def test_a_company_without_time_is_told_the_steps() -> None:
    steps = (replace(two_steps().needs[0].steps[0], halves=1), two_steps().needs[0].steps[1])
    problem = two_steps(
        companies=(company(1, "qqpp", 10), company(2, "-p-p", 10)),
        needs=(replace(two_steps().needs[0], steps=steps),),
    )
    reason = answer(problem, 2)
    assert (reason.reason, reason.steps) == (Reason.NO_TIME, (1,))
    assert reason.remedies == (Remedy(Help.COME_ANYWAY, "1/1", (1,)),) or kinds(reason) == {Help.COME_ANYWAY}


def test_a_company_crowded_out_is_told_by_whom_and_what_it_costs() -> None:
    one = replace(two_steps().needs[0], cohorts=1, seats=1)
    companies = (company(1, "qqqq", 10), replace(company(2, "pppp", 10)))
    reason = answer(two_steps(companies=companies, needs=(one,)), 2)
    assert (reason.reason, reason.by, reason.cost) == (Reason.CROWDED_OUT, (1,), 100)
    assert kinds(reason) == {Help.SEATS, Help.COHORT}
    assert next(remedy for remedy in reason.remedies if remedy.help is Help.SEATS).seats == 1


def test_a_company_that_nobody_can_teach_lacks_a_facilitator() -> None:
    reason = answer(two_steps(facilitators=()), 1)
    assert reason.reason is Reason.NO_RESOURCE
    assert reason.remedies == (Remedy(Help.FACILITATOR, skill="a"),)


def test_a_remedy_by_moving_a_step_serves_everybody() -> None:
    times = list(company(2, "pppp", 10).times)
    problem = two_steps(
        needs=(replace(two_steps().needs[0], cohorts=1),), companies=(company(1, "qqqq", 10),)
    )
    alone = replace(problem, needs=(replace(problem.needs[0], companies=(1,)),))
    plan = planned(alone)
    second = plan.cohorts[0].sessions[1]
    times[problem.days.index(second.on)] = "----"
    both = replace(
        problem,
        companies=(*alone.companies, replace(company(2, "pppp", 10), times=tuple(times))),
        needs=(replace(problem.needs[0], companies=(1, 2)),),
    )
    reason = why_not(both, plan, need=1, company=2)
    moved = next(remedy for remedy in reason.remedies if remedy.help is Help.MOVE_STEP)
    assert moved.on is not None
    assert moved.on != second.on
    assert reason.reason is Reason.CROWDED_OUT
    assert reason.by == ()

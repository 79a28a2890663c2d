"""When something happens, what need not change stays exactly as it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from planner.scheduling.families import make_problem
from planner.scheduling.rules.checker import violations
from planner.scheduling.rules.plan import Plan, Style
from planner.scheduling.rules.problem import Away, Facilitator, Problem
from planner.scheduling.solver import replan, solve
from tests.scheduling.solver.common import facts, two_steps

TWO_WEEKS = 10


def without_busiest(problem: Problem, plan: Plan) -> tuple[Problem, set[str]]:
    """The plan published, and its busiest facilitator away for two weeks; the cohorts that this hits."""
    counts = Counter(session.facilitator for cohort in plan.cohorts for session in cohort.sessions)
    busiest = counts.most_common(1)[0][0]
    middle = len(problem.days) // 2
    days = problem.days[middle : middle + TWO_WEEKS]
    away = tuple(Away(day, 0, problem.halves) for day in days)
    people = tuple(
        replace(person, away=person.away + away) if person.id == busiest else person
        for person in problem.facilitators
    )
    hit = {
        cohort.key
        for cohort in plan.cohorts
        for session in cohort.sessions
        if session.facilitator == busiest and session.on in days
    }
    return replace(problem, facilitators=people, published=plan.cohorts), hit


@pytest.mark.parametrize("seed", [1, 2])
def test_a_facilitator_falls_ill_and_only_their_cohorts_change(seed: int) -> None:
    problem = make_problem("M", seed)
    plan = solve(problem, seconds=2.0)[0]
    changed, hit = without_busiest(problem, plan)
    assert hit
    fewest, balanced, best = replan(changed)
    assert [fewest.style, balanced.style, best.style] == [Style.FEWEST_CHANGES, Style.BALANCED, Style.BEST]
    for other in (fewest, balanced, best):
        assert violations(changed, other.cohorts) == []
    untouched = [fact for fact in facts(plan) if fact[0] not in hit]
    assert [fact for fact in facts(fewest) if fact[0] not in hit] == untouched
    sessions = sum(len(cohort.sessions) for cohort in plan.cohorts)
    assert balanced.score.moved <= max(fewest.score.moved, sessions // 10)
    assert fewest.score.value <= balanced.score.value <= best.score.value


def test_nothing_happened_and_nothing_changes() -> None:
    problem = make_problem("M", 3)
    plan = solve(problem, seconds=1.0)[0]
    fewest = replan(replace(problem, published=plan.cohorts))[0]
    assert facts(fewest) == facts(plan)


def test_somebody_else_takes_over_rather_than_the_session_being_moved() -> None:
    problem = two_steps()
    plan = solve(problem, seconds=0.5)[0]
    first = plan.cohorts[0].sessions[0]
    kim = replace(problem.facilitators[0], away=(Away(first.on, 0, problem.halves),))
    robin = Facilitator(2, "Robin", frozenset("a"))
    changed = replace(problem, facilitators=(kim, robin), published=plan.cohorts)
    score = replan(changed)[0].score
    assert (score.moved, score.swapped) == (
        0,
        sum(s.on == first.on for c in plan.cohorts for s in c.sessions),
    )


def test_a_locked_session_stays_even_where_nothing_can_follow_it() -> None:
    problem = two_steps()
    plan = solve(problem, seconds=0.5)[0]
    published = tuple(
        replace(cohort, sessions=(replace(cohort.sessions[0], is_locked=True), *cohort.sessions[1:]))
        for cohort in plan.cohorts
    )
    gone = replace(problem.facilitators[0], away=tuple(Away(day, 0, 4) for day in problem.days))
    changed = replace(problem, facilitators=(gone,), published=published)
    fewest = replan(changed)[0]
    assert [cohort.sessions for cohort in fewest.cohorts] == [cohort.sessions[:1] for cohort in published]
    assert fewest.score.served == 0

"""The checker finds each broken rule, and counts by hand what a plan is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.scheduling.rules.checker import Violation, score, violations
from planner.scheduling.rules.plan import Score
from planner.scheduling.rules.problem import (
    Away,
    Cohort,
    Facilitator,
    MadeUp,
    Member,
    Problem,
    Room,
    Session,
    Step,
    Travel,
    steps_to_attend,
)
from planner.series_templates.rules import Mode
from tests.scheduling.solver.common import company, two_steps, workdays

DAYS = workdays(10)


def cohort(key: str = "1/1", days: tuple[int, int] = (0, 3), start: int = 0, *companies: int) -> Cohort:
    sessions = tuple(Session(step, DAYS[day], start, 1) for step, day in enumerate(days))
    return Cohort(key, 1, sessions, tuple(Member(id_, (0, 1)) for id_ in companies))


PLAN = [cohort("1/1", (0, 3), 0, 1, 2)]


def change(number: int, **changes: object) -> list[Cohort]:
    """The plan with one session otherwise."""
    sessions = list(PLAN[0].sessions)
    sessions[number] = replace(sessions[number], **changes)  # type: ignore[arg-type]
    return [replace(PLAN[0], sessions=tuple(sessions))]


def on_site(capacity: int = 5) -> Problem:
    steps = tuple(replace(step, mode=Mode.ON_SITE) for step in two_steps().needs[0].steps)
    return two_steps(
        needs=(replace(two_steps().needs[0], steps=steps),),
        rooms=(Room(1, "Hall", "Nora", capacity), Room(2, "Library", "Örebro", capacity)),
        travel=(Travel("Nora", "Örebro", 1),),
    )


def with_rooms(*rooms: int) -> list[Cohort]:
    sessions = tuple(
        replace(session, room=room) for session, room in zip(PLAN[0].sessions, rooms, strict=True)
    )
    return [replace(PLAN[0], sessions=sessions)]


def test_a_plan_that_keeps_every_rule_has_no_violation() -> None:
    assert violations(two_steps(), PLAN) == []
    assert violations(on_site(), with_rooms(1, 2)) == []


def test_what_a_plan_is_worth_is_counted() -> None:
    # Company 1 is quiet in the mornings, company 2 in the afternoons; 3 days lie in the inner half of 2 to 6.
    assert score(two_steps(), PLAN) == Score(2000 + 100 - 5, 2, 2, 2, 4, 0, 0, 0, 1, 0)
    assert score(two_steps(), [cohort("1/1", (0, 2), 0, 1)]) == Score(1100 - 5 - 1, 1, 2, 2, 2, 0, 0, 0, 1, 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (PLAN, Score(2000 + 100 - 5, 2, 2, 2, 4, 0, 0, 0, 1, 0)),
        (change(0, start=1), Score(2000 + 50 - 5 - 10, 2, 2, 1, 4, 1, 0, 0, 1, 0)),
        (change(0, facilitator=2), Score(2000 + 100 - 5 - 4, 2, 2, 2, 4, 0, 1, 0, 1, 0)),
        ([cohort("1/1", (0, 3), 0, 1)], Score(1100 - 5 - 10, 1, 2, 2, 2, 0, 0, 1, 1, 0)),
        ([], Score(-20 - 20, 0, 2, 0, 0, 2, 0, 2, 0, 0)),
    ],
    ids=["as published", "moved", "swapped", "left", "given up"],
)
def test_changes_to_what_is_published_cost(changed: list[Cohort], expected: Score) -> None:
    people = (*two_steps().facilitators, Facilitator(2, "Robin", frozenset("a")))
    problem = two_steps(published=tuple(PLAN), facilitators=people)
    assert violations(problem, changed) == []
    assert score(problem, changed) == expected


@pytest.mark.parametrize(
    ("problem", "plan", "rules"),
    [
        (two_steps(), [replace(PLAN[0], need=7)], {"unknown need"}),
        (two_steps(), [replace(PLAN[0], sessions=PLAN[0].sessions[:1])], {"steps missing or out of order"}),
        (two_steps(), change(1, on=DAYS[1]), {"gap"}),
        (two_steps(), change(1, on=DAYS[6]), {"gap"}),
        (two_steps(), change(0, on=DAYS[0].replace(day=10)), {"closed day"}),
        (two_steps(), change(0, start=3), {"outside the working day"}),
        (two_steps(), change(0, facilitator=9), {"unknown facilitator"}),
        (two_steps(), change(0, room=1), {"room missing or not needed"}),
        (on_site(), PLAN, {"room missing or not needed"}),
        (on_site(1), with_rooms(1, 2), {"too many heads"}),
        (two_steps(), [*PLAN, *PLAN], {"two cohorts of one key"}),
        (
            two_steps(),
            [cohort("1/1", (0, 3), 0, 1), cohort("1/2", (0, 4), 1, 2)],
            {"facilitator in two sessions"},
        ),
        (two_steps(), [*PLAN, cohort("1/2", (1, 4), 0, 1)], {"company in two cohorts of a need"}),
        (two_steps(), [replace(PLAN[0], members=(Member(1, (0,)),))], {"company not served"}),
        (two_steps(), [replace(PLAN[0], members=(Member(1, (0, 5)),))], {"attends what is no step"}),
        (two_steps(), [replace(PLAN[0], members=(Member(3, (0, 1)),))], {"company without the need"}),
        (two_steps(published=tuple(change(0, is_locked=True))), PLAN, {"locked session changed"}),
        (two_steps(published=tuple(change(0, is_locked=True))), [], {"locked session changed"}),
        (two_steps(), change(0, is_locked=True), {"locked without having been so"}),
    ],
)
def test_a_broken_rule_is_found(problem: Problem, plan: list[Cohort], rules: set[str]) -> None:
    assert rules <= {violation.rule for violation in violations(problem, plan)}


def test_companies_must_have_time_and_facilitators_must_be_there() -> None:
    busy = two_steps(companies=(company(1, "-qpp", 10), company(2, "ppqq", 10)))
    assert violations(busy, PLAN) == [
        Violation("company cannot", "1/1 step 0 company 1"),
        Violation("company cannot", "1/1 step 1 company 1"),
    ]
    ill = replace(two_steps().facilitators[0], away=(Away(DAYS[3], 1, 2),))
    assert violations(two_steps(facilitators=(ill,)), PLAN) == [Violation("facilitator away", "1/1 step 1")]
    untrained = replace(two_steps().facilitators[0], skills=frozenset("b"))
    assert {v.rule for v in violations(two_steps(facilitators=(untrained,)), PLAN)} == {
        "facilitator lacks the skill"
    }


@pytest.mark.parametrize(
    ("pause", "travel", "is_allowed"),
    [(0, 0, True), (1, 0, False), (0, 1, False)],
    ids=["none", "buffer", "travel"],
)
def test_a_facilitator_needs_a_pause_between_two_places(pause: int, travel: int, *, is_allowed: bool) -> None:
    problem = replace(on_site(), travel=(Travel("Örebro", "Nora", travel),))
    problem = replace(problem, facilitators=(replace(problem.facilitators[0], buffer=pause),))
    first = with_rooms(1, 1)[0]
    other = replace(
        cohort("1/2", (0, 4), 2, 2),
        sessions=tuple(replace(session, room=2) for session in cohort("1/2", (0, 4), 2).sessions),
    )
    first = replace(first, members=first.members[:1])
    assert (violations(problem, [first, other]) == []) is is_allowed


def five_steps() -> Problem:
    steps = tuple(Step(f"Step {number}", 2, skill="a", gap_min=1, gap_max=9) for number in range(5))
    days = 10
    times = ("--pp", *("pppp",) * (days - 1))
    companies = (company(1, "pppp", days), replace(company(2, "pppp", days), times=times))
    return two_steps(companies=companies, needs=(replace(two_steps().needs[0], steps=steps),))


@pytest.mark.parametrize(
    ("start", "is_allowed"), [(0, True), (5, False)], ids=["before the next step", "too late"]
)
def test_a_missed_step_is_made_up_in_order(start: int, *, is_allowed: bool) -> None:
    own = tuple(Session(step, DAYS[step], 0, 1) for step in range(5))
    other = tuple(Session(step, DAYS[start + step], 2, 1) for step in range(5))
    plan = [
        Cohort("1/1", 1, own, (Member(2, (1, 2, 3, 4), (MadeUp(0, "1/2"),)),)),
        Cohort("1/2", 1, other, (Member(1, (0, 1, 2, 3, 4)),)),
    ]
    rules = {violation.rule for violation in violations(five_steps(), plan)}
    assert rules == (set() if is_allowed else {"made up out of order"})


@pytest.mark.parametrize(("steps", "least"), [(1, 1), (4, 4), (5, 4), (8, 6), (12, 9)])
def test_a_company_is_served_by_three_steps_in_four(steps: int, least: int) -> None:
    assert steps_to_attend(steps) == least

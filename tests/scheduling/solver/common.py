"""Small problems for the solver's tests: one made by hand, and any that hypothesis thinks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from planner.scheduling.rules.plan import Plan
from planner.scheduling.rules.problem import (
    Away,
    Company,
    Facilitator,
    Need,
    Problem,
    Room,
    Step,
    Travel,
)
from planner.series_templates.rules import Mode

MONDAY = date(2027, 1, 11)
PLACES = ("Nora", "Örebro")


def workdays(count: int) -> tuple[date, ...]:
    days = (MONDAY + timedelta(days=number) for number in range(2 * count + 2))
    return tuple([day for day in days if day.weekday() < 5][:count])


def company(id_: int, day: str, days: int, heads: int = 1) -> Company:
    """A company whose days all look alike."""
    return Company(id_, f"Company {id_}", (day,) * days, heads)


def two_steps(**changes: object) -> Problem:
    """Two companies, a need of two steps of an hour, one facilitator, ten days of four half-hours."""
    steps = (Step("One", 2, skill="a"), Step("Two", 2, skill="a", gap_min=2, gap_max=6))
    problem = Problem(
        days=workdays(10),
        companies=(company(1, "qqpp", 10), company(2, "ppqq", 10)),
        needs=(Need(1, "Digital sales", steps, (1, 2), cohorts=2, seats=4),),
        facilitators=(Facilitator(1, "Kim", frozenset("a")),),
        opens=16,
        halves=4,
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def facts(plan: Plan) -> list[tuple[object, ...]]:
    """What of each cohort must stay when it is not touched; what is made up elsewhere may change."""
    return [
        (cohort.key, cohort.sessions, tuple((member.company, member.attends) for member in cohort.members))
        for cohort in plan.cohorts
    ]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Any small problem that a file may hold."""
    days, halves = draw(st.integers(2, 9)), draw(st.integers(3, 6))
    patterns = st.lists(st.text("qqpp-", min_size=halves, max_size=halves), min_size=1, max_size=3)
    companies = []
    for id_ in range(1, draw(st.integers(1, 6)) + 1):
        pattern = draw(patterns)
        times = tuple(pattern[number % len(pattern)] for number in range(days))
        companies.append(
            Company(id_, f"Company {id_}", times, draw(st.integers(1, 3)), draw(st.integers(1, 2)))
        )
    ids = tuple(item.id for item in companies)
    needs = tuple(draw(need(number, ids, halves)) for number in range(1, draw(st.integers(1, 2)) + 1))
    people = tuple(
        draw(facilitator(number, days, halves)) for number in range(1, draw(st.integers(0, 3)) + 1)
    )
    rooms = tuple(
        Room(
            number,
            f"Room {number}",
            draw(st.sampled_from(PLACES)),
            draw(st.integers(1, 6)),
            draw(away(days, halves)),
        )
        for number in range(1, draw(st.integers(0, 2)) + 1)
    )
    travel = (Travel(*PLACES, draw(st.integers(0, 3))),)
    return Problem(workdays(days), tuple(companies), needs, people, rooms, travel, halves=halves)


def away(days: int, halves: int) -> st.SearchStrategy[tuple[Away, ...]]:
    part = st.builds(
        lambda day, start, length: Away(workdays(days)[day], start, min(halves, start + length)),
        st.integers(0, days - 1),
        st.integers(0, halves - 1),
        st.integers(1, halves),
    )
    return st.lists(part, max_size=2).map(tuple)


@st.composite
def facilitator(draw: st.DrawFn, number: int, days: int, halves: int) -> Facilitator:
    skills = frozenset(draw(st.sets(st.sampled_from("ab"))))
    places = frozenset(draw(st.sets(st.sampled_from(PLACES), max_size=1)))
    parts = draw(away(days, halves))
    return Facilitator(number, f"Person {number}", skills, places, parts, draw(st.integers(0, 2)))


@st.composite
def need(draw: st.DrawFn, number: int, ids: tuple[int, ...], halves: int) -> Need:
    steps = []
    for step in range(draw(st.integers(1, 6))):
        least = draw(st.integers(1, 3))
        steps.append(
            Step(
                f"Step {step + 1}",
                draw(st.integers(1, min(3, halves))),
                draw(st.sampled_from((Mode.DIGITAL, Mode.DIGITAL, Mode.HYBRID, Mode.ON_SITE))),
                draw(st.sampled_from(("", "a", "b"))),
                least,
                least + draw(st.integers(0, 5)),
            )
        )
    wanted = tuple(sorted(draw(st.sets(st.sampled_from(ids)))))
    return Need(
        number, f"Need {number}", tuple(steps), wanted, draw(st.integers(0, 3)), draw(st.integers(1, 6))
    )

"""Whether a plan keeps every hard rule, and what it is worth: counted again from the problem, step by step.

Shares nothing with the solver but the problem, and is made to be read rather than to be fast.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from planner.scheduling.rules.plan import Score
from planner.scheduling.rules.problem import (
    IMPOSSIBLE,
    QUIET,
    Away,
    Cohort,
    Member,
    Problem,
    Session,
    Step,
    steps_to_attend,
)
from planner.series_templates.rules import Mode


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that a plan breaks; `where` names the cohort, and what else there is to name."""

    rule: str
    where: str


def violations(problem: Problem, cohorts: Sequence[Cohort]) -> list[Violation]:
    """Every hard rule broken, in the order of the cohorts; none for a plan that may be shown."""
    found = [violation for cohort in cohorts for violation in _in_cohort(problem, cohort)]
    if found:
        return found  # what follows looks things up that must be there
    return [
        *_counts(problem, cohorts),
        *_given_up_locks(problem, cohorts),
        *_taken_twice(problem, cohorts),
        *_companies(problem, cohorts),
        *_rooms_too_small(problem, cohorts),
    ]


def score(problem: Problem, cohorts: Sequence[Cohort]) -> Score:
    """What the cohorts give and cost. Makes no sense for a plan that breaks a rule."""
    weights = problem.weights
    value = served = quiet_steps = steps = uneven = 0
    for cohort in cohorts:
        need = problem.need[cohort.need]
        if len(cohort.sessions) == len(need.steps):
            uneven += sum(_is_uneven(*pair, need.steps) for pair in pairwise(cohort.sessions))
        for member in cohort.members:
            company = problem.company[member.company]
            letters = [_letters(problem, member.company, cohort, cohort.sessions[k]) for k in member.attends]
            quiet = sum(set(half_hours) == {QUIET} for half_hours in letters)
            served += 1
            steps += len(need.steps)
            quiet_steps += quiet
            value += weights.served * company.weight + weights.quiet * company.weight * quiet // len(
                need.steps
            )
    moved, swapped, rejoined = _changes(problem, cohorts)
    value -= weights.moved * moved + weights.swapped * swapped + weights.rejoined * rejoined
    value -= weights.cohort * len(cohorts) + weights.uneven * uneven
    asked = sum(len(need.companies) for need in problem.needs)
    return Score(value, served, asked, quiet_steps, steps, moved, swapped, rejoined, len(cohorts), uneven)


def _changes(problem: Problem, cohorts: Sequence[Cohort]) -> tuple[int, int, int]:
    """Published sessions at another time or gone, those with another facilitator or room, companies not in theirs."""
    now = {cohort.key: cohort for cohort in cohorts}
    moved = swapped = rejoined = 0
    for cohort in problem.published:
        kept = now.get(cohort.key)
        if kept is None:
            moved += len(cohort.sessions)
            rejoined += len(cohort.members)
            continue
        sessions = {session.step: session for session in kept.sessions}
        for before in cohort.sessions:
            after = sessions.get(before.step)
            if after is None or (before.on, before.start) != (after.on, after.start):
                moved += 1
            elif (before.facilitator, before.room) != (after.facilitator, after.room):
                swapped += 1
        staying = {member.company for member in kept.members}
        rejoined += sum(member.company not in staying for member in cohort.members)
    return moved, swapped, rejoined


def _is_uneven(before: Session, after: Session, steps: Sequence[Step]) -> bool:
    """Whether the gap lies in the outer half of what is allowed."""
    step = steps[after.step]
    days = (after.on - before.on).days
    return 2 * abs(2 * days - step.gap_min - step.gap_max) > step.gap_max - step.gap_min


def _in_cohort(problem: Problem, cohort: Cohort) -> Iterator[Violation]:
    need = problem.need.get(cohort.need)
    if need is None:
        yield Violation("unknown need", cohort.key)
        return
    held = [session.step for session in cohort.sessions]
    is_stub = all(session.is_locked for session in cohort.sessions) and not cohort.members
    if held != list(range(len(need.steps))) and not is_stub:
        yield Violation("steps missing or out of order", cohort.key)
        return
    for member in cohort.members:
        if member.company not in need.companies:
            yield Violation("company without the need", f"{cohort.key} company {member.company}")
    for session in cohort.sessions:
        where = f"{cohort.key} step {session.step}"
        if not session.is_locked:
            yield from (
                Violation(rule, where) for rule in _in_session(problem, session, need.steps[session.step])
            )
    for before, after in pairwise(cohort.sessions):
        step = need.steps[after.step]
        if before.is_locked and after.is_locked:
            continue
        if not step.gap_min <= (after.on - before.on).days <= step.gap_max:
            yield Violation("gap", f"{cohort.key} step {after.step}")


def _in_session(problem: Problem, session: Session, step: Step) -> Iterator[str]:
    end = session.start + step.halves
    person = problem.facilitator.get(session.facilitator)
    room = problem.room.get(session.room) if session.room is not None else None
    if session.on not in problem.days:
        yield "closed day"
    if not 0 <= session.start < end <= problem.halves:
        yield "outside the working day"
    if person is None:
        yield "unknown facilitator"
    elif step.skill and step.skill not in person.skills:
        yield "facilitator lacks the skill"
    elif _is_away(person.away, session, end):
        yield "facilitator away"
    elif room is not None and person.places and room.place not in person.places:
        yield "facilitator does not go there"
    if (session.room is not None) != step.takes_room or (step.takes_room and room is None):
        yield "room missing or not needed"
    elif room is not None and _is_away(room.away, session, end):
        yield "room away"


def _is_away(away: Iterable[Away], session: Session, end: int) -> bool:
    return any(part.on == session.on and part.start < end and session.start < part.end for part in away)


def _counts(problem: Problem, cohorts: Sequence[Cohort]) -> Iterator[Violation]:
    if len({cohort.key for cohort in cohorts}) < len(cohorts):
        yield Violation("two cohorts of one key", "")
    for need_id, count in Counter(cohort.need for cohort in cohorts).items():
        if count > problem.need[need_id].cohorts:
            yield Violation("too many cohorts", problem.need[need_id].name)
    for cohort in cohorts:
        need = problem.need[cohort.need]
        if sum(problem.company[member.company].heads for member in cohort.members) > need.seats:
            yield Violation("too many heads", cohort.key)


def _given_up_locks(problem: Problem, cohorts: Sequence[Cohort]) -> Iterator[Violation]:
    now = {cohort.key: cohort for cohort in cohorts}
    published = {cohort.key: cohort for cohort in problem.published}
    for cohort in problem.published:
        for session in cohort.sessions:
            if session.is_locked and (cohort.key not in now or session not in now[cohort.key].sessions):
                yield Violation("locked session changed", f"{cohort.key} step {session.step}")
    for cohort in cohorts:
        for session in cohort.sessions:
            known = published.get(cohort.key)
            if session.is_locked and (known is None or session not in known.sessions):
                yield Violation("locked without having been so", f"{cohort.key} step {session.step}")
        if cohort.key in published and published[cohort.key].need != cohort.need:
            yield Violation("published cohort of another need", cohort.key)


def _taken_twice(problem: Problem, cohorts: Sequence[Cohort]) -> Iterator[Violation]:
    held = [(cohort, session) for cohort in cohorts for session in cohort.sessions]
    for (one, first), (other, second) in combinations(held, 2):
        if first.on != second.on or (first.is_locked and second.is_locked):
            continue
        where = f"{one.key} step {first.step}, {other.key} step {second.step}"
        between = _halves_between(problem, (one, first), (other, second))
        if first.facilitator == second.facilitator and between < _pause(problem, first, second):
            yield Violation("facilitator in two sessions", where)
        if first.room is not None and first.room == second.room and between < 0:
            yield Violation("room in two sessions", where)


def _halves_between(problem: Problem, one: tuple[Cohort, Session], other: tuple[Cohort, Session]) -> int:
    """Half-hours from the end of the first to the start of the second, of two on one day; below 0 if they overlap."""
    (cohort, first), (_other, second) = sorted((one, other), key=lambda pair: pair[1].start)
    end = first.start + problem.need[cohort.need].steps[first.step].halves
    return second.start - end if second.start >= end else -1


def _pause(problem: Problem, first: Session, second: Session) -> int:
    """What a facilitator needs between the two: the buffer, or the way if that is longer."""
    way = 0
    if first.room is not None and second.room is not None:
        places = problem.room[first.room].place, problem.room[second.room].place
        way = problem.travel_halves.get(places, 0)
    return max(problem.facilitator[first.facilitator].buffer, way)


def _companies(problem: Problem, cohorts: Sequence[Cohort]) -> Iterator[Violation]:
    seen: set[tuple[int, int]] = set()
    by_key = {cohort.key: cohort for cohort in cohorts}
    attended: dict[int, list[tuple[Cohort, Session]]] = {}
    for cohort in cohorts:
        need = problem.need[cohort.need]
        for member in cohort.members:
            where = f"{cohort.key} company {member.company}"
            if (cohort.need, member.company) in seen:
                yield Violation("company in two cohorts of a need", where)
            seen.add((cohort.need, member.company))
            if list(member.attends) != sorted({k for k in member.attends if 0 <= k < len(need.steps)}):
                yield Violation("attends what is no step", where)
                continue
            if len(member.attends) < steps_to_attend(len(need.steps)):
                yield Violation("company not served", where)
            own = [(cohort, cohort.sessions[k]) for k in member.attends]
            yield from _made_up(member, cohort, by_key, where)
            own += [
                (by_key[other.cohort], by_key[other.cohort].sessions[other.step])
                for other in member.made_up
                if other.cohort in by_key
            ]
            attended.setdefault(member.company, []).extend(own)
            yield from _out_of_order(problem, cohort, own, where)
    for company_id, sessions in attended.items():
        yield from _company_times(problem, company_id, sessions)


def _made_up(member: Member, cohort: Cohort, by_key: dict[str, Cohort], where: str) -> Iterator[Violation]:
    for other in member.made_up:
        host = by_key.get(other.cohort)
        if host is None or host.need != cohort.need or host.key == cohort.key or other.step in member.attends:
            yield Violation("made up where it cannot be", where)


def _out_of_order(
    problem: Problem, cohort: Cohort, own: Sequence[tuple[Cohort, Session]], where: str
) -> Iterator[Violation]:
    """Steps attended one after the other must lie in order, and keep their gaps where one was made up."""
    steps = problem.need[cohort.need].steps
    ordered = sorted(own, key=lambda pair: pair[1].step)
    for (one, first), (other, second) in pairwise(ordered):
        days = (second.on - first.on).days
        if one.key == other.key:
            continue
        if days < 1 or (
            second.step == first.step + 1
            and not steps[second.step].gap_min <= days <= steps[second.step].gap_max
        ):
            yield Violation("made up out of order", where)


def _company_times(
    problem: Problem, company_id: int, sessions: Sequence[tuple[Cohort, Session]]
) -> Iterator[Violation]:
    for cohort, session in sessions:
        if IMPOSSIBLE in _letters(problem, company_id, cohort, session):
            yield Violation("company cannot", f"{cohort.key} step {session.step} company {company_id}")
    for one, other in combinations(sessions, 2):
        if one[1].on == other[1].on and _halves_between(problem, one, other) < 0:
            yield Violation("company in two sessions", f"{one[0].key}, {other[0].key}, company {company_id}")


def _letters(problem: Problem, company_id: int, cohort: Cohort, session: Session) -> str:
    day = problem.days.index(session.on)
    end = session.start + problem.need[cohort.need].steps[session.step].halves
    return problem.company[company_id].times[day][session.start : end]


def _rooms_too_small(problem: Problem, cohorts: Sequence[Cohort]) -> Iterator[Violation]:
    """Too many heads in a session, with those that make up a step there. Remote ones need no chair."""
    coming: Counter[tuple[str, int]] = Counter()
    for cohort in cohorts:
        for member in cohort.members:
            heads = problem.company[member.company].heads
            for k in member.attends:
                coming[cohort.key, k] += heads
            for other in member.made_up:
                coming[other.cohort, other.step] += heads
    for cohort in cohorts:
        need = problem.need[cohort.need]
        for session in cohort.sessions:
            seats = need.seats
            if (
                session.room is not None
                and need.steps[session.step].mode is Mode.ON_SITE
                and not session.is_locked
            ):
                seats = min(seats, problem.room[session.room].capacity)
            if coming[cohort.key, session.step] > seats:
                yield Violation("too many heads", f"{cohort.key} step {session.step}")

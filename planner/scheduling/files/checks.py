"""Refuses problems that make no sense, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from flask_babel import gettext as _

from planner.base.errors import RefusedError
from planner.scheduling.rules.problem import Cohort, Need, Problem

MOST_DAYS = 800


def check(problem: Problem) -> None:
    """Raise RefusedError for the first thing that cannot be."""
    if not problem.days:
        raise RefusedError(_("The period has no days."))
    if len(problem.days) > MOST_DAYS or any(first >= second for first, second in pairwise(problem.days)):
        raise RefusedError(_("The period's days must be in order, at most %(most)s of them.", most=MOST_DAYS))
    for name, ids in (
        ("companies", [company.id for company in problem.companies]),
        ("needs", [need.id for need in problem.needs]),
        ("facilitators", [person.id for person in problem.facilitators]),
        ("rooms", [room.id for room in problem.rooms]),
        ("published", [cohort.key for cohort in problem.published]),
    ):
        _refuse_twice(name, ids)
    for company in problem.companies:
        if [len(day) for day in company.times] != [problem.halves] * len(problem.days):
            raise RefusedError(
                _(
                    "%(name)s: “times” must have a text for every day, with a letter for every half-hour.",
                    name=company.name,
                )
            )
    for need in problem.needs:
        _check_need(problem, need)
    for cohort in problem.published:
        _check_published(problem, cohort)
    _refuse_twice("published", [(c.need, member.company) for c in problem.published for member in c.members])


def _refuse_twice(name: str, ids: Sequence[object]) -> None:
    if len(set(ids)) < len(ids):
        raise RefusedError(_("“%(name)s” has something twice.", name=name))


def _refuse_unknown(name: str, ids: Iterable[int], known: Iterable[int]) -> None:
    unknown = sorted(set(ids) - set(known))
    if unknown:
        raise RefusedError(_("%(name)s: there is no %(id)s.", name=name, id=unknown[0]))


def _check_need(problem: Problem, need: Need) -> None:
    if not need.steps:
        raise RefusedError(_("%(name)s has no steps.", name=need.name))
    _refuse_twice(need.name, need.companies)
    _refuse_unknown(need.name, need.companies, problem.company)
    span = (problem.days[-1] - problem.days[0]).days
    for step in need.steps:
        if step.halves > problem.halves:
            raise RefusedError(_("%(name)s: %(step)s is longer than a day.", name=need.name, step=step.name))
    for step in need.steps[1:]:
        if step.gap_min > step.gap_max:
            raise RefusedError(
                _("%(name)s: the gap before %(step)s is impossible.", name=need.name, step=step.name)
            )
    if sum(step.gap_min for step in need.steps[1:]) > span:
        raise RefusedError(_("%(name)s: the gaps are longer than the period.", name=need.name))


def _check_published(problem: Problem, cohort: Cohort) -> None:
    _refuse_unknown(cohort.key, [cohort.need], problem.need)
    need = problem.need[cohort.need]
    if [session.step for session in cohort.sessions] != list(range(len(need.steps))):
        raise RefusedError(_("%(name)s must have a session for every step, in order.", name=cohort.key))
    _refuse_unknown(cohort.key, [member.company for member in cohort.members], need.companies)
    _refuse_unknown(cohort.key, [session.facilitator for session in cohort.sessions], problem.facilitator)
    _refuse_unknown(cohort.key, [s.room for s in cohort.sessions if s.room is not None], problem.room)
    for session, step in zip(cohort.sessions, need.steps, strict=True):
        inside = session.on in problem.days and 0 <= session.start <= problem.halves - step.halves
        if not inside or (session.room is not None) != step.takes_room:
            raise RefusedError(
                _(
                    "%(name)s: session %(number)s lies outside the period, or its room does not fit.",
                    name=cohort.key,
                    number=session.step + 1,
                )
            )
    if any(not 0 <= step < len(need.steps) for member in cohort.members for step in member.attends):
        raise RefusedError(_("%(name)s: somebody attends what is no step.", name=cohort.key))
    locked = sum(
        any(s.is_locked for s in other.sessions) for other in problem.published if other.need == cohort.need
    )
    if locked > need.cohorts:
        raise RefusedError(_("%(name)s has more locked cohorts than it may have cohorts.", name=need.name))

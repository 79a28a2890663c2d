"""A problem from JSON and into it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import partial
from typing import Any

from flask_babel import gettext as _

from planner.base.errors import RefusedError
from planner.scheduling.files.checks import check
from planner.scheduling.files.values import Value
from planner.scheduling.files.written import clock, cohort_to_json, without_empty
from planner.scheduling.rules.problem import (
    Away,
    Cohort,
    Company,
    Facilitator,
    MadeUp,
    Member,
    Need,
    Problem,
    Room,
    Session,
    Step,
    Travel,
    Weights,
)
from planner.series_templates.rules import Mode

FORMAT, VERSION = "planner-problem", 1
MOST_BYTES = 50_000_000
_LETTERS = re.compile(r"[qp-]*")
_PARTS = (
    "format",
    "version",
    "period",
    "companies",
    "needs",
    "facilitators",
    "rooms",
    "travel",
    "published",
    "weights",
)


def problem_from_json(text: str | bytes) -> Problem:
    """The problem that a file describes. Raises RefusedError with words for what cannot be one."""
    if len(text) > MOST_BYTES:
        raise RefusedError(_("The file is too large."))
    try:
        root = Value(json.loads(text)).only(*_PARTS)
    except (ValueError, RecursionError):
        raise RefusedError(_("The file is not JSON.")) from None
    if root.get("format").value != FORMAT or root.get("version").value != VERSION:
        raise RefusedError(
            _(
                "Only files of format “%(format)s”, version %(version)s, can be read.",
                format=FORMAT,
                version=VERSION,
            )
        )
    period = root.get("period").only("days", "opens", "half_hours")
    opens = period.get("opens").half_hour()
    halves = period.get("half_hours").number(1, 48 - opens)
    weights = root.find("weights")
    problem = Problem(
        days=tuple(day.day() for day in period.get("days").items()),
        companies=root.each("companies", _company),
        needs=root.each("needs", _need),
        facilitators=root.each("facilitators", partial(_facilitator, opens)),
        rooms=root.each("rooms", partial(_room, opens)),
        travel=root.each("travel", _travel),
        published=root.each("published", partial(_cohort, opens)),
        weights=Weights() if weights is None else _weights(weights),
        opens=opens,
        halves=halves,
    )
    check(problem)
    return problem


def problem_to_json(problem: Problem) -> str:
    """The problem as a file; read again it is equal."""
    at = partial(clock, problem.opens)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "period": {
            "opens": at(0),
            "half_hours": problem.halves,
            "days": [day.isoformat() for day in problem.days],
        },
        "companies": [
            {"id": c.id, "name": c.name, "heads": c.heads, "weight": c.weight, "times": list(c.times)}
            for c in problem.companies
        ],
        "needs": [_need_to_json(need) for need in problem.needs],
        "facilitators": [
            without_empty(
                {
                    "id": person.id,
                    "name": person.name,
                    "skills": sorted(person.skills),
                    "places": sorted(person.places),
                    "buffer": person.buffer,
                    "away": _away_to_json(person.away, at),
                }
            )
            for person in problem.facilitators
        ],
        "rooms": [
            without_empty(
                {
                    "id": room.id,
                    "name": room.name,
                    "place": room.place,
                    "capacity": room.capacity,
                    "away": _away_to_json(room.away, at),
                }
            )
            for room in problem.rooms
        ],
        "travel": [{"between": [way.here, way.there], "half_hours": way.halves} for way in problem.travel],
        "published": [cohort_to_json(problem, cohort) for cohort in problem.published],
        "weights": {field.name: getattr(problem.weights, field.name) for field in fields(Weights)},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _need_to_json(need: Need) -> dict[str, Any]:
    steps = [
        {
            "name": step.name,
            "half_hours": step.halves,
            "mode": step.mode.value,
            "skill": step.skill,
            "gap": [step.gap_min, step.gap_max],
        }
        for step in need.steps
    ]
    return {
        "id": need.id,
        "name": need.name,
        "cohorts": need.cohorts,
        "seats": need.seats,
        "companies": list(need.companies),
        "steps": steps,
    }


def _away_to_json(away: Iterable[Away], at: Callable[[int], str]) -> list[dict[str, str]]:
    return [{"on": part.on.isoformat(), "from": at(part.start), "to": at(part.end)} for part in away]


def _company(value: Value) -> Company:
    value.only("id", "name", "heads", "weight", "times")
    return Company(
        value.get("id").number(),
        value.get("name").text(),
        tuple(_times(day) for day in value.get("times").items()),
        value.number_or("heads", 1, 1, 1000),
        value.number_or("weight", 1, 1, 100),
    )


def _times(value: Value) -> str:
    if not _LETTERS.fullmatch(value.text()):
        raise value.refuse(_("Only the letters q, p and - are expected here: quiet, possible, impossible."))
    return value.text()


def _need(value: Value) -> Need:
    value.only("id", "name", "cohorts", "seats", "companies", "steps")
    return Need(
        value.get("id").number(),
        value.get("name").text(),
        value.each("steps", _step),
        value.each("companies", Value.number),
        value.get("cohorts").number(0, 1000),
        value.get("seats").number(1, 10_000),
    )


def _step(value: Value) -> Step:
    value.only("name", "half_hours", "mode", "skill", "gap")
    mode, skill, gap = value.find("mode"), value.find("skill"), value.find("gap")
    plain = Step("", 1)
    days = [plain.gap_min, plain.gap_max] if gap is None else [day.number(1, 400) for day in gap.items()]
    if gap is not None and len(days) != 2:
        raise gap.refuse(_("Two numbers of days are expected here, the least and the most."))
    if mode is not None and mode.value not in list(Mode):
        raise mode.refuse(_("on_site, digital or hybrid is expected here."))
    return Step(
        value.get("name").text(),
        value.get("half_hours").number(1, 48),
        plain.mode if mode is None else Mode(mode.value),
        "" if skill is None else skill.text(),
        *days,
    )


def _facilitator(opens: int, value: Value) -> Facilitator:
    value.only("id", "name", "skills", "places", "buffer", "away")
    return Facilitator(
        value.get("id").number(),
        value.get("name").text(),
        frozenset(value.each("skills", Value.text)),
        frozenset(value.each("places", Value.text)),
        value.each("away", partial(_away, opens)),
        value.number_or("buffer", 0, 0, 48),
    )


def _room(opens: int, value: Value) -> Room:
    value.only("id", "name", "place", "capacity", "away")
    return Room(
        value.get("id").number(),
        value.get("name").text(),
        value.get("place").text(),
        value.get("capacity").number(0, 100_000),
        value.each("away", partial(_away, opens)),
    )


def _away(opens: int, value: Value) -> Away:
    value.only("on", "from", "to")
    start, end = (value.get(name).half_hour() - opens for name in ("from", "to"))
    if start >= end:
        raise value.refuse(_("The end must be after the start."))
    return Away(value.get("on").day(), start, end)


def _travel(value: Value) -> Travel:
    between = [place.text() for place in value.only("between", "half_hours").get("between").items()]
    if len(between) != 2:
        raise value.refuse(_("Two places are expected here."))
    return Travel(between[0], between[1], value.get("half_hours").number(0, 48))


def _cohort(opens: int, value: Value) -> Cohort:
    value.only("key", "need", "sessions", "members")
    return Cohort(
        value.get("key").text(),
        value.get("need").number(),
        value.each("sessions", partial(_session, opens)),
        value.each("members", _member),
    )


def _session(opens: int, value: Value) -> Session:
    value.only("step", "on", "from", "to", "facilitator", "room", "locked")
    room = value.find("room")
    return Session(
        value.get("step").number(1) - 1,
        value.get("on").day(),
        value.get("from").half_hour() - opens,
        value.get("facilitator").number(),
        None if room is None else room.number(),
        value.flag("locked"),
    )


def _member(value: Value) -> Member:
    value.only("company", "attends", "made_up")
    return Member(
        value.get("company").number(),
        tuple(step.number(1) - 1 for step in value.get("attends").items()),
        value.each("made_up", lambda made: MadeUp(made.get("step").number(1) - 1, made.get("cohort").text())),
    )


def _weights(value: Value) -> Weights:
    names = [field.name for field in fields(Weights)]
    value.only(*names)
    return Weights(**{name: value.number_or(name, getattr(Weights(), name), 0, 100_000) for name in names})

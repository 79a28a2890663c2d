"""Plans as JSON, and the parts that plans and problems write alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from planner.scheduling.rules.plan import Plan
from planner.scheduling.rules.problem import Cohort, Problem
from planner.scheduling.rules.reasons import WhyNot

FORMAT, VERSION = "planner-plans", 1


def plans_to_json(problem: Problem, plans: Sequence[Plan], reasons: Sequence[WhyNot] = ()) -> str:
    """Plans of a problem as a file; `reasons` say why the first does not serve somebody."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "problem": plans[0].digest if plans else "",
        "plans": [plan_to_json(problem, plan) for plan in plans],
        "not_served": [_reason_to_json(problem, reason) for reason in reasons],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def plan_to_json(problem: Problem, plan: Plan) -> dict[str, Any]:
    """One plan, as it stands in a file."""
    return {
        "style": plan.style.value,
        "value": plan.score.value,
        "bound": plan.bound,
        "gap": round(plan.gap, 6),
        "ended_by": plan.ending.value,
        "score": {name: count for name, count in asdict(plan.score).items() if name != "value"},
        "cohorts": [cohort_to_json(problem, cohort) for cohort in plan.cohorts],
    }


def cohort_to_json(problem: Problem, cohort: Cohort) -> dict[str, Any]:
    """A cohort. Steps are counted from 1, as people do."""
    need = problem.need[cohort.need]
    return {
        "key": cohort.key,
        "need": cohort.need,
        "sessions": [
            without_empty(
                {
                    "step": session.step + 1,
                    "on": session.on.isoformat(),
                    "from": clock(problem.opens, session.start),
                    "to": clock(problem.opens, session.start + need.steps[session.step].halves),
                    "facilitator": session.facilitator,
                    "room": session.room,
                    "locked": session.is_locked,
                }
            )
            for session in cohort.sessions
        ],
        "members": [
            without_empty(
                {
                    "company": member.company,
                    "attends": [step + 1 for step in member.attends],
                    "made_up": [{"step": made.step + 1, "cohort": made.cohort} for made in member.made_up],
                },
                but="attends",
            )
            for member in cohort.members
        ],
    }


def clock(opens: int, half: int) -> str:
    """What the clock shows at a half-hour after opening,, such as 08:30; the day ends at 24:00."""
    hour, part = divmod(opens + half, 2)
    return f"{hour:02}:{part * 30:02}"


def without_empty(document: Mapping[str, Any], but: str = "") -> dict[str, Any]:
    """The fields that say something: empty lists, None and False are left out."""
    return {name: value for name, value in document.items() if name == but or value not in ([], None, False)}


def _reason_to_json(problem: Problem, reason: WhyNot) -> dict[str, Any]:
    remedies = [
        without_empty(
            {
                "help": remedy.help.value,
                "cohort": remedy.cohort,
                "steps": [step + 1 for step in remedy.steps],
                "on": remedy.on and remedy.on.isoformat(),
                "from": None if remedy.start is None else clock(problem.opens, remedy.start),
                "seats": remedy.seats,
                "skill": remedy.skill,
            }
        )
        for remedy in reason.remedies
    ]
    return without_empty(
        {
            "need": reason.need,
            "company": reason.company,
            "reason": reason.reason.value,
            "steps": [step + 1 for step in reason.steps],
            "by": list(reason.by),
            "cost": reason.cost,
            "remedies": remedies,
        }
    )

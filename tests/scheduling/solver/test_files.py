"""Problems and plans as files: nothing is lost, and what cannot be is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from jsonschema import Draft202012Validator

from planner.base.config import ROOT
from planner.base.errors import RefusedError
from planner.scheduling.families import FAMILIES, make_problem
from planner.scheduling.files import plans_to_json, problem_from_json, problem_to_json
from planner.scheduling.rules.digest import digest
from planner.scheduling.rules.plan import Ending, Style
from planner.scheduling.rules.problem import Problem, Weights
from planner.scheduling.rules.reasons import Help, Reason
from planner.scheduling.solver import solve, why_not
from tests.conftest import make_app
from tests.scheduling.solver.common import problems, two_steps

SCHEMA = json.loads((ROOT / "docs/scheduling.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    app: Flask = make_app("sqlite://")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_a_problem_read_again_is_equal(problem: Problem) -> None:
    span = (problem.days[-1] - problem.days[0]).days
    assume(all(sum(step.gap_min for step in need.steps[1:]) <= span for need in problem.needs))
    text = problem_to_json(problem)
    again = problem_from_json(text)
    assert (again, digest(again)) == (problem, digest(problem))
    VALIDATOR.validate(json.loads(text))


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_families_can_be_written_and_read(family: str) -> None:
    problem = make_problem(family, 1)
    assert problem_from_json(problem_to_json(problem)) == problem


def test_plans_and_what_is_published_fit_the_schema() -> None:
    full = replace(two_steps().needs[0], cohorts=1, seats=1)
    problem = two_steps(needs=(full,))
    plans = solve(problem, seconds=0.3)
    reasons = [why_not(problem, plans[0], need=1, company=id_) for id_ in (1, 2)]
    VALIDATOR.validate(json.loads(plans_to_json(problem, plans, reasons)))
    published = replace(problem, published=plans[0].cohorts)
    assert problem_from_json(problem_to_json(published)) == published
    VALIDATOR.validate(json.loads(problem_to_json(published)))


def test_the_schema_knows_every_word() -> None:
    plan = SCHEMA["$defs"]["plans"]["properties"]["plans"]["items"]["properties"]
    reason = SCHEMA["$defs"]["plans"]["properties"]["not_served"]["items"]["properties"]
    told: list[tuple[type[StrEnum], list[str]]] = [
        (Style, plan["style"]["enum"]),
        (Ending, plan["ended_by"]["enum"]),
        (Reason, reason["reason"]["enum"]),
        (Help, reason["remedies"]["items"]["properties"]["help"]["enum"]),
    ]
    for words, listed in told:
        assert listed == [word.value for word in words]
    weights = SCHEMA["$defs"]["problem"]["properties"]["weights"]["properties"]
    assert list(weights) == [field.name for field in fields(Weights)]


def test_a_digest_tells_problems_apart() -> None:
    problem = two_steps()
    assert digest(problem) == digest(two_steps())
    assert digest(problem) != digest(replace(problem, weights=Weights(quiet=99)))


def put(*way: str | int, value: Any) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for part in way[:-1]:
            document = document[part]
        document[way[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("version", value=2), "Only files of format “planner-problem”, version 1, can be read."),
        (put("format", value="other"), "Only files of format “planner-problem”, version 1, can be read."),
        (put("extra", value=1), "“extra” is no field here."),
        (put("period", "days", value=[]), "The period has no days."),
        (
            put("period", "days", value=["2027-01-12", "2027-01-11"]),
            "The period's days must be in order, at most 800 of them.",
        ),
        (
            put("period", "days", 0, value="11/1"),
            "period.days[0]: A date such as 2027-01-11 is expected here.",
        ),
        (put("period", "opens", value="08:10"), "period.opens: A half-hour such as 08:30 is expected here."),
        (
            put("period", "half_hours", value=40),
            "period.half_hours: A whole number from 1 to 32 is expected here.",
        ),
        (put("companies", value={}), "companies: A list in brackets is expected here."),
        (put("companies", 0, value=3), "companies[0]: Fields in braces are expected here."),
        (
            put("companies", 0, "id", value=True),
            "companies[0].id: A whole number from 0 to 1000000 is expected here.",
        ),
        (
            put("companies", 0, "times", 1, value="qx"),
            "companies[0].times[1]: Only the letters q, p and - are expected here: quiet, possible, impossible.",
        ),
        (
            put("companies", 0, "times", 1, value="q"),
            "Company 1: “times” must have a text for every day, with a letter for every half-hour.",
        ),
        (put("companies", 1, "id", value=1), "“companies” has something twice."),
        (put("needs", 0, "companies", value=[1, 9]), "Digital sales: there is no 9."),
        (put("needs", 0, "companies", value=[1, 1]), "“Digital sales” has something twice."),
        (put("needs", 0, "steps", value=[]), "Digital sales has no steps."),
        (
            put("needs", 0, "steps", 1, "gap", value=[5, 2]),
            "Digital sales: the gap before Two is impossible.",
        ),
        (
            put("needs", 0, "steps", 1, "gap", value=[90, 99]),
            "Digital sales: the gaps are longer than the period.",
        ),
        (
            put("needs", 0, "steps", 1, "gap", value=[1]),
            "needs[0].steps[1].gap: Two numbers of days are expected here, the least and the most.",
        ),
        (put("needs", 0, "steps", 0, "half_hours", value=5), "Digital sales: One is longer than a day."),
        (
            put("needs", 0, "steps", 0, "mode", value="phone"),
            "needs[0].steps[0].mode: on_site, digital or hybrid is expected here.",
        ),
        (
            put("facilitators", 0, "away", value=[{"on": "2027-01-11", "from": "10:00", "to": "09:00"}]),
            "facilitators[0].away[0]: The end must be after the start.",
        ),
        (
            put("travel", value=[{"between": ["Nora"], "half_hours": 1}]),
            "travel[0]: Two places are expected here.",
        ),
        (
            put("published", value=[{"key": "a", "need": 1, "sessions": [], "members": []}]),
            "a must have a session for every step, in order.",
        ),
        (put("published", value=[{"key": "a", "need": 8}]), "a: there is no 8."),
        (put("weights", value={"luck": 1}), "weights: “luck” is no field here."),
    ],
)
def test_what_cannot_be_is_refused_in_words(change: Callable[[Any], None], sentence: str) -> None:
    document = json.loads(problem_to_json(two_steps()))
    change(document)
    with pytest.raises(RefusedError) as refused:
        problem_from_json(json.dumps(document))
    assert refused.value.message == sentence


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "NaN", b"\xff\xfe\x00"])
def test_what_is_no_json_is_refused_in_words(text: str | bytes) -> None:
    with pytest.raises(RefusedError, match=r"The file is not JSON|Fields in braces"):
        problem_from_json(text)

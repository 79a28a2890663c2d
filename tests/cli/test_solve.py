from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from planner.scheduling.files import problem_from_json, problem_to_json
from planner.scheduling.rules.digest import digest
from tests.scheduling.solver.common import two_steps


def invoke(app: Flask, *arguments: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["planner", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_problem_prints_one_that_can_be_read(app: Flask) -> None:
    code, printed, _ = invoke(app, "problem", "S", "--seed", "3")
    assert code == 0
    assert len(problem_from_json(printed).companies) == 9


@pytest.mark.parametrize(
    ("option", "styles"), [((), ["best"]), (("--replan",), ["fewest_changes", "balanced", "best"])]
)
def test_solve_prints_plans_of_the_problem(
    app: Flask, tmp_path: Path, option: tuple[str], styles: list[str]
) -> None:
    problem = two_steps()
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(problem), encoding="utf-8")
    code, printed, _ = invoke(app, "solve", str(file), "--seconds", "0.2", *option)
    plans = json.loads(printed)
    assert (code, plans["problem"]) == (0, digest(problem))
    assert [plan["style"] for plan in plans["plans"] if plan["style"] != "other"] == styles


def test_solve_says_who_is_left_out_and_why(app: Flask, tmp_path: Path) -> None:
    problem = two_steps(facilitators=())
    file = tmp_path / "problem.json"
    file.write_text(problem_to_json(problem), encoding="utf-8")
    _code, printed, _ = invoke(app, "solve", str(file), "--seconds", "0.1")
    reasons = json.loads(printed)["not_served"]
    assert [(reason["company"], reason["reason"]) for reason in reasons] == [
        (1, "no_resource"),
        (2, "no_resource"),
    ]


def test_solve_refuses_what_is_no_problem_in_words(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text("[", encoding="utf-8")
    code, printed, told = invoke(app, "solve", str(file))
    assert (code, printed, told.strip()) == (1, "", "Error: Filen är inte JSON.")

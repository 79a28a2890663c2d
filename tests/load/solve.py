"""python -m tests.load.solve: what the planning engine finds, beside its bound, and beside the quick plan.

    --families SM     which families (S, M, L)
    --seeds 1,2,3     which problems of each
    --seconds 1,15,60 how long for S, M and L

The table is Markdown on standard output. Memory is the process's highest so far.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from planner.scheduling.families import FAMILIES, make_problem
from planner.scheduling.rules.plan import Plan
from planner.scheduling.rules.problem import Problem
from planner.scheduling.solver import preview, solve
from tests.load.numbers import table

HEAD = [
    "instance",
    "companies",
    "served",
    "quiet",
    "value",
    "bound",
    "gap",
    "s",
    "MB",
    "ended by",
    "greedy",
    "its s",
]
T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--families", default="SML")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--seconds", default="1,15,60")
    asked = parser.parse_args(arguments)
    seconds = dict(zip(FAMILIES, map(float, asked.seconds.split(",")), strict=True))
    seeds = [int(seed) for seed in asked.seeds.split(",")]
    sys.stdout.write(table(HEAD, list(rows(asked.families, seeds, seconds))) + "\n")


def rows(families: str, seeds: Sequence[int], seconds: dict[str, float]) -> Iterator[list[str]]:
    """A row for each problem."""
    for family in families:
        for seed in seeds:
            problem = make_problem(family, seed)
            quick, quick_seconds = timed(lambda problem=problem: preview(problem))
            plans, taken = timed(lambda problem=problem, limit=seconds[family]: solve(problem, seconds=limit))
            yield row(f"{family} {seed}", problem, plans[0], taken, quick, quick_seconds)


def row(
    name: str, problem: Problem, plan: Plan, taken: float, quick: Plan, quick_seconds: float
) -> list[str]:
    """The cells of one problem."""
    score = plan.score
    companies = {member.company for cohort in plan.cohorts for member in cohort.members}
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return [
        name,
        f"{len(companies)} of {len(problem.companies)}",
        f"{score.served} of {score.asked}",
        f"{score.quiet_steps / max(1, score.steps):.0%}",
        str(score.value),
        str(plan.bound),
        f"{plan.gap:.2%}",
        f"{taken:.1f}",
        f"{megabytes:.0f}",
        plan.ending.value,
        f"{quick.score.value} ({quick.score.served})",
        f"{quick_seconds:.2f}",
    ]


def timed(action: Callable[[], T]) -> tuple[T, float]:
    """What an action gives, and the seconds it took."""
    began = time.perf_counter()
    return action(), time.perf_counter() - began


if __name__ == "__main__":
    main()

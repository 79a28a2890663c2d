"""`flask planner solve`: plans for a problem in a file, as JSON on standard output."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import TextColumn

from planner.base.errors import RefusedError
from planner.cli.group import group
from planner.scheduling.families import FAMILIES, make_problem
from planner.scheduling.files import plans_to_json, problem_from_json, problem_to_json
from planner.scheduling.rules.plan import Plan, Progress
from planner.scheduling.rules.problem import Problem

MOST_REASONS = 10


@group.command("solve")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seconds", default=15.0, show_default=True, help="How long to look, in work of a small machine."
)
@click.option(
    "--seed", default=1, show_default=True, help="The same file, seed and seconds give the same plans."
)
@click.option(
    "--replan", is_flag=True, help="Start from what is published: three plans, from the fewest changes on."
)
def solve(file: Path, seconds: float, seed: int, *, replan: bool) -> None:
    """Print plans for the problem in FILE."""
    # The solver is slow to import, and only this command needs it.
    from planner.scheduling import solver  # noqa: PLC0415

    try:
        problem = problem_from_json(file.read_bytes())
    except RefusedError as error:
        raise click.ClickException(error.message) from error
    search = solver.replan if replan else solver.solve
    with Bar(
        *Bar.get_default_columns(), TextColumn("{task.fields[so_far]}"), console=Console(stderr=True)
    ) as bar:
        task = bar.add_task("Planning", total=1.0, so_far="")

        def show(progress: Progress) -> bool:
            bar.update(
                task, completed=progress.share, so_far=f"{progress.served} served, value {progress.value}"
            )
            return True

        plans = search(problem, seconds=seconds, seed=seed, on_progress=show)
    reasons = [
        solver.why_not(problem, plans[0], need=need, company=company)
        for need, company in not_served(problem, plans[0])[:MOST_REASONS]
    ]
    click.echo(plans_to_json(problem, plans, reasons), nl=False)


@group.command("problem")
@click.argument("family", type=click.Choice(sorted(FAMILIES)))
@click.option("--seed", default=1, show_default=True, help="Which of the family's problems.")
def problem(family: str, seed: int) -> None:
    """Print a made-up problem of a family: S, M or L."""
    click.echo(problem_to_json(make_problem(family, seed)), nl=False)


def not_served(problem: Problem, plan: Plan) -> list[tuple[int, int]]:
    """Needs and companies that the plan leaves out."""
    served = {(cohort.need, member.company) for cohort in plan.cohorts for member in cohort.members}
    asked = [(need.id, company) for need in problem.needs for company in need.companies]
    return [pair for pair in asked if pair not in served]

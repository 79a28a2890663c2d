"""`flask planner figures …`: every presence as a file, and the sums made again."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import delete, select

from planner.base.db import db, unit_of_work
from planner.cli.group import group
from planner.directory.models import Municipality
from planner.reports.models import SessionSum, SettledSession
from planner.reports.queries.presences import count_presences, list_presences
from planner.reports.service import keep_grid, settle_held
from planner.reports.work import head, lines


@group.group("figures")
def figures() -> None:
    """What reports are made of."""


@figures.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write every presence of every municipality to FILE (CSV), with a progress bar."""
    codes = list(db.session.scalars(select(Municipality.code)))
    with file.open("wb") as target, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Writing", total=count_presences(codes))
        target.write(head())
        for rows in list_presences(codes):
            target.write(lines(rows))
            progress.advance(task, len(rows))


@figures.command("settle")
def settle() -> None:
    """Make the sums of every session again; the site stays in use meanwhile."""
    with unit_of_work():
        db.session.execute(delete(SessionSum))
        db.session.execute(delete(SettledSession))
    made = True
    while made:
        with unit_of_work():
            made = bool(settle_held())
    with unit_of_work():
        keep_grid()

"""`flask planner attendance prove`: whether what is counted is what was noted."""

from __future__ import annotations

import click

from planner.attendance.queries import Difference, list_differences
from planner.cli.group import group

MOST_SHOWN = 20


@group.group("attendance")
def attendance() -> None:
    """The ledger of presence."""


@attendance.command("prove")
def prove() -> None:
    """Compare the whole ledger with the rows that figures are made of. The exit code is 1 when they differ."""
    count = 0
    for count, difference in enumerate(list_differences(), 1):
        if count <= MOST_SHOWN:
            click.echo(in_words(difference))
    if count:
        click.echo(
            f"{count} rows are not what the ledger says."
            if count > 1
            else "One row is not what the ledger says."
        )
        raise SystemExit(1)
    click.echo("Every row is what the ledger says.")


def in_words(difference: Difference) -> str:
    """The difference as a line."""
    ledger, row = (
        f"{said[1]}, {said[2]} min, {said[3]} ({said[0]})" if said else "nothing"
        for said in (difference.ledger, difference.row)
    )
    return f"Session {difference.training_id}, person {difference.person_id}: the ledger says {ledger}; the row {row}."

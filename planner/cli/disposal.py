"""`flask planner disposal`: erases people by the rules of their organisations, and old sign-ins, links and mails."""

from __future__ import annotations

from collections.abc import Iterator

import click

from planner.accounts.service import remove_old_stays
from planner.attendance.service.personal_data import dispose_inactive, list_disposable
from planner.base.db import unit_of_work
from planner.cli.group import group
from planner.outbox.service import remove_old_messages

MOST_SHOWN = 1000


@group.command("disposal")
@click.option("--dry-run", is_flag=True, help="Only say how many people would be erased.")
def disposal(*, dry_run: bool) -> None:
    """Erase who has been inactive for as long as their organisation says, and old sign-ins, links and mails."""
    if dry_run:
        count = len(list_disposable(MOST_SHOWN))
        click.echo(f"{'at least ' if count == MOST_SHOWN else ''}{count} people would be erased")
        return
    erased, traces = 0, 0
    for is_person, count in dispose():
        erased, traces = (erased + count, traces) if is_person else (erased, traces + count)
    click.echo(f"{erased} people erased; {traces} old sign-ins, links and mails deleted")


def dispose() -> Iterator[tuple[bool, int]]:
    """Dispose of everything that is due, a few people in each transaction: whether it was people, and how many."""
    while True:
        with unit_of_work():
            count = dispose_inactive()
        if not count:
            break
        yield True, count
    with unit_of_work():
        count = remove_old_stays() + remove_old_messages()
    yield False, count

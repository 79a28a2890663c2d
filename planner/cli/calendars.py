"""`flask planner calendars rebuild`: stores anew what calendars tell."""

from __future__ import annotations

from collections.abc import Sequence

import click
from rich.console import Console
from rich.progress import Progress

from planner.base.db import unit_of_work
from planner.calendars.queries import list_training_ids
from planner.calendars.service import is_rebuild_due, note_rebuilt, rebuild
from planner.cli.group import group
from planner.web.settings import current_settings


@group.group("calendars")
def calendars() -> None:
    """What calendar programmes read."""


@calendars.command("rebuild")
@click.option("--if-due", is_flag=True, help="Only when an upgrade or a new SITE_URL asks for it.")
def rebuild_command(*, if_due: bool) -> None:
    """Make every session's calendar entry again where it is not what it should be; after an upgrade, for instance.

    The site stays in use meanwhile. Subscribers fetch only what really changed.
    """
    site_url = current_settings().site_url
    if if_due and not is_rebuild_due(site_url):
        return
    rebuild_calendars(list_training_ids(), Console(stderr=True))
    with unit_of_work():
        note_rebuilt(site_url)


def rebuild_calendars(training_ids: Sequence[int], console: Console) -> None:
    """Rebuild what calendars tell of these sessions, with a progress bar."""
    with Progress(console=console) as progress:
        task = progress.add_task("Calendars", total=len(training_ids))
        for done in rebuild(training_ids):
            progress.advance(task, done)

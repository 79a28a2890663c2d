"""`flask planner demo`: loads, shows, or fills for load tests."""

from __future__ import annotations

import json

import click
from rich.console import Console

from planner.cli.demo.loader import is_empty, load
from planner.cli.demo.report import Report, is_demo, report
from planner.cli.demo.scale import fill
from planner.cli.group import group


@group.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing to a database that holds anything already.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output, nothing else."
)
@click.option(
    "--scale", type=click.IntRange(1, 280), help="Fill with N municipalities' worth, for load tests."
)
def demo(if_empty: bool, as_json: bool, scale: int | None) -> None:
    """Load the demo into an empty database, and show how to sign in."""
    console = Console(stderr=True)
    if is_empty():
        with console.status("Loading the demo …") as status:
            load(lambda part: status.update(f"Loading {part} …"))
    elif not is_demo() and not if_empty:
        raise click.ClickException(
            "The database holds data of its own, so the demo was not loaded. Give DATABASE_URL an empty one."
        )
    if scale:
        fill(scale, console)
    if as_json:
        click.echo(json.dumps(report().as_json(), ensure_ascii=False, indent=2))
    elif is_demo():
        _show(report())


def _show(shown: Report) -> None:
    click.echo("\nDemo sign-ins (the password is the same for all):")
    for account in shown.accounts:
        click.echo(f"  {account.email:<28} {account.role:<12} {account.organisation}")
    if shown.accounts:
        click.echo(f"  password: {shown.accounts[0].password}")
    if shown.links:
        click.echo(
            f"\nA company contact's own page, no password ({shown.links[0].who}):\n  {shown.links[0].url}"
        )
    if shown.feeds:
        click.echo("\nCalendars to subscribe to, one of each kind:")
        first: dict[str, str] = {}
        for feed in shown.feeds:
            first.setdefault(feed.scope, feed.url)
        for scope, url in first.items():
            click.echo(f"  {scope:<16} {url}")

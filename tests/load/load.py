"""python -m tests.load.load: many people at once, and whether everything still holds afterwards.

    --people N        how many at a time, 8 to 32 (16)
    --seconds N       for how long (30)
    --postgresql      on a PostgreSQL that the run starts itself, instead of SQLite
    --scale N         N municipalities' worth of other data in the database (planner demo --scale)

They read pages, enrol people into series with too few seats, move and cancel sessions, take attendance on the
same rosters and poll feeds, as fast as they get answers. Exit code 1 when something did not hold.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select

from planner.app import create_app
from planner.base.db import db
from planner.series.models import Series
from tests.load import filler
from tests.load.invariants import Finding, check, snapshot
from tests.load.numbers import median, percentile, short, table
from tests.load.pages import main_pages
from tests.load.people import Notes, Person
from tests.load.servers import WORKERS, bounded, environment_of, serving, settings_for, temporary_database

ARENAS = 3
SLOWEST = 12


def run(people: int, seconds: int, scale: int, *, postgresql: bool, console: Console) -> tuple[str, bool]:
    """The whole run: the report as text, and whether everything held."""
    with temporary_database(postgresql=postgresql) as url:
        settings = settings_for(url)
        app = create_app(settings)
        app.logger.setLevel("CRITICAL")
        with console.status("Filling a database …"), app.app_context():
            filler.fill_base(scale, Console(quiet=True))
            arenas = filler.add_arenas(ARENAS)
            pages = main_pages()
            keys = db.session.scalars(
                select(Series.key).where(Series.key.startswith("scale-")).order_by(Series.key).limit(4)
            )
            feeds = [f"/calendars/series/{key}.ics" for key in keys] + ["/calendars/municipality/1885.ics"]
            before = snapshot()
            db.session.remove()
        notes = Notes()
        with serving("wsgi:app", environment_of(settings), "/robots.txt") as server:
            crowd = [Person(n, server.port, arenas, notes, pages, feeds) for n in range(people)]
            took = live(crowd, seconds, console)
        with app.app_context():
            findings = check(before, notes)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    database = "PostgreSQL" if postgresql else "SQLite"
    return report(
        notes, findings, took, f"{people} people, {database}, {WORKERS} gunicorn sync workers"
    ), all(not finding.broken for finding in findings)


def live(crowd: Sequence[Person], seconds: int, console: Console) -> float:
    """Let everybody act for so many seconds and finish what they began; the seconds it took."""
    stop = threading.Event()
    threads = [threading.Thread(target=person.live, args=(stop,), daemon=True) for person in crowd]
    started = time.monotonic()
    try:
        for thread in threads:
            thread.start()
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"{len(crowd)} people", total=seconds)
            while (spent := time.monotonic() - started) < seconds and any(t.is_alive() for t in threads):
                progress.update(task, completed=spent)
                threads[0].join(timeout=0.5)
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
    return time.monotonic() - started


def report(notes: Notes, findings: Sequence[Finding], seconds: float, made: str) -> str:
    """What was done, how fast, and what held, as Markdown."""
    asked = sum(notes.statuses.values())
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(notes.statuses.items()))
    slowest = sorted(notes.times.items(), key=lambda item: -percentile(item[1], 0.95))[:SLOWEST]
    routes = [
        [f"{method} {route}", str(len(times)), short(1000 * median(times)), short(1000 * percentile(times, 0.95))]
        for (method, route), times in slowest
    ]  # fmt: skip
    held = [
        [finding.name, str(finding.checked), "held" if not finding.broken else f"BROKEN {len(finding.broken)} times"]
        for finding in findings
    ]  # fmt: skip
    broken = [f"- {finding.name}: {text}" for finding in findings for text in finding.broken[:10]]
    return "\n\n".join(
        [
            f"{made}: {asked} requests in {seconds:.0f} s, {asked / seconds:.0f} a second ({statuses})",
            table(["slowest", "requests", "median ms", "p95 ms"], routes),
            table(["must hold", "checked", "result"], held),
            *(["\n".join(broken)] if broken else []),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.load", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=16, choices=range(8, 33), metavar="8-32")
    parser.add_argument("--seconds", type=int, default=30, choices=range(5, 301), metavar="5-300")
    parser.add_argument("--postgresql", action="store_true", help="run on PostgreSQL instead of SQLite")
    parser.add_argument("--scale", type=int, default=1, help="municipalities' worth of other data (1)")
    chosen = parser.parse_args(arguments)
    console = Console(stderr=True)
    try:
        with bounded(chosen.seconds + 240):
            text, held = run(
                chosen.people, chosen.seconds, chosen.scale, postgresql=chosen.postgresql, console=console
            )
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    except (RuntimeError, TimeoutError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    Console(soft_wrap=True, highlight=False, markup=False).print(text)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

"""python -m tests.load.bench: how long feeds and pages take, beside the floor, in one run on this machine.

    --postgresql      on a PostgreSQL that the run starts itself, instead of SQLite
    --scale N         N municipalities' worth of other data in the database (planner demo --scale)
    --sessions N      N more sessions in other calendars of the same database
    --sizes 50,500    other feeds than those of 50, 500 and 5000 sessions

Real application and floor run side by side under gunicorn and are asked in turn, so that whatever else the
machine does meets both. The table is Markdown on standard output; progress is on standard error.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import sqlalchemy as sa
from flask import Flask
from rich.console import Console
from rich.progress import Progress

from planner.app import create_app
from planner.base.db import db
from planner.cli.demo import content
from tests.load import filler, floor
from tests.load.browser import Browser
from tests.load.client import Burst, burst, fetch, request_bytes
from tests.load.numbers import median, percentile, share_of_core, short, table
from tests.load.pages import main_pages
from tests.load.servers import (
    WORKERS,
    Server,
    bounded,
    environment_of,
    serving,
    settings_for,
    temporary_database,
)

CLIENTS = 8
LONGEST_SECONDS = 600  # a run that takes longer is ended; usually it needs two minutes
MOST_REQUESTS, LEAST_REQUESTS = 150, 3  # one after the other, for the latency of one cell
CELL_SECONDS = (
    1.5  # of one cell's latency, and again of its throughput; a longer answer is asked for twice only
)
SUBSCRIBERS, EVERY_SECONDS, CHANGED = 10_000, 3600, 0.01
PAGE_REQUESTS, PAGE_SECONDS = 40, 2.0
# So few of the large ones keep the run short; each "first time ever" needs a feed of its own.
FEEDS = {50: 60, 500: 13, 5000: 6}
SITUATIONS = {
    "unchanged": "unchanged → 304",
    "warm": "warm",
    "changed": "after one session changed",
    "first": "first time ever",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two servers in one cell. `per_second` is with `CLIENTS` clients, `processor_ms` per request."""

    latency_ms: float
    per_second: float
    processor_ms: float | None
    asked: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One situation of one size: the real application and the floor."""

    size: int
    situation: str
    app: Side
    floor: Side


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked in a cell: `single` one by one, `many` at once (each used once, or for as long as it takes).

    `prepare` is called, off the clock, with every key before it is asked for by itself or in a round of many.
    """

    status: int
    app: Callable[[str], bytes]
    floor: Callable[[str], bytes]
    single: Sequence[str]
    many: Sequence[str]
    prepare: Callable[[str], None] = lambda _key: None
    rounds: int = 0  # 0: the keys may be asked for again and again


class Meter:
    """Asks the two servers and keeps the books of one cell."""

    def __init__(self, app: Server, beneath: Server) -> None:
        self.servers = {"app": app, "floor": beneath}

    def cell(self, size: int, situation: str, plan: Plan) -> Cell:
        """Measure one cell. Raises RuntimeError when an answer has another status than the plan's."""
        before = {name: server.processor_seconds() for name, server in self.servers.items()}
        latencies = self._one_by_one(plan)
        bursts = {name: self._at_once(name, plan, median(latencies[name])) for name in self.servers}
        sides = {}
        for name, server in self.servers.items():
            used, had = server.processor_seconds(), before[name]
            asked = len(latencies[name]) + bursts[name].done
            cost = None if used is None or had is None else 1000 * (used - had) / asked
            rate = bursts[name].done / bursts[name].seconds
            sides[name] = Side(1000 * median(latencies[name]), rate, cost, asked)
        return Cell(size, situation, sides["app"], sides["floor"])

    def _one_by_one(self, plan: Plan) -> dict[str, list[float]]:
        """Latencies in seconds of both, asked in turn, each as often first."""
        taken: dict[str, list[float]] = {"app": [], "floor": []}
        keys = iter(plan.single) if plan.rounds == 1 else cycle(plan.single)
        deadline = time.monotonic() + CELL_SECONDS
        for number, key in zip(range(MOST_REQUESTS), keys, strict=False):
            is_slow = number > 0 and taken["app"][0] > CELL_SECONDS
            if number >= (WORKERS if is_slow else LEAST_REQUESTS) and time.monotonic() > deadline:
                break
            plan.prepare(key)
            # Whoever is asked first after a change finds every cache cold, so they take turns.
            for name in list(self.servers)[:: -1 if number % 2 else 1]:
                answer = fetch(self.servers[name].port, getattr(plan, name)(key))
                _expect(plan.status, [answer.status], f"{name} {key}")
                taken[name].append(answer.seconds)
        return taken

    def _at_once(self, name: str, plan: Plan, latency: float) -> Burst:
        """`CLIENTS` clients at a time: repeatable cells for a while, others each key once a round, on both sides alike.

        Where one answer alone takes longer than the time there is, one for each worker has to do.
        """
        most = WORKERS if latency > CELL_SECONDS else None
        total, port, make = Burst(), self.servers[name].port, getattr(plan, name)
        once = plan.rounds > 0
        for _round in range(plan.rounds if once else 1):
            if once:
                for key in plan.many:
                    plan.prepare(key)
            made = [make(key) for key in plan.many]
            requests = islice(made if once else cycle(made), most)
            result = burst(port, requests, clients=CLIENTS, seconds=CELL_SECONDS)
            total.done += result.done
            total.seconds += result.seconds
            _expect(plan.status, result.statuses, f"{name}, {CLIENTS} clients")
            if total.seconds > CELL_SECONDS / 2:
                break
        return total


def _expect(status: int, statuses: Iterable[int], where: str) -> None:
    others = set(statuses) - {status}
    if others:
        raise RuntimeError(f"{where}: expected {status}, got {sorted(others)}")


def plans(feeds: Sequence[filler.BenchFeed], tags: dict[str, str]) -> Iterator[tuple[str, Plan]]:
    """The situations of one size in the order they must be measured: what was never asked for comes first."""
    by_key = {feed.key: feed for feed in feeds}
    split = max(LEAST_REQUESTS, len(feeds) // 3)
    alone, together = [feed.key for feed in feeds[:split]], [feed.key for feed in feeds[split:]]

    def path(key: str) -> str:
        return f"/calendars/series/{key}.ics"

    def change(key: str) -> None:
        filler.change(by_key[key], 0)

    def plain(key: str) -> bytes:
        return request_bytes(path(key))

    def joined(key: str) -> bytes:
        return request_bytes(f"/joined/{key}.ics")

    yield "first", Plan(200, plain, joined, alone, together, rounds=1)
    one = alone[:1]
    yield "warm", Plan(200, plain, lambda key: request_bytes(f"/warm/{key}.ics"), one, one)
    yield (
        "unchanged",
        Plan(
            304,
            lambda key: request_bytes(path(key), {"If-None-Match": tags[path(key)]}),
            lambda key: request_bytes(f"/unchanged/{key}.ics", {"If-None-Match": 'W/"1"'}),
            one,
            one,
        ),
    )
    yield "changed", Plan(200, plain, joined, alone, together, change, rounds=5)


class Tags(dict[str, str]):
    """The present entity tag of each path, asked for when it is first needed."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __missing__(self, path: str) -> str:
        self[path] = fetch(self.port, request_bytes(path)).header("ETag")
        return self[path]


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page as a signed-in person gets it; `statements` of SQL."""

    name: str
    status: int
    median_ms: float
    p95_ms: float
    statements: int
    kilobytes: float


def measure_page(app: Flask, port: int, name: str, path: str, cookie: str) -> PageRow:
    """Latency over the network, and statements counted in this process over the same database."""
    headers = {"Cookie": cookie, "Accept-Language": "sv"}
    request, times = request_bytes(path, headers), []
    answer = fetch(port, request)
    deadline = time.monotonic() + PAGE_SECONDS
    while len(times) < PAGE_REQUESTS and (len(times) < LEAST_REQUESTS or time.monotonic() < deadline):
        answer = fetch(port, request)
        times.append(1000 * answer.seconds)
    with count_statements() as count:
        app.test_client(use_cookies=False).get(path, headers=headers)
    return PageRow(
        name, answer.status, median(times), percentile(times, 0.95), len(count), len(answer.body) / 1000
    )


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """The statements that run inside, without those that begin and end transactions."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


# --- the run ---


def run(sizes: Sequence[int], scale: int, others: int, *, postgresql: bool, console: Console) -> str:
    """The whole measurement; the tables as text."""
    from tests.load import marks  # noqa: PLC0415 - it measures by the meter of this module

    with (
        temporary_database(postgresql=postgresql) as url,
        Progress(console=console, transient=True) as progress,
    ):
        task = progress.add_task("the demo", total=3 + bool(others) + len(sizes) * (1 + len(SITUATIONS)))

        def step(words: str) -> None:
            progress.update(task, description=words, advance=1)

        settings = settings_for(url)
        app = create_app(settings)
        app.logger.setLevel("CRITICAL")  # a page that fails shows its status in the table
        with app.app_context():
            filler.fill_base(scale, Console(quiet=True))
            feeds = {}
            for size in sizes:
                step(f"feeds of {size} sessions")
                feeds[size] = filler.add_feeds(f"bench-{size}", size, FEEDS.get(size, 20))
            if others:
                step(f"{others} other sessions")
                filler.add_crowd(feeds[sizes[0]][0], others)
            wanted = main_pages()
        cells, pages, marked = [], [], ""
        with serving("wsgi:app", environment_of(settings), "/robots.txt") as real:
            _fill_floor(app, real, feeds)
            floor_environment = environment_of(settings) | {"FLOOR_DATABASE_URL": url}
            with serving("tests.load.floor:app", floor_environment, "/ready") as beneath:
                meter = Meter(real, beneath)
                for size in sizes:
                    for situation, plan in plans(feeds[size][1:], Tags(real.port)):
                        step(f"{size} sessions, {SITUATIONS[situation]}")
                        with app.app_context() if situation == "changed" else nullcontext():
                            cells.append(meter.cell(size, situation, plan))
                step("marks")
                marked = marks.measure(app, meter)
                step("pages")
                cookie = _sign_in(real.port)
                pages = [measure_page(app, real.port, name, path, cookie) for name, path in wanted]
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    tables = report(cells, pages, "PostgreSQL" if postgresql else "SQLite", scale, others)
    return f"{tables}\n\n{marked}"


def _fill_floor(app: Flask, real: Server, feeds: dict[int, list[filler.BenchFeed]]) -> None:
    """Give the floor the very bytes of the real feeds: one of each size, under the keys of all of them.

    The feed they are taken from (the first) is measured no more: it is not asked for the first time any longer.
    """
    stored: dict[str, list[bytes]] = {}
    for made in feeds.values():
        parts = floor.parts_of(fetch(real.port, request_bytes(f"/calendars/series/{made[0].key}.ics")).body)
        stored |= {feed.key: parts for feed in made}
    with app.app_context(), db.engine.begin() as connection:
        floor.store(connection, stored)


def _sign_in(port: int) -> str:
    browser = Browser(port)
    browser.sign_in(content.ACCOUNTS[0].email, content.PASSWORD)
    return browser.cookie


# --- the report ---


def report(cells: Sequence[Cell], pages: Sequence[PageRow], database: str, scale: int, others: int) -> str:
    """Everything measured, as Markdown."""
    made = f"{database}, {WORKERS} gunicorn sync workers, Python {platform.python_version()}"
    if others:
        made += f", {others} other sessions in the database"
    busy = f"{os.cpu_count()} cores, on average {os.getloadavg()[1]:.1f} processes at work on them"
    ordered = sorted(cells, key=lambda cell: (cell.size, list(SITUATIONS).index(cell.situation)))
    about_pages = [
        [row.name, str(row.status), short(row.median_ms), short(row.p95_ms), str(row.statements), short(row.kilobytes)]
        for row in pages
    ]  # fmt: skip
    return "\n\n".join(
        [
            f"Feeds: {made}; {busy}; a new connection per request; median ms, and requests/s with {CLIENTS} clients",
            table(
                ["feed", "ms", "floor", "ratio", "req/s", "floor", "ratio", "CPU ms", "floor"],
                [feed_row(cell) for cell in ordered],
            ),
            *costs(ordered),
            f"Pages, signed in as an owner; demo and {scale} municipalities' worth",
            table(["page", "status", "median ms", "p95 ms", "SQL", "kB"], about_pages),
        ]
    )


def feed_row(cell: Cell) -> list[str]:
    """One row of the table of feeds."""
    app, low = cell.app, cell.floor
    numbers = [
        app.latency_ms, low.latency_ms, app.latency_ms / low.latency_ms,
        app.per_second, low.per_second, app.per_second / low.per_second,
        app.processor_ms, low.processor_ms,
    ]  # fmt: skip
    return [f"{cell.size} sessions, {SITUATIONS[cell.situation]}", *map(short, numbers)]


def costs(cells: Sequence[Cell]) -> list[str]:
    """What polling costs, a sentence per size, from the processor time of the workers (or else the latency)."""
    found = {(cell.size, cell.situation): cell.app for cell in cells}
    lines = []
    for size in sorted({cell.size for cell in cells}):
        unchanged, changed = (_cost(found[size, situation]) for situation in ("unchanged", "changed"))
        share = share_of_core(SUBSCRIBERS, EVERY_SECONDS, CHANGED, unchanged, changed)
        lines.append(
            f"{SUBSCRIBERS} subscribers of {size} sessions polling hourly, {CHANGED:.0%} of requests after a"
            f" change: {share:.2%} of one core"
        )
    return ["\n".join(f"- {line}" for line in lines)]


def _cost(side: Side) -> float:
    """Processor seconds of one request; its latency, which is more, where the system does not tell."""
    return (side.latency_ms if side.processor_ms is None else side.processor_ms) / 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.bench", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL instead of SQLite")
    parser.add_argument("--scale", type=int, default=1, help="municipalities' worth of other data (1)")
    parser.add_argument(
        "--sessions", type=int, default=0, help="other sessions in the database's calendars (0)"
    )
    parser.add_argument("--sizes", default="50,500,5000", help="sessions per feed (50,500,5000)")
    chosen = parser.parse_args(arguments)
    sizes = [int(size) for size in chosen.sizes.split(",")]
    console, started = Console(stderr=True), time.monotonic()
    try:
        with bounded(LONGEST_SECONDS):
            text = run(sizes, chosen.scale, chosen.sessions, postgresql=chosen.postgresql, console=console)
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    except (RuntimeError, TimeoutError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    Console(soft_wrap=True, highlight=False, markup=False).print(text)
    console.print(f"Done in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

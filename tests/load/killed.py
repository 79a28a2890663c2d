"""python -m tests.load.killed: the same marks sent 20 times each while the server is killed, 100 rounds over.

    --rounds N                  another number of rounds
    --only sqlite|postgresql    one database instead of both

Each round two people are marked, 20 times the same each, in any order, from several connections; at a random moment
every working process is killed by SIGKILL, in every tenth round the whole server. Whoever gets no answer sends again,
as a telephone does. Exit code 1 when a mark is there twice or an answered one is not there after the last restart.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import select

from planner.app import create_app
from planner.attendance import queries
from planner.attendance.models import PresenceEntry, RosterLink
from planner.attendance.rules import roster_token
from planner.base.clock import now
from planner.base.config import ROOT, Settings
from planner.base.db import db, unit_of_work
from planner.cli.demo.loader import load
from planner.series.models import TrainingSession
from tests.load.browser import Browser
from tests.load.client import fetch, request_bytes
from tests.load.numbers import table
from tests.load.servers import bounded, environment_of, settings_for, temporary_database

ROUNDS, TIMES, CONNECTIONS, WORKERS = 100, 20, 4, 2
WHOLE_EVERY = 10
LATEST_KILL = 0.4  # seconds into a round: most rounds are still under way
PATIENCE = 60.0
LONGEST_SECONDS = 900


class Victim:
    """A gunicorn that is killed and started again; its workers are forked from a loaded application."""

    def __init__(self, settings: Settings) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.environment = environment_of(settings)
        self.kills = 0
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{self.port}", f"--workers={WORKERS}", "--preload",
             "--log-level=critical", "--no-control-socket", "wsgi:app"],
            cwd=ROOT, env=self.environment, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            with suppress(OSError):
                if fetch(self.port, request_bytes("/robots.txt")).status == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("gunicorn did not come up")

    def kill(self, *, whole: bool) -> None:
        """Kill the processes at work; the whole server too, which is then started again."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        if whole:
            self.process.kill()
            self.process.wait()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
                self.kills += 1
        if whole:
            self.start()

    def end(self) -> None:
        """End it for good."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _victim(settings: Settings) -> Iterator[Victim]:
    victim = Victim(settings)
    try:
        yield victim
    finally:
        victim.end()


@dataclass(slots=True)
class Books:
    """What was sent and answered."""

    answered: dict[str, int] = field(default_factory=dict)  # the mark's number -> how often
    unanswered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of all rounds on one database."""

    marks: int
    answers: int
    unanswered: int
    kills: int
    seconds: float
    broken: list[str]


def run(settings: Settings, app: Flask, rounds: int, console: Console, seed: int = 1) -> Result:
    """All rounds over the database of these settings, which is empty or has the schema only."""
    with app.app_context():
        path, people = fill(settings)
        db.session.remove()
    chance, books, started = random.Random(seed), Books(), time.monotonic()
    with _victim(settings) as victim, Progress(console=console, transient=True) as progress:
        browser = Browser(victim.port)
        form = browser.get(path).form_with("csrf_token")
        if form is None:
            raise RuntimeError("the roster has no form")
        token = dict(form.values)["csrf_token"]
        task = progress.add_task("rounds", total=rounds)
        for number in range(rounds):
            marks = [_mark(person, number) for person in chance.sample(people, 2)]
            sent = [mark for mark in marks for _time in range(TIMES)]
            chance.shuffle(sent)
            killer = threading.Timer(
                chance.uniform(0, LATEST_KILL), victim.kill, kwargs={"whole": number % WHOLE_EVERY == 0}
            )
            killer.start()
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(pool.map(lambda mark: _send(browser, path, mark, token, books), sent))
            killer.join()
            progress.advance(task)
        victim.kill(whole=True)
        kills = victim.kills
    with app.app_context():
        broken = check(books, rounds)
        db.session.remove()
    answers = sum(books.answered.values())
    return Result(len(books.answered), answers, books.unanswered, kills, time.monotonic() - started, broken)


def fill(settings: Settings) -> tuple[str, list[int]]:
    """The path of the roster of the demo's session that is on now, and who is on it."""
    upgrade()
    load(lambda _part: None)
    training = db.session.scalars(
        select(TrainingSession).where(TrainingSession.starts_at <= now(), TrainingSession.ends_at > now())
    ).first()
    if training is None:
        raise LookupError("the demo has no session now")
    with unit_of_work():
        link = RosterLink(training_id=training.id, name="Telefonen")
        db.session.add(link)
        db.session.flush()
    people = [row.person.id for row in queries.list_roster(training, queries.PeopleScope(None))]
    return f"/r/{roster_token(settings.secret, link.id)}", people


def _mark(person: int, number: int) -> dict[str, Any]:
    """A mark that says something else in every round."""
    return {
        "id": str(uuid.uuid4()), "person": person, "verdict": "present", "place": "remote", "seen": "",
        "minutes": str(number % 200 + 1), "reason": "", "waited": 0,
    }  # fmt: skip


def _send(browser: Browser, path: str, mark: dict[str, Any], token: str, books: Books) -> None:
    """Send until it is answered, as the page does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            status = browser.send_json(f"{path}/marks", mark, token).status
        except OSError:
            status = 0
        except Exception as error:  # an answer that was cut in the middle is none
            if type(error).__module__ != "http.client":
                raise
            status = 0
        with books.lock:
            if status == 200:
                books.answered[mark["id"]] = books.answered.get(mark["id"], 0) + 1
                return
            books.unanswered += 1
        if 0 < status < 500:
            raise RuntimeError(f"a mark was answered by {status}")
        time.sleep(0.02)
    raise TimeoutError("no answer came")


def check(books: Books, rounds: int) -> list[str]:
    """What does not hold, in words."""
    ids = list(db.session.scalars(select(PresenceEntry.id).where(PresenceEntry.by_name == "Telefonen")))
    there = set(ids)
    broken = [f"answered and not there: {lost}" for lost in books.answered if lost not in there]
    broken += [f"there and never sent: {one}" for one in there if one not in books.answered]
    broken += [f"answered {n} times of {TIMES}: {one}" for one, n in books.answered.items() if n != TIMES]
    if len(ids) != 2 * rounds:
        broken.append(f"{len(ids)} entries for {2 * rounds} marks")
    return broken + [str(difference) for difference in queries.list_differences()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run on both databases and print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.killed", description=__doc__.split("\n", 1)[0]
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    chosen = parser.parse_args(arguments)
    console, rows, broken = Console(stderr=True), [], []
    try:
        with bounded(LONGEST_SECONDS):
            for name in ("sqlite", "postgresql") if chosen.only is None else (chosen.only,):
                with temporary_database(postgresql=name == "postgresql") as url:
                    settings = settings_for(url)
                    app = create_app(settings)
                    app.logger.setLevel("CRITICAL")
                    result = run(settings, app, chosen.rounds, console)
                    with app.app_context():
                        for engine in db.engines.values():
                            engine.dispose()
                counts = (result.marks, result.answers, result.unanswered, result.kills)
                rows.append([name, *map(str, counts), f"{result.seconds:.0f}", str(len(result.broken))])
                broken += [f"- {name}: {text}" for text in result.broken[:10]]
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    except (RuntimeError, TimeoutError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    head = ["database", "marks", "answers", "without an answer", "processes killed", "s", "broken"]
    Console(soft_wrap=True, highlight=False, markup=False).print("\n\n".join([table(head, rows), *broken]))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())

"""python -m tests.load.capacity: 200 clients ask for 20 + 10 seats at once, then 50 give theirs up at once.

    --only sqlite|postgresql    one database instead of both

Each client is a person with a personal link and a connection of their own; 4 gunicorn workers answer. Exit code 1 when
a seat too many was given, somebody was lost or passed in the line, or an answer was an error.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from flask_migrate import upgrade
from rich.console import Console
from sqlalchemy import select

from planner.app import create_app
from planner.attendance.models import Seat
from planner.attendance.queries import list_positions
from planner.base.clock import now
from planner.base.config import Settings
from planner.base.db import db, unit_of_work
from planner.cli.demo.loader import load
from planner.directory.models import Company, Organisation, Person
from planner.directory.rules import person_token
from planner.outbox.models import Message
from planner.series.models import Cohort, Series, Step, TrainingSession
from tests.load.browser import Browser, Values
from tests.load.numbers import median, percentile, short, table
from tests.load.servers import bounded, environment_of, serving, settings_for, temporary_database

CLIENTS, ON_SITE, REMOTE, WORKERS, CANCELLING = 200, 20, 10, 4, 50
LONGEST_SECONDS = 400


@dataclass(slots=True)
class Client:
    """One person: their page, the place they want, and when they asked and were answered."""

    person_id: int
    path: str
    place: str
    browser: Browser
    token: str = ""
    status: int = 0
    asked: float = 0.0
    answered: float = 0.0

    def open(self) -> None:
        """Open the page, as one does before the seats are let go."""
        form = self.browser.get(self.path).form_with("coming")
        if form is None:
            raise RuntimeError(f"{self.path} has no form")
        self.token = dict(form.values)["csrf_token"]

    def send(self, coming: str) -> None:
        """Press the button."""
        values: Values = [("csrf_token", self.token), ("coming", coming), ("place", self.place)]
        self.asked = time.perf_counter()
        try:
            self.status = self.browser.send(self.path, values).status
        except OSError:
            self.status = 0
        self.answered = time.perf_counter()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of everybody at once came to."""

    name: str
    counts: dict[tuple[str, str], int]
    seconds: float
    median_ms: float
    p95_ms: float
    broken: list[str]


def run(*, postgresql: bool, console: Console) -> list[Round]:
    """Both rounds on one database."""
    with temporary_database(postgresql=postgresql) as url:
        settings = settings_for(url)
        app = create_app(settings)
        app.logger.setLevel("CRITICAL")
        with console.status("Filling a database …"), app.app_context():
            training_id, paths = fill(settings)
            db.session.remove()
        with serving("wsgi:app", environment_of(settings), "/robots.txt", WORKERS) as server:
            clients = [
                Client(person_id, path, "remote" if n % 3 == 2 else "on_site", Browser(server.port))
                for n, (person_id, path) in enumerate(paths)
            ]  # fmt: skip
            with console.status("Everybody opens their page …"), ThreadPoolExecutor(8) as pool:
                list(pool.map(Client.open, clients))
            with app.app_context():
                took = all_at_once(clients, lambda client: client.send("1"))
                first = check_booked(training_id, clients, took)
                leaving = choose_leaving(training_id, clients)
                line = waiting_ids(training_id, {client.person_id for client in leaving})
                db.session.remove()
                took = all_at_once(leaving, lambda client: client.send("0"))
                second = check_promoted(training_id, leaving, line, took)
                db.session.remove()
                for engine in db.engines.values():
                    engine.dispose()
    return [first, second]


def fill(settings: Settings) -> tuple[int, list[tuple[int, str]]]:
    """A published series of one company with 200 people, and the path of each one's page."""
    upgrade()
    load(lambda _part: None)
    with unit_of_work():
        organisation = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
        if organisation is None:
            raise LookupError("the demo is not there")
        company = Company(name="Trängsel AB", municipality_code="1885")
        series = Series(
            key="trangsel", title="Trängsel", organisation_id=organisation.id, municipality_code="1885",
            published_at=now(),
        )  # fmt: skip
        db.session.add_all([company, series])
        db.session.flush()
        step = Step(series_id=series.id, key="s1", position=1, title="Steg 1", minutes=120, mode="hybrid")
        people = [
            Person(name=f"Person {n}", email=f"p{n}@load.example", company_id=company.id, municipality_code="1885")
            for n in range(CLIENTS)
        ]  # fmt: skip
        cohort = Cohort(series_id=series.id, name="Grupp 1", companies=[company])
        db.session.add_all([step, cohort, *people])
        db.session.flush()
        starts_at = now() + timedelta(days=14)
        training = TrainingSession(
            uid=str(uuid.uuid4()), series_id=series.id, step_id=step.id, cohort_id=cohort.id, mode="hybrid",
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), seats_on_site=ON_SITE, seats_remote=REMOTE,
        )  # fmt: skip
        db.session.add(training)
        db.session.flush()
        paths = [(p.id, f"/p/{person_token(settings.secret, p)}/sessions/{training.uid}") for p in people]
        return training.id, paths


def all_at_once(clients: Sequence[Client], act: Callable[[Client], None]) -> float:
    """Each client in a thread of its own, let go together; the seconds until the last answer."""
    gate = threading.Barrier(len(clients) + 1)

    def wait_and_act(client: Client) -> None:
        gate.wait(timeout=60)
        act(client)

    threads = [threading.Thread(target=wait_and_act, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    gate.wait(timeout=60)
    started = time.perf_counter()
    for thread in threads:
        thread.join(timeout=120)
    return time.perf_counter() - started


def seats_of(training_id: int) -> list[Seat]:
    """Every seat row, in the order of the queue."""
    query = select(Seat).where(Seat.training_id == training_id).order_by(Seat.queued_at, Seat.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def count(seats: Sequence[Seat]) -> dict[tuple[str, str], int]:
    """How many of each place and status."""
    return dict(Counter((seat.place, seat.status) for seat in seats))


def check_booked(training_id: int, clients: Sequence[Client], took: float) -> Round:
    """Exactly as many as there are seats, the first to come; the others in line as they came; nobody lost."""
    seats, positions, broken = seats_of(training_id), list_positions([training_id]), statuses(clients)
    lost = {client.person_id for client in clients} - {seat.person_id for seat in seats}
    broken += [f"lost: person {person_id}" for person_id in sorted(lost)]
    broken += [] if len(seats) == CLIENTS else [f"{len(seats)} rows for {CLIENTS} people"]
    for place, limit in (("on_site", ON_SITE), ("remote", REMOTE)):
        line = [seat for seat in seats if seat.place == place]
        wanted = ["booked"] * limit + ["waiting"] * (len(line) - limit)
        broken += [] if [seat.status for seat in line] == wanted else [f"{place}: not the first ones"]
        numbers = [positions.get(seat.id) for seat in line[limit:]]
        broken += [] if numbers == list(range(1, len(numbers) + 1)) else [f"{place}: numbers have holes"]
        broken += passed(line, clients)
    return _round("200 ask at once", seats, clients, took, broken)


def passed(line: Sequence[Seat], clients: Sequence[Client]) -> list[str]:
    """Who stands behind somebody who only asked after they had been answered."""
    by_person = {client.person_id: client for client in clients}
    found, earliest_answer_behind = [], float("inf")
    for seat in reversed(line):
        client = by_person[seat.person_id or 0]
        if client.asked > earliest_answer_behind:
            found.append(f"person {seat.person_id} stands before somebody who was answered earlier")
        earliest_answer_behind = min(earliest_answer_behind, client.answered)
    return found


def choose_leaving(training_id: int, clients: Sequence[Client]) -> list[Client]:
    """All who have a seat, and every sixth or so of those in line, 50 in all."""
    seats = seats_of(training_id)
    booked = [seat.person_id for seat in seats if seat.status == "booked"]
    waiting = [seat.person_id for seat in seats if seat.status == "waiting"]
    leaving = {*booked, *waiting[:: len(waiting) // (CANCELLING - len(booked))][: CANCELLING - len(booked)]}
    return [client for client in clients if client.person_id in leaving]


def waiting_ids(training_id: int, leaving: set[int]) -> dict[str, list[int]]:
    """Who will be in line at each place once these have left, in order."""
    stay = [
        seat for seat in seats_of(training_id) if seat.status == "waiting" and seat.person_id not in leaving
    ]
    return {place: [s.id for s in stay if s.place == place] for place in ("on_site", "remote")}


def check_promoted(
    training_id: int, leaving: Sequence[Client], line: dict[str, list[int]], took: float
) -> Round:
    """As many moved up as there are seats, and nobody passed another who waited from before.

    Somebody in line may be promoted and give the seat up a moment later, so mails can be more than seats.
    """
    seats, broken = seats_of(training_id), statuses(leaving)
    for place, limit in (("on_site", ON_SITE), ("remote", REMOTE)):
        up = [seat.id for seat in seats if seat.place == place and seat.status == "booked"]
        broken += [] if up == line[place][:limit] else [f"{place}: {len(up)} moved up, or not the first ones"]
    mails = db.session.scalars(select(Message.key).where(Message.key.startswith("seat:moved_up:"))).all()
    told = {int(key.split(":")[2]) for key in mails}
    silent = {s.id for s in seats if s.status == "booked"} - told
    broken += [f"moved up without a mail: seat {seat_id}" for seat_id in sorted(silent)]
    return _round("50 give up at once", seats, leaving, took, broken)


def statuses(clients: Sequence[Client]) -> list[str]:
    """Answers that were not the redirect a pressed button gets."""
    found = Counter(client.status for client in clients if client.status != 302)
    return [f"{number} × status {status}" for status, number in sorted(found.items())]


def _round(
    name: str, seats: Sequence[Seat], clients: Sequence[Client], took: float, broken: list[str]
) -> Round:
    times = [client.answered - client.asked for client in clients]
    return Round(name, count(seats), took, 1000 * median(times), 1000 * percentile(times, 0.95), broken)


def report(found: dict[str, list[Round]]) -> str:
    """The rounds as Markdown."""
    rows = [
        [
            f"{database}: {one.name}",
            f"{one.counts.get(('on_site', 'booked'), 0)} + {one.counts.get(('remote', 'booked'), 0)}",
            f"{one.counts.get(('on_site', 'waiting'), 0)} + {one.counts.get(('remote', 'waiting'), 0)}",
            short(one.seconds), short(one.median_ms), short(one.p95_ms),
            "held" if not one.broken else f"BROKEN {len(one.broken)} times",
        ]
        for database, rounds in found.items() for one in rounds
    ]  # fmt: skip
    heads = ["20 seats on site + 10 by video", "booked", "in line", "s", "median ms", "p95 ms", "result"]
    broken = [
        f"- {database}: {text}"
        for database, rounds in found.items()
        for one in rounds
        for text in one.broken[:10]
    ]
    return "\n\n".join([table(heads, rows), *(["\n".join(broken)] if broken else [])])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.capacity", description=__doc__.split("\n", 1)[0]
    )
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database instead of both")
    chosen = parser.parse_args(arguments)
    console = Console(stderr=True)
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    found: dict[str, list[Round]] = {}
    try:
        with bounded(LONGEST_SECONDS):
            for key in [chosen.only] if chosen.only else names:
                found[names[key]] = run(postgresql=key == "postgresql", console=console)
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    except (RuntimeError, TimeoutError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    Console(soft_wrap=True, highlight=False, markup=False).print(report(found))
    return 0 if not any(one.broken for rounds in found.values() for one in rounds) else 1


if __name__ == "__main__":
    sys.exit(main())

"""python -m tests.load.marks: how long a mark and a large roll take, beside the floor.

    --postgresql      on a PostgreSQL that the run starts itself, instead of SQLite

A mark is one tap as the page's script sends it: access, a new line in the ledger and the current row, committed.
Beneath it is one UPDATE and its commit. Everybody is marked once, so no mark is one that stood already.
"""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from rich.console import Console
from sqlalchemy import func, insert, select

from planner.accounts.models import User
from planner.app import create_app
from planner.attendance.models import Enrolment, PresenceEntry
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.types import swedish_sort_key
from planner.cli.demo import content
from planner.directory.models import Company, Organisation, Person
from planner.series.models import Series, Step, TrainingSession
from tests.load import filler, floor
from tests.load.bench import CLIENTS, Cell, Meter, Plan
from tests.load.browser import Browser
from tests.load.client import post_bytes, request_bytes
from tests.load.numbers import short, table
from tests.load.people import CSRF
from tests.load.servers import bounded, environment_of, serving, settings_for, temporary_database

PLACE = "1885"
PEOPLE, SESSIONS = 500, 6  # the first session is only read, the others are marked
ALONE = 150  # marks kept for the latency
LONGEST_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Hall:
    """A series open to all: its sessions, and the people expected at each of them."""

    sessions: tuple[int, ...]
    people: tuple[int, ...]


def add_hall() -> Hall:
    """A published series of past sessions with many people enrolled, which the demo's facilitator marks."""
    with unit_of_work():
        organisation = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
        leader = db.session.scalars(select(User).where(User.email == content.ACCOUNTS[2].email)).one()
        if organisation is None:
            raise LookupError("the demo is not there")
        series = Series(
            key="hall", organisation_id=organisation.id, municipality_code=PLACE, title="Hall",
            published_at=now(), competences=["1.1"],
        )  # fmt: skip
        company = Company(name="Hall AB", municipality_code=PLACE)
        db.session.add_all([series, company])
        db.session.flush()
        step = Step(
            series_id=series.id, key="s1", position=1, title="Steg 1", goals="Mål", minutes=120, mode="hybrid"
        )
        db.session.add(step)
        db.session.flush()
        trainings = [
            TrainingSession(
                uid=str(uuid.uuid4()), series_id=series.id, step_id=step.id, mode="hybrid", facilitators=[leader],
                starts_at=now() - timedelta(hours=4 + 3 * n), ends_at=now() - timedelta(hours=2 + 3 * n),
            )
            for n in range(SESSIONS)
        ]  # fmt: skip
        db.session.add_all(trainings)
        db.session.flush()
        return Hall(tuple(training.id for training in trainings), _add_people(series, company))


def _add_people(series: Series, company: Company) -> tuple[int, ...]:
    rows = [
        {"name": f"Person {n}", "sort_key": swedish_sort_key(f"Person {n}"), "email": f"hall.{n}@load.example",
         "company_id": company.id, "municipality_code": PLACE}
        for n in range(PEOPLE)
    ]  # fmt: skip
    ids = tuple(db.session.scalars(insert(Person).returning(Person.id), rows))
    enrolled = now() - timedelta(days=2)
    standing = [{"series_id": series.id, "person_id": id_, "created_at": enrolled} for id_ in ids]
    db.session.execute(insert(Enrolment), standing)
    return ids


def measure(app: Flask, meter: Meter) -> str:
    """Fill in a hall, ask both servers, and the table as text. RuntimeError when a mark is not in the ledger."""
    with app.app_context():
        hall = add_hall()
        keys = [f"{training}-{person}" for training in hall.sessions[1:] for person in hall.people]
        with db.engine.begin() as connection:
            floor.store_people(connection, {key: f"Person {key}" for key in keys})
    browser = Browser(meter.servers["app"].port)
    browser.sign_in(content.ACCOUNTS[2].email, content.PASSWORD)
    cells = [
        meter.cell(PEOPLE, f"roll of {PEOPLE} people", _roll(browser, hall)),
        meter.cell(1, "one mark", _marks(browser, hall, keys)),
    ]
    with app.app_context():
        count = db.session.scalar(
            select(func.count(PresenceEntry.id)).where(PresenceEntry.training_id.in_(hall.sessions))
        )
    if count != cells[-1].app.asked:
        raise RuntimeError(f"{cells[-1].app.asked} marks were answered, {count} are in the ledger")
    return f"{report(cells)}\n\n{count} marks, each a new line in the ledger"


def _roll(browser: Browser, hall: Hall) -> Plan:
    path, headers = f"/sessions/{hall.sessions[0]}/attendance", {"Cookie": browser.cookie}
    page = request_bytes(path, headers)
    beneath = request_bytes(f"/roll/{PEOPLE}")
    return Plan(200, lambda _key: page, lambda _key: beneath, ["roll"], ["roll"])


def _marks(browser: Browser, hall: Hall, keys: Sequence[str]) -> Plan:
    token = CSRF.search(browser.get(f"/sessions/{hall.sessions[0]}/attendance").text)
    if token is None:
        raise RuntimeError("the roster has no token")
    headers = {"Cookie": browser.cookie, "X-CSRFToken": token[1]}

    def tap(key: str) -> bytes:
        training, person = key.split("-")
        data = {
            "person": int(person), "verdict": "present", "minutes": "", "place": "on_site", "seen": "",
            "id": str(uuid.uuid4()),
        }  # fmt: skip
        return post_bytes(f"/sessions/{training}/attendance/marks", headers, data)

    return Plan(200, tap, lambda key: post_bytes(f"/mark/{key}"), keys[:ALONE], keys[ALONE:], rounds=1)


def report(cells: Sequence[Cell]) -> str:
    """The table of marks and rolls."""
    rows = [
        [cell.situation, *map(short, (
            cell.app.latency_ms, cell.floor.latency_ms, cell.app.latency_ms / cell.floor.latency_ms,
            cell.app.per_second, cell.floor.per_second, cell.app.per_second / cell.floor.per_second,
            cell.app.processor_ms, cell.floor.processor_ms,
        ))]
        for cell in cells
    ]  # fmt: skip
    head = ["attendance", "ms", "floor", "ratio", "req/s", "floor", "ratio", "CPU ms", "floor"]
    return f"Attendance: median ms, and requests/s with {CLIENTS} clients\n\n{table(head, rows)}"


def run(*, postgresql: bool) -> str:
    """The measurement with a database and servers of its own."""
    with temporary_database(postgresql=postgresql) as url:
        settings = settings_for(url)
        app = create_app(settings)
        with app.app_context():
            filler.fill_base(0, Console(quiet=True))
        environment = environment_of(settings)
        with (
            serving("wsgi:app", environment, "/robots.txt") as real,
            serving("tests.load.floor:app", environment | {"FLOOR_DATABASE_URL": url}, "/ready") as beneath,
        ):
            text = measure(app, Meter(real, beneath))
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    return f"{'PostgreSQL' if postgresql else 'SQLite'}. {text}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.load.marks", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--postgresql", action="store_true", help="measure on PostgreSQL instead of SQLite")
    chosen = parser.parse_args(arguments)
    with bounded(LONGEST_SECONDS):
        text = run(postgresql=chosen.postgresql)
    Console(soft_wrap=True, highlight=False, markup=False).print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())

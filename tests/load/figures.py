"""How long figures take over half a million presences: ten counties, five years, some 33 000 sessions.

    python -m tests.load.figures [--presences 500000] [--database sqlite|postgresql]

Fills a database of its own in bulk, settles it as the worker does, and asks for reports as a planner and as a reader
of everything. Each figure is the median of three, after one that warms.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click
from flask_migrate import upgrade
from rich.console import Console
from rich.progress import Progress
from sqlalchemy import insert, select, text

from planner.attendance.models import Presence, PresenceEntry, Seat
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.types import swedish_sort_key
from planner.base.viewer import Grant, Role, Viewer
from planner.directory.models import Company, Municipality, Organisation, Person
from planner.reports import queries, service
from planner.reports.models import SeriesAccount
from planner.reports.rules import FigureFilter, Level
from planner.series.models import Series, Step, TrainingSession
from tests.conftest import make_app
from tests.load.numbers import median, short, table

COUNTIES, YEARS, STEPS, EACH = 10, 5, 6, 15
MINUTES = 120
PORTION = 5_000


def fill(presences: int, console: Console) -> None:
    """Companies, people, series, sessions, seats and presences, until there are so many presences."""
    places = _places()
    with unit_of_work():
        organisation = Organisation(name="Mätningar", kind="region", home_code=places[0].code)
        db.session.add(organisation)
        db.session.flush()
        organisation_id = organisation.id
    series_count = -(-presences // (STEPS * EACH))
    people = _people(places, -(-presences // 12))
    with Progress(console=console) as progress:
        task = progress.add_task("Filling", total=series_count)
        for first in range(0, series_count, 100):
            numbers = range(first, min(first + 100, series_count))
            with unit_of_work():
                _series(numbers, organisation_id, places, people)
            progress.advance(task, len(numbers))
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _places() -> list[Municipality]:
    found = db.session.scalars(select(Municipality).order_by(Municipality.code)).all()
    counties = sorted({place.county_code for place in found})[:COUNTIES]
    return [place for place in found if place.county_code in counties]


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "sort_key": swedish_sort_key(name), "revision": 1}


def _people(places: list[Municipality], count: int) -> dict[str, list[int]]:
    """The people of each municipality, ten in a company."""
    sizes = ("micro", "small", "medium", "large")
    with unit_of_work():
        rows = [
            {**_named(f"Bolag {n}"), "municipality_code": places[n % len(places)].code, "size_class": sizes[n % 4],
             "sni_version": "SNI2025", "sni_division": f"{10 + n % 40}"}
            for n in range(count // 10 + 1)
        ]  # fmt: skip
        companies = _put(Company, rows)
        people = [
            {**_named(f"Person {n}"), "municipality_code": rows[n // 10]["municipality_code"], "is_contact": False,
             "company_id": companies[n // 10]}
            for n in range(count)
        ]  # fmt: skip
        ids = _put(Person, people)
    found: dict[str, list[int]] = {}
    for id_, row in zip(ids, people, strict=True):
        found.setdefault(row["municipality_code"], []).append(id_)
    return found


def _series(
    numbers: Iterable[int], organisation_id: int, places: list[Municipality], people: dict[str, list[int]]
) -> None:
    listed = list(numbers)
    where = [places[n % len(places)] for n in listed]
    rows = [
        {"key": f"load-{n}", "organisation_id": organisation_id, "municipality_code": place.code, "revision": 1,
         "title": f"Serie {n}", "sort_key": f"serie {n}", "published_at": now(), "competences": []}
        for n, place in zip(listed, where, strict=True)
    ]  # fmt: skip
    ids = _put(Series, rows)
    kinds = ("technical", "management", "entrepreneurship", "green", "other")
    accounts = [
        {"series_id": id_, "revision": 1, "training_type": kinds[n % 5], "price": 500}
        for id_, n in zip(ids, listed, strict=True)
    ]
    _put(SeriesAccount, accounts)
    steps = _put(
        Step,
        [{"series_id": id_, "key": f"s{k}", "position": k, "title": f"Steg {k}", "minutes": MINUTES,
          "mode": "hybrid", "revision": 1} for id_ in ids for k in range(1, STEPS + 1)],
    )  # fmt: skip
    starts = [_start(n, k) for n in listed for k in range(STEPS)]
    sessions = [
        {"uid": str(uuid.uuid4()), "series_id": ids[at // STEPS], "step_id": steps[at], "revision": 1, "mode": "hybrid",
         "starts_at": start, "ends_at": start + timedelta(minutes=MINUTES), "seats_on_site": 20, "seats_remote": 20}
        for at, start in enumerate(starts)
    ]  # fmt: skip
    trainings = _put(TrainingSession, sessions)
    entries, seats = [], []
    for at, training in enumerate(trainings):
        n = listed[at // STEPS]
        home = people[where[at // STEPS].code]
        for k in range(EACH):
            person = home[(n * 7 + k) % len(home)]
            came = (person + at) % 8 != 0
            place = "on_site" if k % 3 else "remote"
            entries.append(
                {"id": str(uuid.uuid4()), "training_id": training, "person_id": person, "place": place,
                 "verdict": "present" if came else "absent", "minutes": MINUTES - 5 * (k % 4) if came else 0,
                 "via": "roster", "by_name": "load", "noted_at": starts[at], "received_at": starts[at]}
            )  # fmt: skip
            seats.append({"training_id": training, "person_id": person, "status": "booked", "place": place})
    _put(PresenceEntry, entries)
    _put(Seat, seats)
    kept = ("training_id", "person_id", "verdict", "minutes", "place")
    _put(Presence, [{**{name: row[name] for name in kept}, "entry_id": row["id"]} for row in entries])


def _start(number: int, step: int) -> datetime:
    """Spread over the years that ended a week ago."""
    days = (number * 37) % (365 * YEARS - 7 * STEPS)
    day = now() - timedelta(days=365 * YEARS + 7 - days - 7 * step)
    return datetime(day.year, day.month, day.day, 8 + number % 7, tzinfo=UTC)


def _put(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    ids: list[int] = []
    waiting = iter(rows)
    while part := list(islice(waiting, PORTION)):
        if "id" in model.__table__.c and model is not PresenceEntry and model is not Seat:
            statement = insert(model).returning(model.id, sort_by_parameter_order=True)
            ids += db.session.scalars(statement, part)
        else:
            db.session.execute(insert(model), part)
    return ids


def measure() -> list[list[str]]:
    """Each report's time in seconds, as a planner and as a reader of every place."""
    codes = frozenset(place.code for place in _places())
    planner, reader = (
        Viewer(1, "", grants=(Grant(role, 1, codes),)) for role in (Role.organiser, Role.reader)
    )
    month = FigureFilter(date(now().year - 1, 10, 1), date(now().year - 1, 10, 31))
    rows = []
    for level in Level:
        if level is Level.total:
            continue
        mine = _timed(lambda level=level: queries.list_figures(planner, level, FigureFilter()))
        one = _timed(lambda level=level: queries.list_figures(planner, level, month))
        theirs = (
            _timed(lambda level=level: queries.list_published(reader, level, FigureFilter()))
            if level in queries.READERS
            else None
        )
        rows.append([level.value, short(mine), short(one), short(theirs)])
    return rows


def _timed(report: Any) -> float:
    times = []
    for _ in range(4):
        db.session.rollback()
        began = time.perf_counter()
        report()
        times.append(time.perf_counter() - began)
    return median(times[1:])


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty one."""
    if kind == "postgresql":
        from tests.postgres import private_postgres  # noqa: PLC0415 - not needed for SQLite alone

        with private_postgres() as url:
            yield url
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'figures.db'}"


@click.command()
@click.option("--presences", default=500_000)
@click.option("--database", "kind", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
def run(presences: int, kind: str) -> None:
    """Fill, settle, measure, tell."""
    console = Console(stderr=True)
    with database(kind) as url:
        app = make_app(url)
        with app.app_context():
            upgrade()
            fill(presences, console)
            began = time.perf_counter()
            while True:
                with unit_of_work():
                    if not service.settle_held():
                        break
            with unit_of_work():
                service.keep_grid()
            settled = time.perf_counter() - began
            click.echo(
                f"\n{kind}: {presences} presences; settling all of them and making the grid {settled:.0f} s\n"
            )
            click.echo(
                table(["by", "planner, five years (s)", "planner, one month (s)", "reader (s)"], measure())
            )
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


if __name__ == "__main__":
    run()

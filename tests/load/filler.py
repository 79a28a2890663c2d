"""Fills the database of a run: the demo, some municipalities' worth, and what the run needs beside them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask_migrate import upgrade
from rich.console import Console
from sqlalchemy import insert, select, text
from sqlalchemy.orm import joinedload, selectinload

from planner.accounts.models import User
from planner.base.clock import ZONE, now, today
from planner.base.db import db, unit_of_work
from planner.base.viewer import system
from planner.cli.demo.loader import load
from planner.cli.demo.scale import fill
from planner.directory.models import Company, Municipality, Organisation, Person, Room
from planner.series import service as series_service
from planner.series.models import Cohort, Series, Step, TrainingSession, session_facilitator
from planner.series.service.sessions import details_of

MINUTES = 120
GOALS = (
    "Deltagarna har provat på egna exempel: räknat, jämfört och dragit en slutsats, och vet nästa steg. " * 2
)
PREPARATION = "Ta med en dator, inloggning till affärssystemet och ett ärende från den egna vardagen."


def fill_base(scale: int, console: Console) -> None:
    """Tables by the migrations, the demo, and `scale` municipalities' worth of other data."""
    upgrade()
    load(lambda _part: None)
    fill(scale, console)


@dataclass(frozen=True, slots=True)
class BenchFeed:
    """The feed of one published series: its key, and the session that the run changes."""

    key: str
    training_id: int


def add_feeds(mark: str, size: int, count: int) -> list[BenchFeed]:
    """`count` published series of `size` coming sessions each, of an organisation that no demo account belongs to.

    Written in bulk, past the services, in one transaction.
    """
    with unit_of_work():
        place = db.session.scalars(select(Municipality).order_by(Municipality.code.desc())).first()
        organisation = Organisation(name=f"Mätningar {mark}", kind="support_actor")
        leader = User(name=f"Ledare {mark}", email=f"{mark}@load.example")
        db.session.add_all([organisation, leader])
        db.session.flush()
        rooms = db.session.scalars(select(Room.id).order_by(Room.id)).all()
        return [
            _add_feed(f"{mark}-{n}", size, str(place and place.code), organisation.id, leader.id, rooms)
            for n in range(count)
        ]


def _add_feed(
    key: str, size: int, code: str, organisation_id: int, leader_id: int, rooms: Sequence[int]
) -> BenchFeed:
    series = Series(
        key=key, organisation_id=organisation_id, municipality_code=code, title=f"Serie {key}",
        summary="En serie för mätningar.", published_at=now(), competences=["1.1"],
    )  # fmt: skip
    db.session.add(series)
    db.session.flush()
    steps = [
        Step(series_id=series.id, key=f"s{n}", position=n, title=f"Steg {n}: Från data till beslut", goals=GOALS,
             preparation=PREPARATION, minutes=MINUTES, mode=("on_site", "digital", "hybrid")[n % 3])
        for n in range(1, 9)
    ]  # fmt: skip
    db.session.add_all(steps)
    db.session.flush()
    rows = [_session_row(series.id, steps[n % 8], n, rooms) for n in range(size)]
    statement = insert(TrainingSession).returning(TrainingSession.id, sort_by_parameter_order=True)
    ids = list(db.session.scalars(statement, rows))
    db.session.execute(
        insert(session_facilitator), [{"training_id": id_, "user_id": leader_id} for id_ in ids]
    )
    return BenchFeed(key, ids[size // 2])


def _session_row(series_id: int, step: Step, number: int, rooms: Sequence[int]) -> dict[str, Any]:
    """A session on a coming day, four a day."""
    starts_at = _at(1 + number // 4, time(8 + 2 * (number % 4)))
    here, there = step.mode != "digital", step.mode != "on_site"
    return {
        "uid": str(uuid.uuid4()), "series_id": series_id, "step_id": step.id, "revision": 1, "mode": step.mode,
        "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=MINUTES), "revised_at": now(),
        "room_id": rooms[number % len(rooms)] if here else None, "note": "Vi börjar med kaffe.",
        "join_url": f"https://video.example/{number}" if there else "",
    }  # fmt: skip


def add_crowd(like: BenchFeed, count: int) -> None:
    """`count` more sessions in calendars of 50 that nobody asks for, copied from one by the database itself.

    Their events are one variant's and short: what counts is how many rows the tables and their indexes hold.
    """
    columns = [column.name for column in TrainingSession.__table__.c if column.name not in {"id", "uid"}]
    listed = ", ".join(columns)
    numbers = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)"
    crowd = "FROM training_session WHERE uid LIKE 'crowd-%'"
    with unit_of_work():
        run = db.session.connection().execute
        run(
            text(
                f"INSERT INTO training_session (uid, {listed}) {numbers} SELECT 'crowd-' || n, {listed}"
                " FROM numbers, training_session WHERE id = :id"
            ),
            {"count": count, "id": like.training_id},
        )
        for scope, key in (("series", "'crowd-' || (id / 50)"), ("municipality", "'crowd'")):
            run(
                text(
                    "INSERT INTO calendar_member (scope, key, training_id)"
                    f" SELECT '{scope}', {key}, id {crowd}"
                )
            )
        run(
            text(
                "INSERT INTO stored_event (id, mark, cancelled, source, alarm, body)"
                " SELECT t.id, e.mark, e.cancelled, e.source, e.source, e.alarm"
                " FROM training_session t, stored_event e WHERE t.uid LIKE 'crowd-%' AND e.id = :id"
            ),
            {"id": like.training_id},
        )


def change(feed: BenchFeed, number: int) -> None:
    """Change a session of the feed as an organiser would, through the service that the pages use."""
    with unit_of_work():
        query = select(TrainingSession).where(TrainingSession.id == feed.training_id)
        loads = (
            selectinload(TrainingSession.facilitators), joinedload(TrainingSession.series),
            joinedload(TrainingSession.cohort),
        )  # fmt: skip
        training = db.session.scalars(query.options(*loads)).one()
        before = details_of(training)
        note = f"Ändring {number} {uuid.uuid4().hex[:8]}"
        details = type(before)(**{name: getattr(before, name) for name in before.__slots__} | {"note": note})
        series_service.edit_session(training, details, by=system("bench"))
    db.session.remove()


# --- the load run's own series ---

COMPANIES, PEOPLE_EACH, SEATS = 6, 10, 15
COMING, PAST = 6, 3


@dataclass(frozen=True, slots=True)
class Arena:
    """One series that the simulated people work on: sessions to plan and book, and sessions to mark."""

    series_id: int
    key: str
    coming: tuple[int, ...]
    past: tuple[int, ...]


def add_arenas(count: int, place_code: str = "1885") -> list[Arena]:
    """`count` published series with more people than seats, where the demo's accounts plan and mark."""
    with unit_of_work():
        organisation = db.session.scalars(select(Organisation).order_by(Organisation.id)).first()
        leaders = db.session.scalars(select(User).where(User.email == "handledare@demo.example")).all()
        if organisation is None:
            raise LookupError("the demo is not there")
        return [_add_arena(n, organisation.id, place_code, list(leaders)) for n in range(count)]


def _add_arena(number: int, organisation_id: int, code: str, leaders: list[User]) -> Arena:
    series = Series(
        key=f"arena-{number}", organisation_id=organisation_id, municipality_code=code, title=f"Arena {number}",
        published_at=now(), competences=["1.1"],
    )  # fmt: skip
    companies = [
        Company(name=f"Arena {number} Bolag {n} AB", municipality_code=code) for n in range(COMPANIES)
    ]
    db.session.add_all([series, *companies])
    db.session.flush()
    step = Step(
        series_id=series.id, key="s1", position=1, title="Steg 1", goals=GOALS, minutes=MINUTES, mode="hybrid"
    )
    cohort = Cohort(series_id=series.id, name="Grupp 1", companies=companies)
    people = [
        Person(name=f"Person {number} {n} {company.id}", email=f"p{number}.{n}.{company.id}@load.example",
               company_id=company.id, municipality_code=code)
        for company in companies for n in range(PEOPLE_EACH)
    ]  # fmt: skip
    db.session.add_all([step, cohort, *people])
    db.session.flush()
    days = [*range(-PAST, 0), *range(3, 3 + COMING)]
    trainings = [
        TrainingSession(
            uid=str(uuid.uuid4()), series_id=series.id, step_id=step.id, cohort_id=cohort.id, mode="hybrid",
            starts_at=_at(day, time(8 + 2 * number)), ends_at=_at(day, time(10 + 2 * number)),
            seats_on_site=SEATS, seats_remote=SEATS, facilitators=leaders,
        )
        for day in days
    ]  # fmt: skip
    db.session.add_all(trainings)
    db.session.flush()
    ids = [training.id for training in trainings]
    return Arena(series.id, series.key, tuple(ids[PAST:]), tuple(ids[:PAST]))


def _at(days: int, clock: time) -> datetime:
    return datetime.combine(today() + timedelta(days=days), clock, ZONE).astimezone(UTC)

"""Filler for load tests: N municipalities' worth of companies, people, series, sessions and presence.

Written in bulk, past the services: it must be quick, and nobody reads it one by one. Rows keep the tables' rules.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import func, insert, select
from sqlalchemy.orm import DeclarativeBase

from planner.attendance.models import Enrolment, Presence, PresenceEntry
from planner.base.clock import ZONE, now
from planner.base.db import db, unit_of_work
from planner.base.types import swedish_sort_key
from planner.calendars.queries import list_training_ids
from planner.cli.calendars import rebuild_calendars
from planner.directory.models import Company, Municipality, Organisation, Person
from planner.series.models import Cohort, Series, Step, TrainingSession, cohort_company

SERIES, STEPS, COHORTS, COMPANIES, PEOPLE = 4, 8, 3, 60, 600
MINUTES = 120


def fill(count: int, console: Console) -> None:
    """Add `count` municipalities' worth to whatever there is, one transaction each, with a progress bar."""
    places = db.session.scalars(select(Municipality).order_by(Municipality.code.desc()).limit(count)).all()
    organisation_id = db.session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
    last = db.session.scalar(select(func.max(TrainingSession.id))) or 0
    with Progress(console=console) as progress:
        task = progress.add_task("Filling", total=len(places))
        for number, place in enumerate(places):
            with unit_of_work():
                _fill_one(place, int(organisation_id or 0), number)
            progress.advance(task)
    rebuild_calendars(list_training_ids(after=last), console)


def _fill_one(place: Municipality, organisation_id: int, number: int) -> None:
    mark = uuid.uuid4().hex[:6]
    companies = _companies(place, mark)
    people = _people(place, mark, companies)
    for index in range(SERIES):
        series_id, steps, cohorts = _series(place, organisation_id, f"{mark}-{index}", index)
        for cohort_index, cohort_id in enumerate(cohorts):
            inside = companies[cohort_index::COHORTS]
            _put(cohort_company, [{"cohort_id": cohort_id, "company_id": company} for company in inside])
            members = [person for person, company in people if company in set(inside)]
            _put(
                Enrolment,
                [{"series_id": series_id, "person_id": person, "cohort_id": cohort_id} for person in members],
            )
            trainings = _trainings(series_id, steps, cohort_id, number + index + cohort_index)
            for training_id, starts_at in trainings:
                if starts_at < now():
                    _presence(training_id, starts_at, members)


def _put(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Insert the rows; the new ids in the rows' order for a model with an integer `id`."""
    if not rows:
        return []
    is_model = isinstance(table, type) and issubclass(table, DeclarativeBase)
    if not is_model or "id" not in table.__table__.c or table is PresenceEntry:
        db.session.execute(insert(table), rows)
        return []
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return [int(value) for value in db.session.scalars(statement, rows)]


def _named(name: str) -> dict[str, Any]:
    return {"name": name, "sort_key": swedish_sort_key(name)}


def _companies(place: Municipality, mark: str) -> list[int]:
    rows = [
        {**_named(f"{place.name} Verkstad {mark} {n:02d} AB"), "municipality_code": place.code, "revision": 1,
         "sni_version": "SNI2025", "sni_division": "25", "size_class": "small"}
        for n in range(COMPANIES)
    ]  # fmt: skip
    return _put(Company, rows)


def _people(place: Municipality, mark: str, companies: list[int]) -> list[tuple[int, int]]:
    rows = [
        {**_named(f"Deltagare {n:03d} {mark}"), "email": f"d{n}.{mark}@scale.example", "revision": 1,
         "is_contact": n < COMPANIES, "municipality_code": place.code, "company_id": companies[n % COMPANIES]}
        for n in range(PEOPLE)
    ]  # fmt: skip
    return [(person, row["company_id"]) for person, row in zip(_put(Person, rows), rows, strict=True)]


def _series(
    place: Municipality, organisation_id: int, mark: str, index: int
) -> tuple[int, list[int], list[int]]:
    (series_id,) = _put(
        Series,
        [{"key": f"scale-{mark}", "organisation_id": organisation_id, "municipality_code": place.code, "revision": 1,
          "title": f"Serie {index + 1} i {place.name}", "sort_key": f"serie {index + 1} {mark}", "published_at": now(), "competences": ["1.1", "2.1"]}],
    )  # fmt: skip
    steps = _put(
        Step,
        [{"series_id": series_id, "key": f"s{n}", "position": n, "title": f"Steg {n}", "minutes": MINUTES,
          "mode": ("on_site", "digital", "hybrid")[n % 3], "revision": 1} for n in range(1, STEPS + 1)],
    )  # fmt: skip
    cohorts = _put(
        Cohort,
        [{"series_id": series_id, "name": f"Grupp {n + 1}", "revision": 1} for n in range(COHORTS)],
    )
    return series_id, steps, cohorts


def _trainings(series_id: int, steps: list[int], cohort_id: int, shift: int) -> list[tuple[int, datetime]]:
    """One session a week for the cohort, half of them before now."""
    monday = now().astimezone(ZONE).date() - timedelta(days=now().astimezone(ZONE).weekday())
    first = (
        datetime.combine(monday, time(9 + shift % 6), ZONE)
        - timedelta(weeks=STEPS // 2)
        + timedelta(days=shift % 5)
    )
    starts = [(first + timedelta(weeks=week)).astimezone(UTC) for week in range(STEPS)]
    rows = [
        {"uid": str(uuid.uuid4()), "series_id": series_id, "step_id": step, "cohort_id": cohort_id, "revision": 1,
         "starts_at": at, "ends_at": at + timedelta(minutes=MINUTES), "mode": ("on_site", "digital", "hybrid")[n % 3]}
        for n, (step, at) in enumerate(zip(steps, starts, strict=True))
    ]  # fmt: skip
    return list(zip(_put(TrainingSession, rows), starts, strict=True))


def _presence(training_id: int, starts_at: datetime, members: list[int]) -> None:
    verdicts = [*["present"] * 7, "late", "excused", "absent"]
    rows = []
    for n, person in enumerate(members):
        verdict = verdicts[(n + training_id) % len(verdicts)]
        minutes = MINUTES if verdict in ("present", "late") else 0
        rows.append({"id": str(uuid.uuid4()), "training_id": training_id, "person_id": person, "verdict": verdict,
                     "minutes": minutes, "place": "on_site", "via": "roster", "by_name": "scale",
                     "noted_at": starts_at})  # fmt: skip
    _put(PresenceEntry, rows)
    kept = ("training_id", "person_id", "verdict", "minutes", "place")
    _put(Presence, [{**{name: row[name] for name in kept}, "entry_id": row["id"]} for row in rows])

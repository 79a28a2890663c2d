"""Plain functions that make one row each, saved, with nothing behind the caller's back.

Every factory fills what must be there and takes the rest as keyword arguments named like the columns.
"""

from __future__ import annotations

import itertools
import uuid
from datetime import datetime, timedelta
from typing import Any

from planner.accounts.models import User, UserRole
from planner.attendance.models import Enrolment, Seat
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role, Viewer, system
from planner.directory.models import Company, Municipality, Organisation, Person, Room, Venue
from planner.series.models import Cohort, Series, Step, TrainingSession
from planner.series_templates import service as templates
from planner.series_templates.models import SeriesTemplate, TemplateVersion
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument, to_document

LINDESBERG, NORA, HALLEFORS, LJUSNARSBERG, OREBRO, STOCKHOLM = "1885", "1884", "1863", "1864", "1880", "0180"
_number = itertools.count(1)


def _save(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def municipalities(*codes: str) -> list[Municipality]:
    return [db.session.get_one(Municipality, code) for code in codes]


def organisation(*codes: str, kind: str = "science_park", **values: Any) -> Organisation:
    """An organisation that serves the municipalities `codes` (Lindesberg unless given)."""
    codes = codes or (LINDESBERG,)
    values = {"name": f"Organisation {next(_number)}", "home_code": codes[0], **values}
    return _save(Organisation(kind=kind, municipalities=municipalities(*codes), **values))


def user(*roles: tuple[str, Organisation], **values: Any) -> User:
    """A user with `roles`, each a (role, organisation) pair."""
    n = next(_number)
    values = {"name": f"User {n}", "email": f"user{n}@example.test", **values}
    held = [UserRole(role=role, organisation_id=org.id) for role, org in roles]
    return _save(User(roles=held, **values))


def organiser(*codes: str) -> User:
    """An organiser of a new organisation that serves `codes`."""
    return user((Role.organiser, organisation(*codes)))


def viewer_of(account: User) -> Viewer:
    from planner.accounts.queries import viewer_for  # noqa: PLC0415 - keeps factories free of reads

    return viewer_for(account)


def company(code: str = LINDESBERG, **values: Any) -> Company:
    return _save(Company(**{"name": f"Company {next(_number)}", "municipality_code": code, **values}))


def person(company: Company | None = None, code: str = LINDESBERG, **values: Any) -> Person:
    n = next(_number)
    values = {"name": f"Person {n}", "email": f"person{n}@example.test", **values}
    if company is not None:
        values |= {"company_id": company.id, "municipality_code": company.municipality_code}
    return _save(Person(**{"municipality_code": code, **values}))


def venue(code: str = LINDESBERG, **values: Any) -> Venue:
    return _save(Venue(**{"name": f"Venue {next(_number)}", "municipality_code": code, **values}))


def room(place: Venue | None = None, capacity: int = 20, **values: Any) -> Room:
    place = place or venue()
    return _save(
        Room(**{"name": f"Room {next(_number)}", "venue_id": place.id, "capacity": capacity, **values})
    )


def step_document(number: int, **changes: Any) -> StepDocument:
    """A whole step with the key s<number>."""
    values = {
        "key": f"s{number}",
        "title": f"Step {number}",
        "goals": "Know more\nthan before",
        "preparation": "",
        "minutes": 120,
        "mode": Mode.ON_SITE,
        "gap_days": 0 if number == 1 else 7,
        **changes,
    }
    return StepDocument(**values)


def template_document(*, step_count: int = 2, **changes: Any) -> TemplateDocument:
    """A document that may be published, with `step_count` steps of 120 minutes."""
    values = {
        "title": f"Template {next(_number)}",
        "summary": "What it is about",
        "audience": "Those who make things",
        "competences": ("1.1", "3.4"),
        "steps": tuple(step_document(number) for number in range(1, step_count + 1)),
        **changes,
    }
    return TemplateDocument(**values)


def template(
    organisation: Organisation, document: TemplateDocument | None = None, **values: Any
) -> SeriesTemplate:
    """A template with only a draft."""
    document = document or template_document()
    values = {"title": document.title, "draft": to_document(document), **values}
    return _save(SeriesTemplate(organisation_id=organisation.id, organisation=organisation, **values))


def published_template(
    organisation_: Organisation | None = None, document: TemplateDocument | None = None, note: str = ""
) -> TemplateVersion:
    """Version 1 of a new template of the organisation (a new one unless given), published through the service."""
    draft = template(organisation_ or organisation(), document)
    version = templates.publish(draft, note=note, by=system())
    db.session.commit()
    return version


def series(
    organiser_of: Organisation | None = None, code: str = LINDESBERG, steps: int = 2, **values: Any
) -> Series:
    """A draft series with `steps` steps of 120 minutes."""
    n = next(_number)
    organiser_of = organiser_of or organisation(code)
    made = [
        Step(key=f"s{i}", position=i, title=f"Step {i}", minutes=120, mode="on_site", gap_days=7)
        for i in range(1, steps + 1)
    ]
    values = {"title": f"Series {n}", "key": f"series-{n}", **values}
    return _save(Series(organisation_id=organiser_of.id, municipality_code=code, steps=made, **values))


def published_series(*args: Any, **values: Any) -> Series:
    return series(*args, **{"published_at": now() - timedelta(days=30), **values})


def cohort(of: Series, *companies: Company, **values: Any) -> Cohort:
    values = {"name": f"Cohort {next(_number)}", **values}
    return _save(Cohort(series_id=of.id, companies=list(companies), **values))


def training(
    of: Series, starts_at: datetime | None = None, minutes: int = 120, **values: Any
) -> TrainingSession:
    """A session of the first step, a week from now unless `starts_at` (aware) is given."""
    starts_at = starts_at or now() + timedelta(days=7)
    values = {"step_id": of.steps[0].id, "mode": "on_site", "uid": str(uuid.uuid4()), **values}
    ends_at = starts_at + timedelta(minutes=minutes)
    made = _save(TrainingSession(series_id=of.id, starts_at=starts_at, ends_at=ends_at, **values))
    # A test that asks it for its series finds that in the identity map only, which keeps what somebody holds.
    made.kept = of
    return made


def enrolment(of: Series, who: Person, cohort: Cohort | None = None) -> Enrolment:
    return _save(Enrolment(series_id=of.id, person_id=who.id, cohort_id=cohort.id if cohort else None))


def seat(at: TrainingSession, who: Person, place: str = "on_site", status: str = "booked") -> Seat:
    return _save(Seat(training_id=at.id, person_id=who.id, place=place, status=status))


def reserved_seat(
    at: TrainingSession, by: Company, place: str = "on_site", status: str = "booked", **values: Any
) -> Seat:
    """A seat without a name that the company holds."""
    return _save(Seat(training_id=at.id, company_id=by.id, place=place, status=status, **values))

"""Where things of the demo are: what an address needs to be a real one."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select

from planner.attendance.queries import spoken_code
from planner.base.db import db
from planner.certificates.models import Certificate
from planner.certificates.rules import shown_code
from planner.cli.demo.report import report
from planner.directory.models import Company, Organisation, Person, Room
from planner.invitations.rules import ending_token
from planner.reports.models import FrozenMonth, FunderProject
from planner.series.models import Series, TrainingSession
from planner.series.queries import SessionFilter, list_trainings
from planner.series_templates.models import SeriesTemplate
from planner.web.settings import current_settings
from tests.conftest import NOW


def list_places(app: Flask) -> dict[str, object]:
    """Numbers and keys by the names that the table of pages uses."""
    with app.app_context():
        lindesberg, nora, hallefors = (
            db.session.scalars(select(Series).where(Series.municipality_code == code)).one()
            for code in ("1885", "1884", "1863")
        )
        found = {
            **_of_series(lindesberg),
            **_links(),
            **_of_certificate(),
            "draft": hallefors.id,
            "nora": nora.id,
            "template": db.session.scalars(select(SeriesTemplate.id)).one(),
            "company": _named(Company, "Bergslagens Gjuteriteknik AB"),
            "person": _named(Person, "Sixten Kärna"),
            "organisation": _named(Organisation, "Alfred Nobel Science Park"),
            "municipality": _named(Organisation, "Lindesbergs kommun"),
            "project": _named(FunderProject, "Omställning Bergslagen"),
            "frozen": db.session.scalars(select(FrozenMonth.id)).one(),
            "room": _named(Room, "Stora salen"),
        }
        its = list_trainings(
            SessionFilter(company_id=int(str(found["company"])), after=NOW, with_cancelled=False)
        )
        found["company_session"], found["company_uid"] = its[0].id, its[0].uid
        found["venue"] = db.session.get_one(Room, found["room"]).venue_id
        db.session.remove()
        return found


def _of_series(series: Series) -> dict[str, object]:
    trainings = db.session.scalars(
        select(TrainingSession)
        .where(TrainingSession.series_id == series.id)
        .order_by(TrainingSession.starts_at)
    ).all()
    kept = [training for training in trainings if training.cancelled_at is None]
    on_now = next(training for training in kept if training.starts_at <= NOW < training.ends_at)
    return {
        "series": series.id,
        "key": series.key,
        "step": trainings[0].step_id,
        "cohort": trainings[0].cohort_id,
        "past": kept[0].id,
        "now": on_now.id,
        "now_uid": on_now.uid,
        "door": f"{on_now.uid}?k={spoken_code(current_settings().secret, on_now.uid)}",
        "coming": kept[-1].id,
        "uid": kept[-1].uid,
        "cancelled": next(training.id for training in trainings if training.cancelled_at is not None),
        "cancelled_uid": next(training.uid for training in trainings if training.cancelled_at is not None),
    }


def _of_certificate() -> dict[str, object]:
    made = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    return {"certificate": made.id, "certificate_code": shown_code(made.code)}


def _links() -> dict[str, object]:
    offered = report().links
    contact = next(link for link in offered if ", contact, Bergslagens" in link.who)
    # A participant of the cohort whose session is on at NOW.
    participant = next(link for link in offered if ", participant, Storå" in link.who)
    paths = [urlsplit(link.url).path for link in (contact, participant)]
    token = paths[1].removeprefix("/p/")
    who = db.session.get_one(Person, int(token.partition("-")[0]))
    return {
        "contact": paths[0],
        "participant": paths[1],
        "token": token,
        "ending": ending_token(current_settings().secret, who),
    }


def _named(model: type, name: str) -> int:
    return int(db.session.scalars(select(model.id).where(model.name == name)).one())

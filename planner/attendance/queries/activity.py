"""Who has not been expected anywhere for long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment, Presence, Seat
from planner.base.db import db
from planner.directory.models import Person
from planner.series.models import TrainingSession


def list_inactive(municipality_code: str, since: datetime, limit: int) -> Sequence[Person]:
    """People of the municipality whom no session since then, nor one to come, has anything to do with; by id.

    A contact is one only when archived. Somebody added or archived since then is none. Company and municipality loaded.
    """
    recent = TrainingSession.starts_at >= since
    seat = exists().where(Seat.person_id == Person.id, Seat.training_id == TrainingSession.id, recent)
    marked = exists().where(
        Presence.person_id == Person.id, Presence.training_id == TrainingSession.id, recent
    )
    stands = exists().where(
        Enrolment.person_id == Person.id,
        or_(
            Enrolment.created_at >= since,
            Enrolment.series_id.in_(select(TrainingSession.series_id).where(recent)),
        ),
        or_(Enrolment.ended_at.is_(None), Enrolment.ended_at >= since),
    )
    query = select(Person).where(
        Person.municipality_code == municipality_code,
        Person.erased_at.is_(None),
        Person.created_at < since,
        or_(Person.archived_at < since, Person.archived_at.is_(None) & Person.is_contact.is_(False)),
        ~seat,
        ~marked,
        ~stands,
    )
    loads = joinedload(Person.company), joinedload(Person.municipality)
    return db.session.scalars(query.options(*loads).order_by(Person.id).limit(limit)).all()

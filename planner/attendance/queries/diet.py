"""Reads of what people eat. An organiser can only ask for counts; none tells of one person but by their link."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select

from planner.attendance.models import DietaryNeed
from planner.attendance.queries.expected import booked_people
from planner.attendance.rules.diet import Diet, diet_holder
from planner.base.db import db
from planner.directory.models import Person
from planner.series.models import TrainingSession


def own_diet(training: TrainingSession, person: Person, secret: str) -> set[Diet]:
    """What the person has said of themselves for this session."""
    own = DietaryNeed.holder == diet_holder(secret, training.uid, person.id)
    query = select(DietaryNeed.what).where(DietaryNeed.training_id == training.id, own)
    return {Diet(what) for what in db.session.scalars(query)}


def count_diets(training: TrainingSession, secret: str) -> dict[Diet, int]:
    """How many of those who have a seat need what, the commonest first. Two statements."""
    booked = booked_people(TrainingSession.id == training.id).subquery()
    people: Any = db.session.scalars(select(booked.c.person_id))
    holders = {diet_holder(secret, training.uid, person_id) for person_id in people}
    rows = db.session.scalars(select(DietaryNeed).where(DietaryNeed.training_id == training.id))
    counted = Counter(Diet(row.what) for row in rows if row.holder in holders)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], list(Diet).index(item[0]))))

"""Whose code was held before the camera."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.attendance.queries.access import PeopleScope
from planner.attendance.rules import badge_of, read_badge
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.tokens import same
from planner.directory.models import Person


def get_person_by_badge(secret: str, text: str) -> Person:
    """Whose code this is, with company. Raises RefusedError, in words, for what is nobody's."""
    read = read_badge(text)
    if read is not None:
        query = select(Person).where(Person.id == read[0], Person.archived_at.is_(None))
        person = db.session.scalar(query.options(joinedload(Person.company)))
        if person is not None and same(badge_of(secret, person.id, person.link_generation), read[1]):
            return person
    raise RefusedError(_("This is nobody's code. Find the person on the list instead."), field="code")


def is_within(scope: PeopleScope, person: Person) -> bool:
    """Whether the person (company loaded) is one of those whom this scope lets somebody mark."""
    home = person.company.municipality_code if person.company else person.municipality_code
    return scope.codes is None or not scope.codes.isdisjoint({home, person.municipality_code})

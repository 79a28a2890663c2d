"""Reads of wordings, and of what people have chosen about their mail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.base.db import db
from planner.base.tokens import same
from planner.directory.models import Person
from planner.directory.rules import person_id_in
from planner.invitations.models import InvitationWish, MailChoice, MailWording
from planner.invitations.rules import LetterKind, ending_token


def find_wording(organisation_id: int, kind: LetterKind, language: str) -> MailWording | None:
    """The organisation's own words for this mail; None where it has the standard ones."""
    query = select(MailWording).where(
        MailWording.organisation_id == organisation_id,
        MailWording.kind == kind.value,
        MailWording.language == language,
    )
    return db.session.scalar(query)


def list_own_wordings(organisation_id: int) -> dict[str, dict[str, MailWording]]:
    """The organisation's own words: by kind, then by language."""
    found: dict[str, dict[str, MailWording]] = {}
    query = select(MailWording).where(MailWording.organisation_id == organisation_id)
    for row in db.session.scalars(query):
        found.setdefault(row.kind, {})[row.language] = row
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds for a person's mail."""

    language: str
    reminders: bool


def choice_of(person: Person) -> Chosen:
    """What the person has chosen about their mail, and what holds for those who have chosen nothing."""
    row, wish = db.session.get(MailChoice, person.id), db.session.get(InvitationWish, person.id)
    language = (row.language if row else None) or (wish.language if wish else None)
    return Chosen(language or "sv", row is None or row.reminders)


def find_person_by_ending(secret: str, token: str) -> Person | None:
    """Whose reminders this token ends; None when it is none, or no longer one."""
    id_ = person_id_in(token)
    if id_ is None:
        return None
    query = (
        select(Person)
        .where(Person.id == id_, Person.archived_at.is_(None))
        .options(joinedload(Person.municipality))
    )
    person = db.session.scalar(query)
    return person if person is not None and same(ending_token(secret, person), token) else None

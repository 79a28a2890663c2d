"""What a person chooses about their mail: the language, and whether they are reminded."""

from __future__ import annotations

from planner.base.db import db
from planner.calendars.rules import Language
from planner.directory.models import Person
from planner.invitations.models import InvitationWish, MailChoice
from planner.outbox.service import withdraw_all


def choose_reminders(person: Person, *, wanted: bool) -> None:
    """Reminders and follow-up mail come or do not; what waits to be sent is taken back. All other mail still comes."""
    _row(person).reminders = wanted
    db.session.flush()
    if not wanted:
        withdraw_all(f"reminder:{person.id}:")


def choose_language(person: Person, language: Language) -> None:
    """Their mail is in this language from now on, also their invitations."""
    _row(person).language = language
    wish = db.session.get(InvitationWish, person.id)
    if wish is not None:
        wish.language = language
    db.session.flush()


def _row(person: Person) -> MailChoice:
    row = db.session.get(MailChoice, person.id)
    if row is None:
        row = MailChoice(person_id=person.id, reminders=True)
        db.session.add(row)
    return row

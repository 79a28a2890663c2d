"""Whether a person wants invitations: their own choice, and nobody else's."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.attendance.service import settle_seats
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.calendars.rules import Language
from planner.directory.models import Person
from planner.invitations.models import InvitationWish
from planner.invitations.queries import list_coming_of


def wish(person: Person, language: Language) -> None:
    """The person wants invitations from now on, also to the sessions ahead where they have a seat already."""
    if not person.email:
        raise RefusedError(_("There is no address to send invitations to."))
    row = db.session.get(InvitationWish, person.id)
    if row is None:
        db.session.add(InvitationWish(person_id=person.id, language=language, wished_at=now()))
    else:
        row.language = language
    db.session.flush()
    for training in list_coming_of(person):
        settle_seats(training)  # gives those who stand to come their seat, and tells their calendars


def end_wish(person: Person) -> None:
    """No new invitations. Those that have arrived are still kept true: moved and cancelled when the session is."""
    row = db.session.get(InvitationWish, person.id)
    if row is not None:
        db.session.delete(row)
        db.session.flush()

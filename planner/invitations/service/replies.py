"""Taking in the answers that calendar programmes send.

A sender's address proves little (see the decision on invitations), so an answer reaches no further than the seat of
the one it names, and whoever lost a seat by it gets a mail with a link that takes it back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, delete
from sqlalchemy.dialects import postgresql, sqlite

from planner.attendance.rules import SeatStatus
from planner.attendance.service.seats import lock_session
from planner.base.clock import now
from planner.base.db import db
from planner.base.tokens import digest
from planner.calendars.rules.itip import Answer, Method
from planner.directory.models import Person
from planner.invitations.letters import Reading
from planner.invitations.models import Invitation, InvitationReply
from planner.invitations.queries import (
    find_seat,
    find_session,
    is_letter_known,
    list_invited,
    load_session,
    standing_of,
)
from planner.invitations.rules import TAKEN_IN, LetterKind, Meeting, Outcome, masked, outcome_of
from planner.invitations.service.seats import give_up_seat, take_seat
from planner.invitations.service.telling import Sender
from planner.invitations.service.writing import Occasion, write
from planner.series.models import TrainingSession

# Longer than any session lies ahead of its invitation's last change, as a rule: then an old answer is late anyway.
KEPT_FOR: Final = timedelta(days=365)


def take_in(arrival: str, reading: Reading, sender: Sender) -> Outcome | None:
    """Let a letter do what it may, and note what became of it; None when this very letter has been handled before.

    May raise a RefusedError from attendance; then nothing of it stands, and `note_letter` is for the caller.
    """
    known = is_letter_known(reading.digest)
    row = note_letter(arrival, reading, reading.problem or Outcome.unknown)
    if row is None:
        return None
    if reading.answer is not None:
        row.answer = reading.answer.status.value
        row.outcome = Outcome.twice if known else _answer(row, reading, reading.answer, sender)
    db.session.flush()
    return Outcome(row.outcome)


def note_letter(arrival: str, reading: Reading, outcome: Outcome) -> InvitationReply | None:
    """A row for the letter that `arrival` names; None when there is one, also when two workers write at once."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(InvitationReply).values(
        arrival=digest(arrival), letter=reading.digest, sender=masked(reading.sender), answer="",
        outcome=outcome.value, received_at=now(),
    )  # fmt: skip
    once = statement.on_conflict_do_nothing(index_elements=["arrival"]).returning(InvitationReply)
    return db.session.scalar(once)


def remove_old_replies() -> int:
    """Forget letters of which nobody asks any more; how many. For the worker."""
    old = delete(InvitationReply).where(InvitationReply.received_at < now() - KEPT_FOR)
    removed = db.session.execute(old)
    return removed.rowcount if isinstance(removed, CursorResult) else 0


def _answer(row: InvitationReply, reading: Reading, answer: Answer, sender: Sender) -> Outcome:
    training = find_session(answer.uid)
    if training is None:
        return Outcome.unknown
    row.training_id = training.id
    lock_session(training)
    invited = list_invited(training, answer.attendee)
    standing = standing_of(invited[0][0]) if len(invited) == 1 else None
    if standing is None:
        return Outcome.stranger
    invitation, person = invited[0]
    meeting = Meeting(training.ends_at, training.cancelled_at is not None)
    outcome = outcome_of(answer, reading.sender, standing, meeting, now())
    if outcome is not Outcome.stranger:
        row.person_id, row.sender = person.id, ""
    if outcome in TAKEN_IN:
        _act(training, person, invitation, answer, outcome, sender)
    return outcome


def _act(
    training: TrainingSession,
    person: Person,
    invitation: Invitation,
    answer: Answer,
    outcome: Outcome,
    sender: Sender,
) -> None:
    invitation.answer, invitation.answered_at = answer.status.value, answer.stamped_at
    seat = find_seat(training, person)
    holds = seat is not None and seat.status != SeatStatus.cancelled
    if outcome is Outcome.declined:
        db.session.flush()
        if holds:
            give_up_seat(training, person)
            _confirm(training, person, invitation, sender)
        return
    # Their calendar shows the session already: a seat taken back after a "no" needs no new invitation.
    invitation.method = Method.REQUEST.value
    db.session.flush()
    if outcome is Outcome.accepted or not holds:
        take_seat(training, person)


def _confirm(training: TrainingSession, person: Person, invitation: Invitation, sender: Sender) -> None:
    stamp = invitation.answered_at.strftime("%Y%m%d%H%M%S") if invitation.answered_at else ""
    write(
        LetterKind.session_declined,
        f"declined:{training.uid}:{person.id}:{invitation.sequence}:{stamp}",
        Occasion(person, load_session(training.id), invitation.language, sender.secret),
        {},
    )

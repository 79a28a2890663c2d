"""Telling calendars: looks over one session and queues the mails that its invitations ask for.

Called inside the unit of work of whatever changed, with the session's row locked. It compares what each person's
calendar has last been told with how things stand, so calling it again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.calendars.itip import invitation_bytes
from planner.calendars.queries import entry_of
from planner.calendars.rules import Variant, as_language
from planner.calendars.rules.itip import Method, PartStat, Party
from planner.directory.models import Person
from planner.invitations.models import Invitation
from planner.invitations.queries import Concerned, list_concerned, load_session, standing_of
from planner.invitations.rules import (
    MERGE_WAIT,
    LetterKind,
    Step,
    Values,
    Variable,
    next_sequence,
    next_stamp,
    next_step,
    told_digest,
)
from planner.invitations.service.writing import Occasion, write
from planner.outbox.rules import CalendarPart
from planner.outbox.service import withdraw
from planner.series.models import TrainingSession


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invites: the site's name and reply address, and the secret that makes personal links.

    `reads_answers`: somebody reads what comes to that address, so that answers may be asked for.
    """

    organiser: Party
    secret: str
    reads_answers: bool


def tell(training_id: int, sender: Sender) -> None:
    """Queue an invitation, an update or a cancellation for each person whose calendar needs it."""
    concerned = list_concerned(training_id)
    if not concerned:
        return
    training = load_session(training_id)
    if training.series.published_at is None or training.ends_at <= now():
        return
    told = told_digest(
        training.starts_at, training.ends_at, training.mode, training.room_id, training.join_url
    )
    is_on = training.cancelled_at is None
    for one in concerned:
        step = next_step(standing_of(one.invitation), told, is_coming=is_on and one.is_booked)
        if step is Step.close and one.invitation is not None:
            one.invitation.method = Method.CANCEL.value
        elif step is not Step.nothing:
            method = Method.REQUEST if step is Step.invite else Method.CANCEL
            _tell_one(training, one, method, told, sender)
    db.session.flush()


def _tell_one(training: TrainingSession, one: Concerned, method: Method, told: str, sender: Sender) -> None:
    before = one.invitation
    is_withdrawn = before is not None and withdraw(_key(training, before))
    has_left = before is not None and (before.has_left or not is_withdrawn)
    if before is not None and method is Method.CANCEL and not has_left:
        db.session.delete(before)  # nobody has seen any of it: there is nothing to take back
        return
    row = _revised(training, one, method, told)
    row.has_left = has_left
    _queue(training, one.person, row, sender)


def _revised(training: TrainingSession, one: Concerned, method: Method, told: str) -> Invitation:
    row, standing = one.invitation, standing_of(one.invitation)
    if row is None:
        row = Invitation(training_id=training.id, person_id=one.person.id)
        db.session.add(row)
    row.sequence = next_sequence(standing, training.sequence)
    row.revised_at = next_stamp(row.revised_at if standing else None, now())
    row.method, row.told, row.language = method.value, told, one.language
    row.answer, row.answered_at = PartStat.NEEDS_ACTION.value, None
    return row


def _key(training: TrainingSession, row: Invitation) -> str:
    return f"invitation:{training.uid}:{row.person_id}:{row.sequence}:{row.method}"


def _queue(training: TrainingSession, person: Person, row: Invitation, sender: Sender) -> None:
    method, is_update = Method(row.method), row.has_left and row.method == Method.REQUEST.value
    kind = LetterKind.session_changed if is_update else LetterKind.session_invited
    with force_locale(row.language):
        values = _answer(sender) if method is Method.REQUEST else _loss(training)
    write(
        kind if method is Method.REQUEST else LetterKind.session_cancelled,
        _key(training, row),
        Occasion(person, training, row.language, sender.secret),
        values,
        calendar=CalendarPart(method.value, _calendar(training, person, row, sender)),
        wait=MERGE_WAIT if is_update else timedelta(0),
    )


def _answer(sender: Sender) -> Values:
    if sender.reads_answers:
        return {
            Variable.answer: _(
                "If you cannot come, decline in your calendar: the answer reaches us."
                " You can also give up your seat here:"
            )
        }
    return {Variable.answer: _("If you cannot come, give up your seat here, so that somebody else gets it:")}


def _loss(training: TrainingSession) -> Values:
    title = training.step.title
    if training.cancelled_at is None:
        return {
            Variable.news: _(
                "You no longer have a seat at %(title)s. It is taken out of your calendar.", title=title
            )
        }
    return {
        Variable.news: _("%(title)s is cancelled.", title=title),
        Variable.reason: training.cancel_reason,
    }


def _calendar(training: TrainingSession, person: Person, row: Invitation, sender: Sender) -> str:
    variant = Variant(language=as_language(row.language), private=True)
    entry = replace(entry_of(training), sequence=row.sequence, revised_at=row.revised_at)
    method = Method(row.method)
    if method is Method.CANCEL and not entry.cancelled:
        with force_locale(row.language):
            entry = replace(entry, cancelled=True, cancel_reason=_("You have no seat at this session."))
    attendee = Party(person.name, person.email or "")
    return invitation_bytes(
        entry,
        variant,
        method=method,
        organiser=sender.organiser,
        attendee=attendee,
        rsvp=sender.reads_answers,
    ).decode()

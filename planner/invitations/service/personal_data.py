"""What mail keeps of a person: their choices, what their calendar was told, and the answers that came back."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select

from planner.base.db import db
from planner.directory.models import Person
from planner.directory.rules.personal_data import DataPart
from planner.invitations.models import Invitation, InvitationReply, InvitationWish, MailChoice
from planner.outbox.models import Message
from planner.series.models import Step, TrainingSession


def collect_mail(person: Person) -> list[DataPart]:
    """Choices, invitations, answers, and the mails that have been written."""
    wish, choice = db.session.get(InvitationWish, person.id), db.session.get(MailChoice, person.id)
    choices = [(wish is not None, choice is None or choice.reminders, choice.language if choice else None)]
    told = (
        select(
            Step.title, TrainingSession.starts_at, Invitation.method, Invitation.revised_at, Invitation.answer
        )
        .join(TrainingSession, TrainingSession.id == Invitation.training_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(Invitation.person_id == person.id)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    replies = (
        select(InvitationReply.received_at, InvitationReply.answer, InvitationReply.outcome)
        .where(InvitationReply.person_id == person.id)
        .order_by(InvitationReply.id)
    )
    mails = (
        select(Message.created_at, Message.subject, Message.status, Message.sent_at)
        .where(Message.recipient == person.email)
        .order_by(Message.id)
    )
    return [
        DataPart(
            "mail_choices", _("Choices of mail"),
            [("invitations", _("Invitations")), ("reminders", _("Reminders")), ("language", _("Language"))], choices,
        ),
        DataPart(
            "mail_invitations", _("Invitations"),
            [
                ("session", _("Session")), ("starts_at", _("Begins")), ("method", _("Way")), ("told_at", _("Told")),
                ("answer", _("Answer")),
            ],
            [tuple(row) for row in db.session.execute(told)],
        ),
        DataPart(
            "mail_replies", _("Answers"),
            [("received_at", _("Came")), ("answer", _("Answer")), ("outcome", _("What came of it"))],
            [tuple(row) for row in db.session.execute(replies)],
        ),
        DataPart(
            "mail_messages", _("Mail"),
            [("written_at", _("Written")), ("subject", _("Subject")), ("status", _("Status")), ("sent_at", _("Sent"))],
            [tuple(row) for row in db.session.execute(mails)] if person.email else [],
        ),
    ]  # fmt: skip


def erase_mail(person: Person) -> None:
    """Delete all of it. Mails themselves are deleted by whoever erases the address."""
    for model in (InvitationWish, MailChoice, Invitation, InvitationReply):
        db.session.execute(
            delete(model).where(model.person_id == person.id),
            execution_options={"synchronize_session": "fetch"},
        )

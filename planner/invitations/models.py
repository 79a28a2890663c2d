"""Tables of invitations."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, Revised, rel
from planner.base.types import UtcDateTime
from planner.directory.models import Person
from planner.series.models import TrainingSession


class InvitationWish(Model):
    """A person who wants invitations, in this language. No row: they do not."""

    __tablename__ = "invitation_wish"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    wished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Invitation(Model):
    """What a person's calendar has last been told of a session.

    `sequence` and `revised_at` only rise: they are what a calendar goes by (RFC 5546 section 2.1.5), and are at least
    the session's own. `told` is a digest of the time, place and mode that were told. `has_left` says whether any mail
    before the last one may have arrived. `answer` is calendars' PartStat, `answered_at` the stamp of that answer.
    """

    __tablename__ = "invitation"

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    method: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int]
    revised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2))
    has_left: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InvitationReply(Model):
    """A letter that came to the reply address: what it said, and what was done. Its text is not kept.

    `arrival` names the letter in its mailbox, `letter` is a digest of its Message-ID, `sender` a masked address, empty
    when the person is known. `outcome` is rules.Outcome.
    """

    __tablename__ = "invitation_reply"
    __table_args__ = (Index("ix_invitation_reply_received", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    arrival: Mapped[str] = mapped_column(String(64), unique=True)
    letter: Mapped[str] = mapped_column(String(64), index=True)
    sender: Mapped[str] = mapped_column(String(100), default="")
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    training: Mapped[TrainingSession | None] = rel()
    person: Mapped[Person | None] = rel()


class MailWording(Revised, Model):
    """An organisation's own words for one kind of mail (rules.LetterKind) in one language. No row: the standard."""

    __tablename__ = "mail_wording"
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MailChoice(Model):
    """What a person has chosen about their mail. `language` None: not asked yet. No row: reminders come."""

    __tablename__ = "mail_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    language: Mapped[str | None] = mapped_column(String(2))
    reminders: Mapped[bool] = mapped_column(default=True)


class SeriesMail(Model):
    """That somebody has decided about a series' mail. `follow_up_days` None: none. No row: rules.MailTerms()."""

    __tablename__ = "series_mail"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    follow_up_days: Mapped[int | None]


class SeriesReminder(Model):
    """One reminder of each session of the series, so many days before."""

    __tablename__ = "series_reminder"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)


class MailRound(Model):
    """That a round of mail about a session has been made: `kind` is rules.RoundKind, `days` before or after.

    `held_on` is the session's day at that time: one that moves to another day is reminded of again.
    """

    __tablename__ = "mail_round"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    held_on: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

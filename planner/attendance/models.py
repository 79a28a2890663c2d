"""Tables of attendance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from planner.attendance.errors import LedgerIsFixedError
from planner.base.clock import now
from planner.base.db import Model, rel
from planner.base.types import UtcDateTime
from planner.directory.models import Company, Person
from planner.series.models import Cohort, Series, TrainingSession


class Enrolment(Model):
    """A person's standing place in a series, in a cohort or outside them. Ended by `ended_at`, never deleted."""

    __tablename__ = "enrolment"
    __table_args__ = (UniqueConstraint("series_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    series: Mapped[Series] = rel()
    person: Mapped[Person] = rel()
    cohort: Mapped[Cohort | None] = rel()


class Seat(Model):
    """A place at one session: a person's, or one that a company has reserved (`company_id`) and may leave unnamed.

    `status` is rules.SeatStatus, `place` is on_site or remote. `queued_at` orders the waiting list: first come, first
    served. `chosen` is False for a seat that only follows from a standing enrolment: it goes with it, and says nothing
    about what the person wants. `answer_by`: waiting no longer, but offered and held until then. `approval` is
    rules.Approval or empty, `note` why it was declined.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("training_id", "person_id"),
        CheckConstraint("person_id IS NOT NULL OR company_id IS NOT NULL", name="has_holder"),
        Index("ix_seat_training_status", "training_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(10))
    chosen: Mapped[bool] = mapped_column(default=True)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    approval: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(String(300), default="")

    training: Mapped[TrainingSession] = rel()
    person: Mapped[Person | None] = rel()
    company: Mapped[Company | None] = rel()


class SeriesSeatTerms(Model):
    """What is agreed about the seats of a series. No row: given at once, without approval."""

    __tablename__ = "series_seat_terms"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    answer_hours: Mapped[int] = mapped_column(default=0)
    needs_approval: Mapped[bool] = mapped_column(default=False)


class SessionSeatTerms(Model):
    """The same for one session; None where it follows the series."""

    __tablename__ = "session_seat_terms"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    answer_hours: Mapped[int | None]
    needs_approval: Mapped[bool | None]


class PresenceEntry(Model):
    """One line of the ledger: never updated, never deleted. `id` is a UUID made by the client, so a line that
    arrives twice counts once. `verdict` is rules.Verdict, `place` on_site or remote, `via` is rules.Via.

    `corrects_id` names the entry it stands instead of; then `reason` says why. `device` is a kind of browser and
    device, empty where none was used.
    """

    __tablename__ = "presence_entry"
    __table_args__ = (
        CheckConstraint("minutes >= 0", name="minutes"),
        Index("ix_presence_entry_training_person", "training_id", "person_id"),
        Index("ix_presence_entry_received", "received_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(10))
    via: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300), default="")
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("presence_entry.id"))
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    device: Mapped[str] = mapped_column(String(40), default="", server_default="")
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PresenceAnswer(Model):
    """What a person says of an entry that stands of them: right, or what is wrong (`words`). Never updated.

    The newest one about an entry holds; a correction is another entry, and asks anew.
    """

    __tablename__ = "presence_answer"
    __table_args__ = (Index("ix_presence_answer_training_person", "training_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("presence_entry.id"), index=True)
    agrees: Mapped[bool]
    words: Mapped[str] = mapped_column(String(500), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Presence(Model):
    """The current verdict per person and session, kept in the same transaction as the ledger's newest entry."""

    __tablename__ = "presence"

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    entry_id: Mapped[str] = mapped_column(ForeignKey("presence_entry.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(10))

    training: Mapped[TrainingSession] = rel()
    person: Mapped[Person] = rel()
    entry: Mapped[PresenceEntry] = rel()


class DietaryNeed(Model):
    """One thing that somebody needs at a session. `holder` is derived (rules.diet): whoever reads the table does not
    learn who it is. `what` is rules.Diet. Deleted some days after the session.
    """

    __tablename__ = "dietary_need"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    holder: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)


class SessionSignOff(Model):
    """Somebody has said that the attendance of a session is right. An entry received later is late."""

    __tablename__ = "session_sign_off"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def is_before(self, entry: PresenceEntry) -> bool:
        """Whether the entry came in after the sign-off."""
        return entry.received_at > self.signed_at


class RosterLink(Model):
    """A facilitator without an account, who marks one session by its own link. `name` is what the ledger says of them.

    The token is derived from the id and not stored; it dies with `revoked_at`, or a week after the session.
    """

    __tablename__ = "roster_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    training: Mapped[TrainingSession] = rel()


def _refuse(_mapper: Any, _connection: Any, entry: PresenceEntry) -> None:
    raise LedgerIsFixedError(f"presence entry {entry.id} cannot be changed or removed; write a new one")


event.listen(PresenceEntry, "before_update", _refuse)
event.listen(PresenceEntry, "before_delete", _refuse)


@event.listens_for(Session, "do_orm_execute")
def _refuse_in_bulk(state: ORMExecuteState) -> None:
    """The same for `update(PresenceEntry)` and `delete(PresenceEntry)`, which load no object."""
    if (state.is_update or state.is_delete) and any(
        mapper.class_ is PresenceEntry for mapper in state.all_mappers
    ):
        raise LedgerIsFixedError("presence entries cannot be changed or removed; write new ones")

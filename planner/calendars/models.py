"""Tables of calendars."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model
from planner.base.types import UtcDateTime


class Feed(Model):
    """One subscribed calendar: a scope and its own token.

    `scope` is rules.ScopeKind, `scope_key` that scope's id, code or key as text. The token is derived from `id` and
    `generation` (base.tokens), so it can be shown again; only its digest is stored. Made by a user or by a person.
    `mode` ("" for any) and `open_seats` narrow it; `detail` is rules.Detail.
    """

    __tablename__ = "feed"
    __table_args__ = (Index("ix_feed_scope", "scope", "scope_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    generation: Mapped[int] = mapped_column(default=0)
    scope: Mapped[str] = mapped_column(String(20))
    scope_key: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(2), default="sv")
    detail: Mapped[str] = mapped_column(String(5), default="full")
    reminder_minutes: Mapped[int | None]
    mode: Mapped[str] = mapped_column(String(10), default="")
    open_seats: Mapped[bool] = mapped_column(default=False)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[str] = mapped_column(String(60), default="")


class CalendarStamp(Model):
    """The version of what one subject's feeds can show. It rises in the transaction of every change seen there.

    `name` and `english_name` are the subject's, kept so that reading its feed need not look for it; None: look.
    """

    __tablename__ = "calendar_stamp"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int]
    name: Mapped[str | None] = mapped_column(Text)
    english_name: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class CalendarMember(Model):
    """A session that stands in a subject's calendar.

    What is stored here is how it was; what the other tables say is how it is. The difference is what changed.
    """

    __tablename__ = "calendar_member"
    # No row id on SQLite: a calendar's sessions lie side by side.
    __table_args__ = {"sqlite_with_rowid": False}

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class StoredEvent(Model):
    """The finished bytes of one session in one of rules.STORED_VARIANTS, made once per revision.

    `id` is `rules.event_id(variant, training_id)`: one number, so that a join takes one step and a variant's events
    lie side by side. `mark` sorts by time and tells these bytes from all others (rules.mark). `alarm` is the reminder
    that is put in before the end when a feed asks for one, its time left open; empty for none. `source` is a digest
    of everything they were made from.
    """

    __tablename__ = "stored_event"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    mark: Mapped[bytes]
    cancelled: Mapped[bool]
    source: Mapped[bytes]
    alarm: Mapped[bytes]
    body: Mapped[bytes]


class Departure(Model):
    """A session that left a subject's calendar, told there as cancelled for a while with the bytes it left with.

    `sequence` is the SEQUENCE in those bytes: the session has a higher one when it comes back.
    """

    __tablename__ = "calendar_departure"

    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    left_on: Mapped[date] = mapped_column(index=True)
    sequence: Mapped[int]


class DepartedEvent(Model):
    """The bytes of a session that left, as it stood when it carried `sequence`; `variant` is a Variant.number."""

    __tablename__ = "departed_event"

    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True)
    variant: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[bytes]
    body: Mapped[bytes]


class CalendarBuild(Model):
    """What all stored events have been made with (rules.build_key). Without the present key, they need a rebuild."""

    __tablename__ = "calendar_build"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    built_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

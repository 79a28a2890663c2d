"""Tables of the outbox."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model
from planner.base.types import UtcDateTime


class Message(Model):
    """One mail. `status` is queued, sent or failed; `key` is unique and is its Message-ID's left part.

    `calendar` is an iCalendar text with the method `calendar_method`; None for an ordinary mail. `html` says the same
    as `body`. `organisation_id` is whose mail it is, None for the site's own; no key, since this room knows none.
    `unsubscribe` is the address that ends mail of its kind, None for what everybody gets.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_due", "status", "due_at"),
        Index("ix_message_organisation", "organisation_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(255))
    body: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    calendar_method: Mapped[str | None] = mapped_column(String(10))
    organisation_id: Mapped[int | None]
    unsubscribe: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(500), default="")

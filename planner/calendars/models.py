"""Tables of calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model
from planner.base.types import UtcDateTime


class Feed(Model):
    """One subscribed calendar: a scope and its own token.

    `scope` is rules.ScopeKind, `scope_key` that scope's id, code or key as text. The token is derived from `id` and
    `generation` (base.tokens), so it can be shown again; only its digest is stored. Made by a user or by a person.
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
    reminder_minutes: Mapped[int | None]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fetched_by: Mapped[str] = mapped_column(String(60), default="")

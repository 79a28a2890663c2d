"""Tables of certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, rel
from planner.base.types import UtcDateTime
from planner.directory.models import Person
from planner.series.models import Series


class CertificateRule(Model):
    """What a certificate of the series asks for. No row: there are none. `kind` is rules.RuleKind."""

    __tablename__ = "certificate_rule"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    least: Mapped[int] = mapped_column(default=0)


_HOLDS = text("withdrawn_at IS NULL")


class Certificate(Model):
    """One certificate. `content` is rules.Content as it was when it was issued, `code` what finds it (12 letters).

    Withdrawn it stays, with when and why; of a person and series at most one is not. `replaces_id`: the one that
    this stands instead of.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_holding", "series_id", "person_id", unique=True, sqlite_where=_HOLDS,
            postgresql_where=_HOLDS,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[dict[str, Any]]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_name: Mapped[str] = mapped_column(String(200), default="")
    withdraw_reason: Mapped[str] = mapped_column(String(300), default="")

    series: Mapped[Series] = rel()
    person: Mapped[Person] = rel()

"""Tables of what passed between templates and series."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, rel
from planner.base.types import UtcDateTime
from planner.directory.models import Municipality
from planner.series.models import Series
from planner.series_templates.models import SeriesTemplate, TemplateVersion


class TemplateUpdate(Model):
    """What a series decided about a newer version: the entry in its history. `outcome` is a rules.Outcome.

    `before` and `after` hold what undoing puts back, and what must still stand for it (rules.Snapshot).
    """

    __tablename__ = "template_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    decisions: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    series: Mapped[Series] = rel()
    from_version: Mapped[TemplateVersion] = rel(foreign_keys=[from_version_id])
    to_version: Mapped[TemplateVersion] = rel(foreign_keys=[to_version_id])


class TemplateProposal(Model):
    """A series' own change, offered to the template's owner. `outcome` is a rules.ProposalOutcome.

    `document` is the series as it was when proposed, `paths` the changes (as in merges) that are proposed.
    """

    __tablename__ = "template_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("series_template.id"), index=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("template_version.id"))
    document: Mapped[dict[str, Any]]
    paths: Mapped[list[str]]
    comment: Mapped[str] = mapped_column(String(2000), default="")
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    by_municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    answer: Mapped[str] = mapped_column(String(2000), default="")
    outcome: Mapped[str] = mapped_column(String(10), default="open")
    answered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_in_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"), index=True)

    template: Mapped[SeriesTemplate] = rel()
    series: Mapped[Series | None] = rel()
    from_version: Mapped[TemplateVersion] = rel(foreign_keys=[from_version_id])
    accepted_in_version: Mapped[TemplateVersion | None] = rel(foreign_keys=[accepted_in_version_id])
    municipality: Mapped[Municipality] = rel()

"""Tables of series templates."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column

from planner.base.clock import now
from planner.base.db import Model, Revised, rel
from planner.base.types import UtcDateTime
from planner.directory.models import Organisation
from planner.series_templates.errors import VersionIsFixedError


class SeriesTemplate(Revised, Model):
    """The reusable design. `draft` is a rules.TemplateDocument as JSON; `title` repeats the draft's for lists.

    `visibility` is a rules.Visibility. `forked_from_version_id` is the origin it was copied from, the base of
    merges.
    """

    __tablename__ = "series_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    draft: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visibility: Mapped[str] = mapped_column(String(10), default="everyone")
    forked_from_version_id: Mapped[int | None] = mapped_column(
        # Two tables that point at each other: this key is added when both are there.
        ForeignKey("template_version.id", use_alter=True),
        index=True,
    )

    organisation: Mapped[Organisation] = rel()
    versions: Mapped[list[TemplateVersion]] = rel(
        back_populates="template",
        order_by="TemplateVersion.number",
        foreign_keys="TemplateVersion.template_id",
    )
    forked_from: Mapped[TemplateVersion | None] = rel(
        foreign_keys=[forked_from_version_id], remote_side="TemplateVersion.id"
    )


class TemplateVersion(Model):
    """An immutable snapshot.

    `step_count`, `minutes` (sum), `words` (folded text to search) and `topics` are read from `document` for
    the gallery.
    """

    __tablename__ = "template_version"
    __table_args__ = (UniqueConstraint("template_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("series_template.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(2000))
    step_count: Mapped[int]
    minutes: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(1000), default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    template: Mapped[SeriesTemplate] = rel(back_populates="versions", foreign_keys=[template_id])
    topics: Mapped[list[TemplateTopic]] = rel(
        order_by="TemplateTopic.competence_id", cascade="all, delete-orphan"
    )


class TemplateTopic(Model):
    """A competence area (DigComp id such as 3.4) that a version covers; kept for finding by topic."""

    __tablename__ = "template_topic"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("template_version.id", ondelete="CASCADE"), primary_key=True
    )
    competence_id: Mapped[str] = mapped_column(String(8), primary_key=True, index=True)


@event.listens_for(TemplateVersion, "before_update")
def _refuse_change(_mapper: Any, _connection: Any, version: TemplateVersion) -> None:
    """A series that was made from a version merges against it for years: it must stay what it was."""
    changed = [attribute.key for attribute in inspect(version).attrs if attribute.history.has_changes()]
    if changed:
        raise VersionIsFixedError(changed)

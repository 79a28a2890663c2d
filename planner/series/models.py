"""Tables of series."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import Model, Revised, rel
from planner.base.types import SortKey, UtcDateTime, swedish_sort_key
from planner.directory.models import Company, Municipality, Organisation, Room
from planner.series_templates.models import TemplateVersion

series_municipality = Table(
    "series_municipality",
    Model.metadata,
    Column("series_id", ForeignKey("series.id", ondelete="CASCADE"), primary_key=True),
    Column("municipality_code", ForeignKey("municipality.code"), primary_key=True, index=True),
)

cohort_company = Table(
    "cohort_company",
    Model.metadata,
    Column("cohort_id", ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True),
    Column("company_id", ForeignKey("company.id"), primary_key=True, index=True),
)

session_facilitator = Table(
    "session_facilitator",
    Model.metadata,
    Column("training_id", ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), primary_key=True, index=True),
)


class Series(Revised, Model):
    """One planned run. `municipality_code` coordinates; `neighbours` take part through it.

    `published_at` None: a draft, on no public page and in no feed. `key` is its public address.
    `template_version_id` is the merge base of later template updates; None when made from nothing. `locked` are the
    paths (as in merges) that updates leave alone.
    """

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipality.code"), index=True)
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey, index=True)
    summary: Mapped[str] = mapped_column(String(2000), default="")
    audience: Mapped[str] = mapped_column(String(500), default="")
    competences: Mapped[list[str]] = mapped_column(default=list)
    locked: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    organisation: Mapped[Organisation] = rel()
    municipality: Mapped[Municipality] = rel()
    neighbours: Mapped[list[Municipality]] = rel(
        secondary=series_municipality, order_by="Municipality.sort_key"
    )
    template_version: Mapped[TemplateVersion | None] = rel()
    steps: Mapped[list[Step]] = rel(
        back_populates="series",
        order_by="Step.position",
        cascade="all, delete-orphan",
        primaryjoin="and_(Step.series_id == Series.id, Step.removed_at.is_(None))",
    )
    cohorts: Mapped[list[Cohort]] = rel(
        back_populates="series", order_by="Cohort.id", cascade="all, delete-orphan"
    )
    trainings: Mapped[list[TrainingSession]] = rel(
        back_populates="series", order_by="TrainingSession.starts_at"
    )

    @property
    def municipality_codes(self) -> frozenset[str]:
        """Where it belongs: the one that coordinates and the neighbours taking part (loaded)."""
        return frozenset({self.municipality_code, *(place.code for place in self.neighbours)})

    @validates("title")
    def _sort_with_title(self, _key: str, title: str) -> str:
        self.sort_key = swedish_sort_key(title)
        return title


class Step(Revised, Model):
    """One ordered part. `key` is stable and comes from the template's step; `minutes` and `gap_days` are whole.

    `position` counts from 1 without holes. `gap_days` is the recommended number of days after the step before.
    `removed_at`: no longer a step of the series, kept for the cancelled sessions that show its words.
    """

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("series_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    goals: Mapped[str] = mapped_column(String(4000), default="")
    preparation: Mapped[str] = mapped_column(String(4000), default="")
    minutes: Mapped[int]
    mode: Mapped[str] = mapped_column(String(10))
    gap_days: Mapped[int] = mapped_column(default=7)
    materials: Mapped[str] = mapped_column(String(4000), default="")
    follow_up: Mapped[str] = mapped_column(String(4000), default="")
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    series: Mapped[Series] = rel(back_populates="steps")


class Cohort(Revised, Model):
    """Companies that go through the steps together."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("series_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(String(1000), default="")

    series: Mapped[Series] = rel(back_populates="cohorts")
    companies: Mapped[list[Company]] = rel(secondary=cohort_company, order_by="Company.sort_key")


class TrainingSession(Revised, Model):
    """One dated meeting of one step: `[starts_at, ends_at)`, planned on the wall clock of `zone`.

    `cohort_id` None: open to all of the series. `mode` is series_templates.rules.Mode. `seats_*` None: no limit set.
    `sequence` and `revised_at` are what calendars see (RFC 5545 SEQUENCE, LAST-MODIFIED); `revision` guards edits.
    `moved_from_at` is where it stood before its last move. `clash_reason` is why a known clash was saved over.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_training_session_series_starts", "series_id", "starts_at"),
        Index("ix_training_session_room_starts", "room_id", "starts_at"),
        Index("ix_training_session_starts", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Stockholm")
    mode: Mapped[str] = mapped_column(String(10))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    join_url: Mapped[str] = mapped_column(String(1000), default="")
    seats_on_site: Mapped[int | None]
    seats_remote: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    moved_from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    clash_reason: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    revised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    series: Mapped[Series] = rel(back_populates="trainings")
    step: Mapped[Step] = rel()
    cohort: Mapped[Cohort | None] = rel()
    room: Mapped[Room | None] = rel()
    facilitators: Mapped[list[User]] = rel(secondary=session_facilitator, order_by="User.sort_key")

    @property
    def minutes(self) -> int:
        """Its length in whole minutes."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class SessionChange(Model):
    """What was done to a session, when and by whom: the history shown beside it. `what` is a rules.Change."""

    __tablename__ = "session_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(
        ForeignKey("training_session.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

"""Pure decisions about series and sessions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.series_templates.rules import Mode

LONGEST_SESSION: Final = timedelta(hours=12)


class Change(StrEnum):
    """What can be done to a session."""

    placed = "placed"
    moved = "moved"
    edited = "edited"
    cancelled = "cancelled"
    restored = "restored"
    renamed = "renamed"  # its step, series, venue or facilitator got another name


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """What is set when a session is placed or edited: `[starts_at, ends_at)`, aware.

    `room_id` is kept only when people meet on site, `join_url` only when they meet remotely; seats None: no limit.
    """

    starts_at: datetime
    ends_at: datetime
    mode: Mode
    room_id: int | None = None
    join_url: str = ""
    seats_on_site: int | None = None
    seats_remote: int | None = None
    note: str = ""
    facilitator_ids: tuple[int, ...] = ()

    @property
    def is_on_site(self) -> bool:
        """Whether anyone meets in a room."""
        return self.mode is not Mode.DIGITAL

    @property
    def is_remote(self) -> bool:
        """Whether anyone joins by video."""
        return self.mode is not Mode.ON_SITE

    def shifted(self, starts_at: datetime) -> SessionDetails:
        """The same at another time, as long as before."""
        length = self.ends_at - self.starts_at
        return SessionDetails(
            starts_at,
            starts_at + length,
            self.mode,
            self.room_id,
            self.join_url,
            self.seats_on_site,
            self.seats_remote,
            self.note,
            self.facilitator_ids,
        )


@dataclass(frozen=True, slots=True)
class SeriesTexts:
    """What a series says of itself; `competences` are DigComp ids."""

    title: str
    summary: str = ""
    audience: str = ""
    competences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepTexts:
    """What a step says; `minutes` its length, `gap_days` the recommended days after the step before."""

    title: str
    minutes: int
    mode: Mode
    goals: str = ""
    preparation: str = ""
    gap_days: int = 7
    materials: str = ""
    follow_up: str = ""


def time_problem(starts_at: datetime, ends_at: datetime) -> str | None:
    """Why these times cannot be a session's ("backwards" or "too_long"); None when they can."""
    if ends_at <= starts_at:
        return "backwards"
    return "too_long" if ends_at - starts_at > LONGEST_SESSION else None


def slug(title: str) -> str:
    """The title as part of an address: lower-case ASCII words joined by hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "series"


def moved_order(keys: list[str], key: str, to: int) -> list[str]:
    """`keys` with `key` moved to the position `to` (from 0), clamped to the ends."""
    rest = [other for other in keys if other != key]
    to = max(0, min(to, len(rest)))
    return [*rest[:to], key, *rest[to:]]


class Status(StrEnum):
    """Where a session stands, as a word on a page."""

    draft = "draft"
    planned = "planned"
    moved = "moved"
    held = "held"
    cancelled = "cancelled"


def session_status(
    *, published: bool, cancelled: bool, moved: bool, ends_at: datetime, at: datetime
) -> Status:
    """The one word for a session at the instant `at`; a cancelled one is cancelled whatever else is true."""
    if cancelled:
        return Status.cancelled
    if ends_at <= at:
        return Status.held
    if not published:
        return Status.draft
    return Status.moved if moved else Status.planned

"""What the start page puts first, and what it says still needs doing. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.plan.rules import SessionFact
from planner.series.rules import Status
from planner.series_templates.rules import Mode

COMING: Final = timedelta(days=14)
LOOK_AHEAD: Final = timedelta(days=42)  # how early a missing room is worth a word
LOOK_BACK: Final = timedelta(days=30)  # how long missing attendance is asked for
SOON: Final = timedelta(hours=12)  # before this, a facilitator prepares; within it, people arrive


class Lack(StrEnum):
    """What a session lacks, the most urgent first."""

    attendance = "attendance"
    facilitator = "facilitator"
    room = "room"
    link = "link"
    clash = "clash"


@dataclass(frozen=True, slots=True)
class Watched:
    """A session with what the start page asks about it."""

    session: SessionFact
    is_mine: bool
    may_edit: bool
    has_room: bool = True
    has_link: bool = True
    has_clash: bool = False
    has_attendance: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: these sessions lack the same."""

    lack: Lack
    sessions: tuple[SessionFact, ...]


def lacks(watched: Watched, now: datetime) -> list[Lack]:
    """What the session lacks at the instant `now`, of what this viewer can do something about."""
    session = watched.session
    if session.status is Status.cancelled:
        return []
    if session.ends_at <= now:
        asked = (watched.may_edit or watched.is_mine) and session.ends_at > now - LOOK_BACK
        return [Lack.attendance] if asked and not watched.has_attendance else []
    if not watched.may_edit or session.starts_at > now + LOOK_AHEAD:
        return []
    missing = {
        Lack.facilitator: not session.facilitators,
        Lack.room: session.mode != Mode.DIGITAL and not watched.has_room,
        Lack.link: session.mode != Mode.ON_SITE and not watched.has_link,
        Lack.clash: watched.has_clash,
    }
    return [lack for lack, is_missing in missing.items() if is_missing]


def tasks(watched: Iterable[Watched], now: datetime) -> list[Task]:
    """What needs doing, the most urgent first, each with its sessions in time order."""
    found: dict[Lack, list[SessionFact]] = {lack: [] for lack in Lack}
    for item in sorted(watched, key=lambda item: item.session.starts_at):
        for lack in lacks(item, now):
            found[lack].append(item.session)
    return [Task(lack, tuple(sessions)) for lack, sessions in found.items() if sessions]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The coming two weeks: `first` is the viewer's own next session, then their other ones, then everyone else's."""

    first: SessionFact | None
    own: tuple[SessionFact, ...]
    others: tuple[SessionFact, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is coming."""
        return self.first is None and not self.own and not self.others


def agenda(watched: Iterable[Watched], now: datetime) -> Agenda:
    """What comes in the next two weeks; a session still counts until half an hour after its end, for late marks."""
    coming = sorted(
        (item for item in watched if _is_coming(item.session, now)), key=lambda item: item.session.starts_at
    )
    mine = [item.session for item in coming if item.is_mine]
    first = next((session for session in mine if session.status is not Status.cancelled), None)
    return Agenda(
        first,
        tuple(session for session in mine if session is not first),
        tuple(item.session for item in coming if not item.is_mine),
    )


def is_soon(session: SessionFact, now: datetime) -> bool:
    """Whether it is time to take attendance: from twelve hours before the start."""
    return session.status is not Status.cancelled and session.starts_at <= now + SOON


def _is_coming(session: SessionFact, now: datetime) -> bool:
    return session.ends_at > now - timedelta(minutes=30) and session.starts_at < now + COMING

"""Sessions as rows: when, what, how, how full."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from planner.base.days import local_day
from planner.plan.rules.facts import Links, SessionFact, Words, seats_left
from planner.series.rules import Status


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of a list; `left` is the places left, None when that says nothing."""

    url: str
    step: str
    title: str
    day: str
    week: str
    time: str
    mode: str
    place: str
    fill: str
    left: int | None
    status: str
    series: str
    municipality: str
    cohort: str
    fact: SessionFact
    is_next: bool = False


def build_rows(
    sessions: Iterable[SessionFact], words: Words, links: Links, *, now: datetime | None = None
) -> list[SessionRow]:
    """The sessions in time order; with `now`, the first that has not ended and is on is marked as next."""
    ordered = sorted(sessions, key=lambda session: (session.starts_at, session.uid))
    coming = (s.id for s in ordered if now and s.ends_at > now and s.status is not Status.cancelled)
    next_id = next(coming, None)
    return [_row(session, words, links, is_next=session.id == next_id) for session in ordered]


def _row(session: SessionFact, words: Words, links: Links, *, is_next: bool) -> SessionRow:
    day = local_day(session.starts_at)
    return SessionRow(
        url=links.session(session),
        step=str(session.step),
        title=session.title,
        day=words.day(day),
        week=words.week(day),
        time=words.span(session.starts_at, session.ends_at),
        mode=session.mode,
        place=session.place,
        fill=session.fill,
        left=seats_left(session),
        status=session.status,
        series=session.series,
        municipality=session.municipality,
        cohort=session.cohort or words.open_to_all,
        fact=session,
        is_next=is_next,
    )

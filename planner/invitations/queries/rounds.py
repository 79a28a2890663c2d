"""Which sessions reminders and follow-up mail are due for, and who gets them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, null, or_, select, true, union_all

from planner.attendance.models import Presence, Seat, SessionSignOff
from planner.attendance.queries.expected import seat_counts
from planner.attendance.rules import ATTENDED, SeatStatus, Verdict
from planner.base.days import day_interval, local_day
from planner.base.db import db
from planner.directory.models import Person
from planner.invitations.models import InvitationWish, MailChoice, MailRound, SeriesMail, SeriesReminder
from planner.invitations.rules import (
    FOLLOW_UP_DAYS,
    REMINDER_DAYS,
    STANDARD_REMINDERS,
    MailTerms,
    RoundKind,
    follow_up_window,
    latest_morning,
)
from planner.series.models import Series, TrainingSession
from planner.series.queries import TRAINING_LOADS


def series_mail(series: Series) -> MailTerms:
    """What is agreed about the series' mail."""
    row = db.session.get(SeriesMail, series.id)
    if row is None:
        return MailTerms()
    query = select(SeriesReminder.days).where(SeriesReminder.series_id == series.id)
    return MailTerms(tuple(sorted(db.session.scalars(query), reverse=True)), row.follow_up_days)


@dataclass(frozen=True, slots=True)
class Due:
    """A round of mail about a session held on a day: `days` before or after it."""

    kind: RoundKind
    training_id: int
    held_on: date
    days: int


def list_due_reminders(at: datetime, limit: int) -> list[Due]:
    """Rounds of reminders that are due and have not been made, the nearest session first."""
    morning = latest_morning(at)
    asked = []
    for days in REMINDER_DAYS:
        held_on = morning + timedelta(days=days)
        asked.append(and_(_held_on(held_on), _reminds(days), ~_is_done(RoundKind.reminder, days, held_on)))
    query = _kept().where(TrainingSession.starts_at > at, or_(*asked)).limit(limit)
    rows: Any = db.session.execute(query)
    return [
        Due(RoundKind.reminder, id_, local_day(starts_at), (local_day(starts_at) - morning).days)
        for id_, starts_at in rows
    ]


def list_due_follow_ups(at: datetime, limit: int) -> list[Due]:
    """Rounds of follow-up mail that are due, and whose sessions have their attendance noted.

    That is when it is signed off, or when everyone with a seat has a mark; on the last day, when anyone has.
    """
    asked = []
    for days in FOLLOW_UP_DAYS:
        first, last = follow_up_window(at, days)
        asked.append(
            and_(
                SeriesMail.follow_up_days == days,
                TrainingSession.starts_at >= day_interval(first).starts_at,
                TrainingSession.starts_at < day_interval(last).ends_at,
                or_(_is_noted(), _held_on(first)),
            )
        )
    done = exists().where(
        MailRound.training_id == TrainingSession.id, MailRound.kind == RoundKind.follow_up.value
    )
    marked = exists().where(Presence.training_id == TrainingSession.id)
    query = (
        _kept()
        .join(SeriesMail, SeriesMail.series_id == TrainingSession.series_id)
        .where(TrainingSession.ends_at <= at, or_(*asked), ~done, marked)
        .limit(limit)
    )
    rows: Any = db.session.execute(query)
    return [Due(RoundKind.follow_up, id_, local_day(starts_at), 0) for id_, starts_at in rows]


def _kept() -> Any:
    return (
        select(TrainingSession.id, TrainingSession.starts_at)
        .join(Series, Series.id == TrainingSession.series_id)
        .where(
            Series.published_at.is_not(None),
            Series.archived_at.is_(None),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )


def _held_on(day: date) -> ColumnElement[bool]:
    held = day_interval(day)
    return and_(TrainingSession.starts_at >= held.starts_at, TrainingSession.starts_at < held.ends_at)


def _reminds(days: int) -> ColumnElement[bool]:
    chosen = exists().where(
        SeriesReminder.series_id == TrainingSession.series_id, SeriesReminder.days == days
    )
    if days not in STANDARD_REMINDERS:
        return chosen
    return or_(chosen, ~exists().where(SeriesMail.series_id == TrainingSession.series_id))


def _is_done(kind: RoundKind, days: int, held_on: date) -> ColumnElement[bool]:
    return exists().where(
        MailRound.training_id == TrainingSession.id,
        MailRound.kind == kind.value,
        MailRound.days == days,
        MailRound.held_on == held_on,
    )


def _is_noted() -> ColumnElement[bool]:
    marked = exists().where(Presence.training_id == TrainingSession.id, Presence.person_id == Seat.person_id)
    open_seat = exists().where(
        Seat.training_id == TrainingSession.id,
        Seat.person_id.is_not(None),
        Seat.status == SeatStatus.booked.value,
        seat_counts(),
        ~marked,
    )
    return or_(exists().where(SessionSignOff.training_id == TrainingSession.id), ~open_seat)


@dataclass(frozen=True, slots=True)
class Reminded:
    """Somebody a round goes to. `came`: whether they were there; None before the session."""

    training_id: int
    person: Person
    language: str
    since: datetime | None
    came: bool | None


def list_to_remind(training_ids: Iterable[int]) -> list[Reminded]:
    """Who holds a seat at these sessions, with an address and without having ended reminders. One statement."""
    held = (
        select(
            Seat.training_id.label("training_id"), Seat.person_id.label("person_id"),
            Seat.changed_at.label("since"), null().label("verdict"),
        )
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(Seat.training_id.in_(training_ids), seat_counts(), Seat.status == SeatStatus.booked.value)
    )  # fmt: skip
    return _reached(held)


def list_to_follow_up(training_ids: Iterable[int]) -> list[Reminded]:
    """Who was marked at these sessions; and who held a seat and was not, where the attendance is signed off.

    Only those with an address who have not ended reminders. One statement.
    """
    ids = list(training_ids)
    marked = select(
        Presence.training_id.label("training_id"), Presence.person_id.label("person_id"),
        null().label("since"), Presence.verdict.label("verdict"),
    ).where(Presence.training_id.in_(ids))  # fmt: skip
    has_mark = exists().where(Presence.training_id == Seat.training_id, Presence.person_id == Seat.person_id)
    stayed_away = (
        select(Seat.training_id, Seat.person_id, null(), literal(Verdict.absent.value))
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .join(SessionSignOff, SessionSignOff.training_id == Seat.training_id)
        .where(Seat.training_id.in_(ids), seat_counts(), Seat.status == SeatStatus.booked.value, ~has_mark)
    )
    return _reached(union_all(marked, stayed_away))


def _reached(those: Any) -> list[Reminded]:
    found = those.subquery("those")
    query: Any = (
        select(
            found.c.training_id, Person, found.c.since, found.c.verdict,
            func.coalesce(MailChoice.language, InvitationWish.language, "sv"),
        )
        .join(Person, Person.id == found.c.person_id)
        .outerjoin(MailChoice, MailChoice.person_id == Person.id)
        .outerjoin(InvitationWish, InvitationWish.person_id == Person.id)
        .where(
            Person.email.is_not(None),
            Person.archived_at.is_(None),
            func.coalesce(MailChoice.reminders, true()),
        )
        .order_by(found.c.training_id, Person.id)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [
        Reminded(training_id, person, language, since, None if verdict is None else verdict in ATTENDED)
        for training_id, person, since, verdict, language in rows
    ]


def load_sessions(training_ids: Iterable[int]) -> dict[int, TrainingSession]:
    """These sessions by id, with all that a mail says of them."""
    query = select(TrainingSession).where(TrainingSession.id.in_(training_ids)).options(*TRAINING_LOADS)
    return {training.id: training for training in db.session.scalars(query).unique()}


def find_next_session(training: TrainingSession, at: datetime) -> TrainingSession | None:
    """What comes next in the series for those who were at this session."""
    query = (
        select(TrainingSession)
        .where(
            TrainingSession.series_id == training.series_id,
            TrainingSession.starts_at > max(at, training.ends_at),
            TrainingSession.cancelled_at.is_(None),
            or_(TrainingSession.cohort_id.is_(None), TrainingSession.cohort_id == training.cohort_id),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .options(*TRAINING_LOADS)
        .limit(1)
    )
    return db.session.scalars(query).unique().first()

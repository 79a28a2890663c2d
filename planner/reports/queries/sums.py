"""The sums of each session by company and municipality: read where they are settled, made where they are not.

A session is settled by the worker soon after it is over. Its sums hold until it is moved, somebody's company changes,
or something is entered in its ledger: then they are made afresh on reading, until the worker has settled it again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from planner.attendance.models import Presence, PresenceEntry, Seat
from planner.attendance.queries import booked_people, home_code
from planner.attendance.rules import ATTENDED, Place, SeatStatus, Verdict
from planner.base.db import AnySelect, db
from planner.directory.models import Company, Person
from planner.reports.models import SessionSum, SettledSession
from planner.reports.queries.held import is_held
from planner.series.models import TrainingSession

MEASURES: Final = ("booked", "used", "excused", "on_site", "remote", "minutes_on_site", "minutes_remote")
CAME: Final = [verdict.value for verdict in ATTENDED]

# How long what was received may take to be committed: entries this much older than a settling may have been missed.
UNCOMMITTED: Final = timedelta(minutes=15)
MANY: Final = 400


def list_stale() -> list[int]:
    """The sessions held whose sums are not there, or do not hold, by id."""
    found: set[int] = set(db.session.scalars(_unsettled()))
    since = _since()
    return sorted(found if since is None else found | set(db.session.scalars(_entered(since))))


def session_sums() -> Subquery:
    """A row per session, company (0: none) and municipality of people, with the measures; of every session held."""
    stale = list_stale()
    settled = select(
        SessionSum.training_id, SessionSum.home_code, SessionSum.company_id,
        *(getattr(SessionSum, name) for name in MEASURES),
    )  # fmt: skip
    if not stale:
        return settled.subquery("sums")
    chosen = _few(stale)
    return union_all(settled.where(SessionSum.training_id.not_in(chosen)), fresh_sums(chosen)).subquery(
        "sums"
    )


def _few(ids: list[int]) -> Any:
    """The ids as a list for SQL; as a statement when they are too many to be sent."""
    if len(ids) <= MANY:
        return ids
    since = _since()
    parts = [_unsettled()] if since is None else [_unsettled(), _entered(since)]
    return select(union(*parts).subquery("stale").c[0])


def _since() -> datetime | None:
    last = db.session.scalar(select(func.max(SettledSession.settled_at)))
    return None if last is None else last - UNCOMMITTED


def _unsettled() -> AnySelect:
    return (
        select(TrainingSession.id)
        .outerjoin(SettledSession, SettledSession.training_id == TrainingSession.id)
        .where(
            *is_held(),
            or_(SettledSession.training_id.is_(None), SettledSession.ends_at != TrainingSession.ends_at),
        )
    )


def _entered(since: datetime) -> AnySelect:
    return select(PresenceEntry.training_id).where(PresenceEntry.received_at > since).distinct()


def fresh_sums(ids: Any) -> AnySelect:
    """The same rows made from seats, enrolments and the current presence, of the sessions with these ids."""
    people, seats = _of_people(ids).subquery("people"), _of_unnamed_seats(ids).subquery("unnamed")
    both = union_all(select(people), select(seats)).subquery("parts")
    sums = [func.sum(both.c[name]).label(name) for name in MEASURES]
    keys = (both.c.training_id, both.c.home_code, both.c.company_id)
    return select(*keys, *sums).group_by(*keys)


def _of_people(ids: Any) -> AnySelect:
    here = TrainingSession.id.in_(ids)
    booked = booked_people(here, in_time=True).subquery("booked")
    pairs = union_all(
        select(booked.c.training_id, booked.c.person_id, literal(1).label("had_seat")),
        select(Presence.training_id, Presence.person_id, literal(0)).where(Presence.training_id.in_(ids)),
    ).subquery("pairs")
    each = (
        select(pairs.c.training_id, pairs.c.person_id, func.max(pairs.c.had_seat).label("had_seat"))
        .group_by(pairs.c.training_id, pairs.c.person_id)
        .subquery("each")
    )
    came, had_seat = Presence.verdict.in_(CAME), each.c.had_seat == 1
    here_, there = (and_(came, Presence.place == place.value) for place in (Place.on_site, Place.remote))
    return (
        select(
            each.c.training_id, home_code().label("home_code"), func.coalesce(Person.company_id, 0).label("company_id"),
            each.c.had_seat.label("booked"), _one(and_(had_seat, came)).label("used"),
            _one(and_(had_seat, Presence.verdict == Verdict.excused.value)).label("excused"),
            _one(here_).label("on_site"), _one(there).label("remote"),
            case((here_, Presence.minutes), else_=0).label("minutes_on_site"),
            case((there, Presence.minutes), else_=0).label("minutes_remote"),
        )
        .join(Person, Person.id == each.c.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .outerjoin(
            Presence, and_(Presence.training_id == each.c.training_id, Presence.person_id == each.c.person_id)
        )
    )  # fmt: skip


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _of_unnamed_seats(ids: Any) -> AnySelect:
    """Seats that a company held and gave to nobody."""
    nothing = [literal(0).label(name) for name in MEASURES[1:]]
    return (
        select(
            Seat.training_id, Company.municipality_code.label("home_code"), Company.id.label("company_id"),
            literal(1).label("booked"), *nothing,
        )
        .join(Company, Company.id == Seat.company_id)
        .where(Seat.training_id.in_(ids), Seat.person_id.is_(None), Seat.status == SeatStatus.booked.value)
    )  # fmt: skip

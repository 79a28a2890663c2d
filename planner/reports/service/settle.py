"""Sums of sessions that are over, kept so that reports need not count everybody again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import case, delete, func, insert, or_, select, union

from planner.attendance.models import Enrolment, Presence, Seat
from planner.base.clock import now
from planner.base.db import db, upsert
from planner.directory.models import Company, Person
from planner.reports.models import FirstSupport, KeptGrid, SessionSum, SettledSession
from planner.reports.queries import grid
from planner.reports.queries.sums import CAME, MEASURES, fresh_sums, list_stale
from planner.reports.rules import to_json
from planner.series.models import TrainingSession

PORTION = 400


def settle_held(most: int = PORTION) -> int:
    """Settle sessions whose sums are not there or do not hold; gives how many were not settled at all before.

    Those entered in since the last time are all done at once: the next time looks only for what came after this one.
    """
    stale = list_stale()
    known = set(
        db.session.scalars(
            select(SettledSession.training_id).where(SettledSession.training_id.in_(stale[:30_000]))
        )
    )
    again = [id_ for id_ in stale if id_ in known]
    fresh = [id_ for id_ in stale if id_ not in known][:most]
    for start in range(0, len(again), PORTION):
        _settle(again[start : start + PORTION])
    if fresh:
        _settle(fresh)
    return len(fresh)


def _settle(ids: list[int]) -> None:
    _forget(ids)
    ends = select(TrainingSession.id, TrainingSession.ends_at).where(TrainingSession.id.in_(ids))
    rows = [{"training_id": id_, "ends_at": at, "settled_at": now()} for id_, at in db.session.execute(ends)]
    db.session.execute(insert(SettledSession), rows)
    columns = ["training_id", "home_code", "company_id", *MEASURES]
    db.session.execute(insert(SessionSum).from_select(columns, fresh_sums(ids)))
    _note_support(ids)


def _note_support(ids: list[int]) -> None:
    """Keep each company that came as it is now, unless it was noted before; what nobody had said is filled in."""
    first = (
        select(Person.company_id, func.min(TrainingSession.starts_at).label("supported_at"))
        .join(Presence, Presence.person_id == Person.id)
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .where(Presence.training_id.in_(ids), Presence.verdict.in_(CAME), Person.company_id.is_not(None))
        .group_by(Person.company_id)
        .subquery("first")
    )
    training = (
        select(func.min(TrainingSession.id))
        .where(TrainingSession.id.in_(ids), TrainingSession.starts_at == first.c.supported_at)
        .scalar_subquery()
    )
    columns = ("company_id", "training_id", "supported_at", "size_class", "sni_version", "sni_division")
    found = db.session.execute(
        select(
            first.c.company_id, training, first.c.supported_at,
            Company.size_class, Company.sni_version, Company.sni_division,
        ).join(Company, Company.id == first.c.company_id)
    ).all()  # fmt: skip
    if not found:
        return
    statement = upsert(FirstSupport)
    new = statement.excluded
    is_earlier = new.supported_at < FirstSupport.supported_at
    known = FirstSupport.sni_division.is_not(None)
    statement = statement.on_conflict_do_update(
        index_elements=["company_id"],
        set_={
            "training_id": case((is_earlier, new.training_id), else_=FirstSupport.training_id),
            "supported_at": case((is_earlier, new.supported_at), else_=FirstSupport.supported_at),
            "size_class": func.coalesce(FirstSupport.size_class, new.size_class),
            "sni_version": case((known, FirstSupport.sni_version), else_=new.sni_version),
            "sni_division": case((known, FirstSupport.sni_division), else_=new.sni_division),
        },
    )
    db.session.execute(statement, [dict(zip(columns, row, strict=True)) for row in found])


def unsettle_people(person_ids: Iterable[int], company_ids: Iterable[int]) -> None:
    """Let the sums of every session of these people, or of these companies' people, be made again."""
    whose = or_(Person.id.in_(list(person_ids)), Person.company_id.in_(list(company_ids)))
    people = select(Person.id).where(whose)
    sessions = union(
        select(Presence.training_id).where(Presence.person_id.in_(people)),
        select(Seat.training_id).where(Seat.person_id.in_(people)),
        select(TrainingSession.id)
        .join(Enrolment, Enrolment.series_id == TrainingSession.series_id)
        .where(Enrolment.person_id.in_(people)),
    )
    ids: list[int] = list(db.session.scalars(select(sessions.subquery("sessions").c[0])))
    for start in range(0, len(ids), PORTION):
        _forget(ids[start : start + PORTION])


def _forget(ids: list[int]) -> None:
    db.session.execute(delete(SessionSum).where(SessionSum.training_id.in_(ids)))
    db.session.execute(delete(SettledSession).where(SettledSession.training_id.in_(ids)))


def keep_grid() -> bool:
    """Keep the published grid, if the one kept does not hold any more; whether it was made. Slow: call it seldom."""
    stamp = grid.stamp()
    known = dict(db.session.execute(select(KeptGrid.family, KeptGrid.stamp)).all())
    if not stamp or all(known.get(family) == stamp for family in grid.MAKERS):
        return False
    for family, make in grid.MAKERS.items():
        db.session.merge(KeptGrid(family=family, stamp=stamp, portions=to_json(make())))
    db.session.flush()
    return True

"""Reads of frozen months, and of what was entered in the ledger afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased, defer, joinedload

from planner.attendance.models import PresenceEntry
from planner.attendance.queries import home_code
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Company, Municipality, Person
from planner.reports.models import FrozenMonth
from planner.reports.queries.held import is_held
from planner.reports.queries.sums import MEASURES, session_sums
from planner.reports.rules import Month
from planner.series.models import Series, Step, TrainingSession


def list_frozen(viewer: Viewer) -> Sequence[FrozenMonth]:
    """The frozen months of the organisations that the viewer plans for, the latest first; without their files."""
    query = (
        select(FrozenMonth)
        .where(FrozenMonth.organisation_id.in_(viewer.organisations(EDITORS)))
        .options(joinedload(FrozenMonth.organisation, innerjoin=True), defer(FrozenMonth.data))
        .order_by(FrozenMonth.frozen_at.desc(), FrozenMonth.id.desc())
    )
    return db.session.scalars(query).all()


def get_frozen(viewer: Viewer, id_: int) -> FrozenMonth:
    """A frozen month of an organisation that the viewer plans for. Raises NotFoundError for any other."""
    query = (
        select(FrozenMonth)
        .where(FrozenMonth.id == id_, FrozenMonth.organisation_id.in_(viewer.organisations(EDITORS)))
        .options(joinedload(FrozenMonth.organisation, innerjoin=True))
    )
    frozen = db.session.scalar(query)
    if frozen is None:
        raise NotFoundError
    return frozen


def within(month: Month) -> list[ColumnElement[bool]]:
    """The conditions on a TrainingSession that was held in the month."""
    starts = TrainingSession.starts_at
    return [*is_held(), starts >= month.starts_at, starts < month.next.starts_at]


def list_month_rows(codes: Iterable[str], month: Month) -> list[list[Any]]:
    """What a month comes to, by session and company: the rows of its export, in an order that does not change."""
    sums, listed = session_sums(), list(codes)
    query = (
        select(
            TrainingSession.uid, TrainingSession.starts_at, Series.title, Step.title, Municipality.name,
            Company.name, Company.organisation_number, *(sums.c[name] for name in MEASURES),
        )
        .select_from(sums)
        .join(TrainingSession, TrainingSession.id == sums.c.training_id)
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Municipality, Municipality.code == sums.c.home_code)
        .outerjoin(Company, Company.id == sums.c.company_id)
        .where(*within(month), or_(Series.municipality_code.in_(listed), Municipality.code.in_(listed)))
        .order_by(TrainingSession.starts_at, TrainingSession.id, Municipality.code, sums.c.company_id)
    )  # fmt: skip
    return [list(row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry that came in after a month was frozen, and the one it stands instead of, if any."""

    person: str
    step: str
    starts_at: datetime
    verdict: str
    minutes: int
    before: str | None
    minutes_before: int | None
    reason: str
    by_name: str
    received_at: datetime


def list_corrections(frozen: FrozenMonth, month: Month) -> list[Correction]:
    """What the ledger got about the month after it was frozen, in the order it came."""
    earlier = aliased(PresenceEntry)
    query = (
        select(
            Person.name, Step.title, TrainingSession.starts_at, PresenceEntry.verdict, PresenceEntry.minutes,
            earlier.verdict, earlier.minutes, PresenceEntry.reason, PresenceEntry.by_name, PresenceEntry.received_at,
        )
        .select_from(PresenceEntry)
        .join(TrainingSession, TrainingSession.id == PresenceEntry.training_id)
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Person, Person.id == PresenceEntry.person_id)
        .outerjoin(Company, Company.id == Person.company_id)
        .outerjoin(earlier, and_(earlier.id == PresenceEntry.corrects_id))
        .where(
            PresenceEntry.received_at > frozen.frozen_at,
            *within(month),
            or_(Series.municipality_code.in_(frozen.codes), home_code().in_(frozen.codes)),
        )
        .order_by(PresenceEntry.received_at, PresenceEntry.id)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [Correction(*row) for row in rows]

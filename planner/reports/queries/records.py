"""Records of training: who of a company was where, when and for how long, as support for short-time work asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from planner.attendance.models import Presence
from planner.base.days import local_day
from planner.base.db import db
from planner.directory.models import Company, Organisation, Person
from planner.reports.models import SeriesAccount
from planner.reports.queries.held import is_held
from planner.reports.queries.sums import CAME
from planner.reports.rules import Month, month_of, months_between
from planner.series.models import Series, Step, TrainingSession


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One person at one session: the minutes noted, who taught, the price in kronor, and whether it was bought in."""

    person: str
    series: str
    step: str
    starts_at: datetime
    minutes: int
    provider: str
    price: int
    is_external: bool


def list_record(company: Company, month: Month) -> Sequence[RecordLine]:
    """The company's record of a month, by person and then by day. One statement."""
    provider = func.coalesce(func.nullif(SeriesAccount.provider, ""), Organisation.name)
    query = (
        _attended(company)
        .with_only_columns(
            Person.name, Series.title, Step.title, TrainingSession.starts_at, Presence.minutes, provider,
            func.coalesce(SeriesAccount.price, 0), func.coalesce(SeriesAccount.is_external, False),
        )
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Organisation, Organisation.id == Series.organisation_id)
        .outerjoin(SeriesAccount, SeriesAccount.series_id == Series.id)
        .where(TrainingSession.starts_at >= month.starts_at, TrainingSession.starts_at < month.next.starts_at)
        .order_by(Person.sort_key, Person.id, TrainingSession.starts_at, TrainingSession.id)
    )  # fmt: skip
    rows: Any = db.session.execute(query)
    return [RecordLine(*row) for row in rows]


def list_record_months(company: Company) -> list[Month]:
    """From the month in which somebody of the company first took part to the latest, the latest first."""
    query = _attended(company).with_only_columns(
        func.min(TrainingSession.starts_at), func.max(TrainingSession.starts_at)
    )
    first, last = tuple[Any, Any](db.session.execute(query).one())
    if first is None:
        return []
    return list(months_between(month_of(local_day(first)), month_of(local_day(last))))[::-1]


def _attended(company: Company) -> Any:
    return (
        select(Presence.person_id)
        .select_from(Presence)
        .join(Person, Person.id == Presence.person_id)
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .where(Person.company_id == company.id, Presence.verdict.in_(CAME), *is_held())
    )

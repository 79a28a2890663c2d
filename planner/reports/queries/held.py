"""Which sessions the figures are of: held, within the period and of the series asked for, as SQL to build on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, func, literal, null, or_, select

from planner.base.clock import now
from planner.base.days import at_wall_clock, local_day
from planner.base.db import db
from planner.directory.models import Company, Municipality
from planner.reports.models import FirstSupport, SeriesAccount, TemplateAccount
from planner.reports.rules import FigureFilter, Month, month_of, months_between
from planner.series.models import Series, Step, TrainingSession
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode

# The type a series is accounted for as: its own, else its template's, else none.
KIND: ColumnElement[str] = func.coalesce(
    func.nullif(SeriesAccount.training_type, ""), TemplateAccount.training_type, ""
)
# A company as it was when it first took part; as it is now until that has been noted.
SIZE: ColumnElement[str] = case(
    (FirstSupport.company_id.is_not(None), FirstSupport.size_class), else_=Company.size_class
)
DIVISION: ColumnElement[str] = case(
    (FirstSupport.company_id.is_not(None), FirstSupport.sni_division), else_=Company.sni_division
)
VERSION: ColumnElement[str] = case(
    (FirstSupport.company_id.is_not(None), FirstSupport.sni_version), else_=Company.sni_version
)


def is_held() -> list[ColumnElement[bool]]:
    """The conditions on a TrainingSession that is over and was not cancelled."""
    return [TrainingSession.cancelled_at.is_(None), TrainingSession.ends_at <= now()]


def in_period(wanted: FigureFilter) -> list[ColumnElement[bool]]:
    """The conditions on a TrainingSession that begins within the filter's days."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.starts_on:
        conditions.append(TrainingSession.starts_at >= at_wall_clock(wanted.starts_on, time()))
    if wanted.ends_on:
        after = at_wall_clock(wanted.ends_on + timedelta(days=1), time())
        conditions.append(TrainingSession.starts_at < after)
    return conditions


def held(codes: Iterable[str], wanted: FigureFilter, periods: ColumnElement[Any] | None = None) -> CTE:
    """One row per session held that the filter takes in: id, what it is summed by, seats offered, and whether its
    series is coordinated in one of the municipalities.
    """
    query = (
        select(
            TrainingSession.id, TrainingSession.series_id, Step.position, TemplateVersion.template_id,
            SeriesAccount.project_id, KIND.label("kind"), _offered().label("offered"),
            case((Series.municipality_code.in_(list(codes)), 1), else_=0).label("is_own"),
            (literal(0) if periods is None else periods).label("period"),
        )
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .outerjoin(TemplateVersion, TemplateVersion.id == Series.template_version_id)
        .outerjoin(SeriesAccount, SeriesAccount.series_id == Series.id)
        .outerjoin(TemplateAccount, TemplateAccount.template_id == TemplateVersion.template_id)
        .where(*is_held(), *in_period(wanted))
    )  # fmt: skip
    if wanted.series is not None:
        query = query.where(TrainingSession.series_id == wanted.series)
    if wanted.template is not None:
        query = query.where(TemplateVersion.template_id == wanted.template)
    if wanted.project is not None:
        query = query.where(func.coalesce(SeriesAccount.project_id, 0) == wanted.project)
    if wanted.kind is not None:
        query = query.where(KIND.in_([wanted.kind]))
    # Read once: its columns must not be worked out again for every presence.
    return query.cte("held").prefix_with("MATERIALIZED")


def _offered() -> ColumnElement[int]:
    """The seats of a session; none where its way of taking part has no limit."""
    here, there = TrainingSession.seats_on_site, TrainingSession.seats_remote
    return case(
        (TrainingSession.mode == Mode.ON_SITE.value, here),
        (TrainingSession.mode == Mode.DIGITAL.value, there),
        (and_(here.is_not(None), there.is_not(None)), here + there),
        else_=null(),
    )


def of_people(codes: Iterable[str], wanted: FigureFilter, is_own: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition on a Municipality that people belong to: within the viewer's scope, and asked for."""
    conditions = [or_(is_own == 1, Municipality.code.in_(list(codes)))]
    if wanted.municipality is not None:
        conditions.append(Municipality.code == wanted.municipality)
    if wanted.county is not None:
        conditions.append(Municipality.county_code == wanted.county)
    return and_(*conditions)


def months_held(wanted: FigureFilter) -> list[Month]:
    """Every month from that of the first session held to that of the last."""
    first, last = db.session.execute(
        select(func.min(TrainingSession.starts_at), func.max(TrainingSession.starts_at)).where(
            *is_held(), *in_period(wanted)
        )
    ).one()
    if first is None:
        return []
    return list(months_between(month_of(local_day(first)), month_of(local_day(last))))


def numbered(starts: Sequence[datetime], values: Sequence[int]) -> ColumnElement[int]:
    """The value of the stretch a TrainingSession begins in; stretch n goes from `starts[n]` to the next one."""
    whens = zip(starts[:0:-1], values[:0:-1], strict=True)
    cases = [(TrainingSession.starts_at >= start, literal(value)) for start, value in whens]
    return case(*cases, else_=literal(values[0])) if cases else literal(values[0] if values else 0)

"""Reads for the pictures of a plan: a constant number of statements, whatever the number of series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, exists, or_
from sqlalchemy.orm import selectinload

from planner.attendance.queries import fills
from planner.attendance.rules import Fill
from planner.base.clock import now
from planner.base.db import db
from planner.base.interval import Interval
from planner.base.viewer import EVERYONE, Viewer
from planner.needs.queries import list_quiet_periods_of
from planner.plan.rules import (
    BoardFacts,
    CohortFact,
    CompanyFact,
    Period,
    PlanFilter,
    QuietFact,
    SeriesFact,
    SessionFact,
    StepFact,
)
from planner.series.models import Cohort, Series, TrainingSession
from planner.series.queries import (
    TRAINING_LOADS,
    SessionFilter,
    list_series,
    may_edit,
    status_of,
    trainings_query,
)
from planner.series.rules import Status
from planner.web.paging import Page, page_of

SERIES_A_PAGE = 12
SESSIONS_A_PAGE = 100


def list_sessions(viewer: Viewer, wanted: PlanFilter, during: Interval) -> list[SessionFact]:
    """Every session this viewer may see that starts in the interval, drafts among them."""
    return facts_of(
        db.session.scalars(_sessions(viewer, wanted, during).options(*TRAINING_LOADS)).unique().all()
    )


def page_of_sessions(viewer: Viewer, wanted: PlanFilter, during: Interval, number: int) -> Page:
    """The same, a page at a time; its items are SessionFacts."""
    page = page_of(_sessions(viewer, wanted, during).options(*TRAINING_LOADS), number, SESSIONS_A_PAGE)
    return Page(facts_of(page.items), page.number, page.size, page.total)


def page_of_board(viewer: Viewer, wanted: PlanFilter, period: Period, number: int) -> tuple[BoardFacts, Page]:
    """The facts of a board, a dozen series at a time, and the page of series.

    A series is on it when it has a session in the period, or none at all yet.
    """
    query = list_series(viewer, municipality=wanted.municipality or None)
    query = query.options(selectinload(Series.cohorts).options(selectinload(Cohort.companies)))
    query = query.where(_belongs(wanted, period)).order_by(None).order_by(Series.title, Series.id)
    page = page_of(query, number, SERIES_A_PAGE)
    return _board(viewer, page.items, wanted, period), page


def board_of_series(viewer: Viewer, series: Series, period: Period) -> BoardFacts:
    """The facts of one series' board; cohorts, companies, steps and municipality are loaded on `series`."""
    return _board(viewer, [series], PlanFilter(), period)


def list_session_days(series: Series) -> list[Any]:
    """When the series' sessions start, in order."""
    query = trainings_query(SessionFilter(published_only=False, series_id=series.id))
    return list(db.session.scalars(query.with_only_columns(TrainingSession.starts_at)))


def list_quiet(viewer: Viewer, wanted: PlanFilter, period: Period) -> list[QuietFact]:
    """Quiet periods that meet the period, of companies in the viewer's municipalities that are in a cohort."""
    query = list_series(viewer, municipality=wanted.municipality or None)
    query = query.options(selectinload(Series.cohorts).options(selectinload(Cohort.companies)))
    series = db.session.scalars(query.where(_belongs(wanted, period))).unique().all()
    return _quiet(_companies_seen(viewer, series), period)


def facts_of(trainings: Sequence[TrainingSession]) -> list[SessionFact]:
    """The sessions as facts with their fill, at this moment; their TRAINING_LOADS are loaded."""
    at = now()
    filled = fills([training.id for training in trainings])
    return [_fact(training, filled.get(training.id), status_of(training, at)) for training in trainings]


def _fact(training: TrainingSession, fill: Fill | None, status: Status) -> SessionFact:
    on_site, remote = (fill.on_site, fill.remote) if fill else (0, 0)
    limited = [
        (booked, seats)
        for booked, seats in ((on_site, training.seats_on_site), (remote, training.seats_remote))
        if seats is not None
    ]
    return SessionFact(
        id=training.id,
        uid=training.uid,
        series_id=training.series_id,
        series_key=training.series.key,
        series=training.series.title,
        municipality=training.series.municipality.name,
        cohort_id=training.cohort_id,
        cohort=training.cohort.name if training.cohort else "",
        step=training.step.position,
        title=training.step.title,
        starts_at=training.starts_at,
        ends_at=training.ends_at,
        mode=training.mode,
        place=f"{training.room.name}, {training.room.venue.name}" if training.room else "",
        status=status,
        booked=sum(booked for booked, _seats in limited),
        seats=sum(seats for _booked, seats in limited) if limited else None,
        facilitators=tuple(user.name for user in training.facilitators),
        cancel_reason=training.cancel_reason,
        moved_from_at=training.moved_from_at,
    )


def _sessions(viewer: Viewer, wanted: PlanFilter, during: Interval) -> Select[Any]:
    query = trainings_query(
        SessionFilter(
            published_only=False,
            viewer=viewer,
            municipality_codes=frozenset({wanted.municipality}) if wanted.municipality else None,
            mode=wanted.mode or None,
            after=during.starts_at,
            before=during.ends_at,
        )
    ).where(Series.archived_at.is_(None))
    return query.where(_about(wanted.topic)) if wanted.topic else query


def _about(topic: str) -> ColumnElement[bool]:
    """Series that cover the competence; the list is stored as JSON text on both databases."""
    return cast(Series.competences, String).like(f'%"{topic}"%')


def _belongs(wanted: PlanFilter, period: Period) -> ColumnElement[bool]:
    during = period.interval
    seen = exists().where(
        TrainingSession.series_id == Series.id,
        TrainingSession.starts_at >= during.starts_at,
        TrainingSession.starts_at < during.ends_at,
        *([TrainingSession.mode == wanted.mode] if wanted.mode else []),
    )
    belongs = seen if wanted.mode else or_(seen, ~exists().where(TrainingSession.series_id == Series.id))
    return belongs & _about(wanted.topic) if wanted.topic else belongs


def _board(viewer: Viewer, series: Sequence[Series], wanted: PlanFilter, period: Period) -> BoardFacts:
    query = _sessions(viewer, wanted, period.interval).options(*TRAINING_LOADS)
    trainings = db.session.scalars(query.where(TrainingSession.series_id.in_([item.id for item in series])))
    return BoardFacts(
        series=tuple(_series_fact(viewer, item) for item in series),
        sessions=tuple(facts_of(trainings.unique().all())),
        quiet=tuple(_quiet(_companies_seen(viewer, series), period)),
    )


def _series_fact(viewer: Viewer, series: Series) -> SeriesFact:
    return SeriesFact(
        id=series.id,
        title=series.title,
        municipality=series.municipality.name,
        is_draft=series.published_at is None,
        may_edit=may_edit(viewer, series),
        steps=tuple(StepFact(step.position, step.title) for step in series.steps),
        cohorts=tuple(_cohort_fact(viewer, cohort) for cohort in series.cohorts),
    )


def _cohort_fact(viewer: Viewer, cohort: Cohort) -> CohortFact:
    codes = viewer.municipalities(EVERYONE)
    seen = [company for company in cohort.companies if company.municipality_code in codes]
    companies = tuple(CompanyFact(company.id, company.name) for company in seen)
    return CohortFact(cohort.id, cohort.name, companies, len(cohort.companies) - len(seen))


def _companies_seen(viewer: Viewer, series: Iterable[Series]) -> set[int]:
    codes = viewer.municipalities(EVERYONE)
    return {
        company.id
        for item in series
        for cohort in item.cohorts
        for company in cohort.companies
        if company.municipality_code in codes
    }


def _quiet(company_ids: Iterable[int], period: Period) -> list[QuietFact]:
    periods = list_quiet_periods_of(company_ids, period.first.monday, period.last.sunday)
    return [
        QuietFact(found.company_id, found.company.name, found.starts_on, found.ends_on, found.note)
        for found in periods
    ]

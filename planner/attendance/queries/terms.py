"""Reads of what is agreed about seats."""

from __future__ import annotations

from planner.attendance.models import SeriesSeatTerms, SessionSeatTerms
from planner.attendance.rules import Terms
from planner.base.db import db
from planner.series.models import Series, TrainingSession


def terms_of(training: TrainingSession) -> Terms:
    """The session's own terms where it has any, else the series'."""
    own = db.session.get(SessionSeatTerms, training.id)
    shared = db.session.get(SeriesSeatTerms, training.series_id)
    hours = own.answer_hours if own is not None and own.answer_hours is not None else None
    approval = own.needs_approval if own is not None else None
    if hours is None:
        hours = shared.answer_hours if shared is not None else 0
    if approval is None:
        approval = shared is not None and shared.needs_approval
    return Terms(hours, approval)


def series_terms(series: Series) -> Terms:
    """The series' terms."""
    row = db.session.get(SeriesSeatTerms, series.id)
    return Terms(row.answer_hours, row.needs_approval) if row is not None else Terms()


def session_terms(training: TrainingSession) -> SessionSeatTerms | None:
    """The session's own terms, if it has any."""
    return db.session.get(SessionSeatTerms, training.id)

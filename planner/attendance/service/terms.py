"""What is agreed about the seats of a series, or of one session."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.attendance.models import SeriesSeatTerms, SessionSeatTerms
from planner.attendance.queries.seats import list_coming
from planner.attendance.rules import LONGEST_ANSWER_HOURS
from planner.attendance.service.seats import settle_seats
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.series.models import Series, TrainingSession


def set_series_terms(series: Series, answer_hours: int, *, needs_approval: bool) -> None:
    """Hours to answer an offered seat (0: it is given at once), and whether seats need the organiser's yes."""
    _check(answer_hours)
    row = db.session.get(SeriesSeatTerms, series.id)
    if row is None:
        row = SeriesSeatTerms(series_id=series.id)
        db.session.add(row)
    row.answer_hours, row.needs_approval = answer_hours, needs_approval
    db.session.flush()
    for training in list_coming(series.id):
        settle_seats(training)


def set_session_terms(
    training: TrainingSession, answer_hours: int | None, *, needs_approval: bool | None
) -> None:
    """The same for one session; None where it follows the series."""
    _check(answer_hours)
    row = db.session.get(SessionSeatTerms, training.id)
    if row is None:
        row = SessionSeatTerms(training_id=training.id)
        db.session.add(row)
    row.answer_hours, row.needs_approval = answer_hours, needs_approval
    db.session.flush()
    settle_seats(training)


def _check(answer_hours: int | None) -> None:
    if answer_hours is not None and not 0 <= answer_hours <= LONGEST_ANSWER_HOURS:
        raise RefusedError(
            _("Give between 0 and %(most)s hours.", most=LONGEST_ANSWER_HOURS), field="answer_hours"
        )

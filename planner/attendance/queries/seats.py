"""Reads of seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries.expected import has_no_seat_row, seat_counts, stands_for
from planner.attendance.rules import Fill, Place, SeatStatus, fill_of
from planner.base.clock import now
from planner.base.db import db
from planner.series.models import TrainingSession


def fills(training_ids: Iterable[int]) -> dict[int, Fill]:
    """How full each of the sessions is, in three statements however many they are."""
    ids = list(training_ids)
    sessions = db.session.execute(
        select(
            TrainingSession.id,
            TrainingSession.mode,
            TrainingSession.seats_on_site,
            TrainingSession.seats_remote,
        ).where(TrainingSession.id.in_(ids))
    ).all()
    booked, waiting = _seats(ids)
    unplaced = _unplaced(ids)
    return {
        id_: fill_of(
            mode,
            {Place.on_site: on_site, Place.remote: remote},
            booked[id_],
            waiting[id_],
            unplaced.get(id_, 0),
        )
        for id_, mode, on_site, remote in sessions
    }


def _seats(ids: list[int]) -> tuple[dict[int, dict[Place, int]], dict[int, int]]:
    query = (
        select(Seat.training_id, Seat.status, Seat.place, func.count())
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(TrainingSession.id.in_(ids), seat_counts())
        .group_by(Seat.training_id, Seat.status, Seat.place)
    )
    booked: dict[int, dict[Place, int]] = defaultdict(dict)
    waiting: dict[int, int] = defaultdict(int)
    for id_, status, place, count in db.session.execute(query):
        if status == SeatStatus.booked:
            booked[id_][Place(place)] = count
        else:
            waiting[id_] += count
    return booked, waiting


def _unplaced(ids: list[int]) -> dict[int, int]:
    query = (
        select(TrainingSession.id, func.count())
        .join(Enrolment, stands_for())
        .where(TrainingSession.id.in_(ids), has_no_seat_row())
        .group_by(TrainingSession.id)
    )
    return dict(db.session.execute(query).all())


def list_coming(series_id: int) -> Sequence[TrainingSession]:
    """The series' sessions that have not begun and are not cancelled, by id: the order in which they are locked."""
    query = select(TrainingSession).where(
        TrainingSession.series_id == series_id,
        TrainingSession.starts_at > now(),
        TrainingSession.cancelled_at.is_(None),
    )
    return db.session.scalars(query.order_by(TrainingSession.id)).all()

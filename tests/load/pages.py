"""The pages that people have open all day, with the addresses they have in this database."""

from __future__ import annotations

from sqlalchemy import func, select

from planner.attendance.models import Presence
from planner.base.db import db
from planner.directory.models import Municipality
from planner.series.models import Series, TrainingSession


def main_pages() -> list[tuple[str, str]]:
    """Name and path of each page."""
    newest = select(TrainingSession.id).join(Presence, Presence.training_id == TrainingSession.id)
    marked = newest.join(TrainingSession.series).where(Series.key.startswith("scale-"))
    roster = db.session.scalars(
        marked.group_by(TrainingSession.id).order_by(func.count().desc(), TrainingSession.id)
    ).first()
    series = db.session.scalars(
        select(Series).where(Series.published_at.is_not(None)).order_by(Series.id)
    ).first()
    place = db.session.get(Municipality, series.municipality_code) if series else None
    if roster is None or series is None or place is None:
        raise LookupError("the demo and its scale are not there")
    return [
        ("start", "/"),
        ("plan board", "/plan"),
        ("plan, month", "/plan/month"),
        ("list of series", "/series"),
        ("one series", f"/series/{series.id}"),
        ("roster of a large session", f"/sessions/{roster}/attendance"),
        ("figures", "/figures"),
        ("companies", "/companies"),
        ("public page of a series", f"/s/{series.key}"),
        ("public page of a municipality", f"/m/{place.code}"),
    ]

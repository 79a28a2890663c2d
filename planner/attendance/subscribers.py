"""What seats do when a session is placed or changed: more seats are given out at once, first come, first served."""

from __future__ import annotations

from typing import Any

from planner.attendance.service import settle_seats
from planner.base.db import db
from planner.series.models import TrainingSession
from planner.series.signals import session_changed


@session_changed.connect
def _settle(_sender: Any, *, training_id: int) -> None:
    settle_seats(db.session.get_one(TrainingSession, training_id))

"""What invitations do when seats or their sessions change: the calendars of those concerned are told."""

from __future__ import annotations

from typing import Any

from flask import current_app

from planner.attendance.signals import seats_settled
from planner.invitations.collection import sender_of
from planner.invitations.service import tell


@seats_settled.connect
def _tell(_sender: Any, *, training_id: int) -> None:
    tell(training_id, sender_of(current_app.extensions["settings"]))

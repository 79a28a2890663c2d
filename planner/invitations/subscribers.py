"""What invitations do when seats or their sessions change: the calendars of those concerned are told."""

from __future__ import annotations

from typing import Any

from flask import current_app

from planner.attendance.rules import SeatNews
from planner.attendance.signals import seat_news, seats_settled
from planner.invitations.collection import sender_of
from planner.invitations.service import tell, tell_seat_news


@seats_settled.connect
def _tell(_sender: Any, *, training_id: int) -> None:
    tell(training_id, sender_of(current_app.extensions["settings"]))


@seat_news.connect
def _tell_news(_sender: Any, *, training_id: int, seat_id: int, news: SeatNews) -> None:
    tell_seat_news(training_id, seat_id, news, current_app.extensions["settings"].secret)

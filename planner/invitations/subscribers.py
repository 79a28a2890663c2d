"""What invitations do when seats or their sessions change: the calendars of those concerned are told."""

from __future__ import annotations

from typing import Any

from flask import current_app

from planner.attendance.rules import SeatNews
from planner.attendance.signals import seat_news, seats_settled
from planner.directory.models import Person
from planner.directory.rules.personal_data import DataPart
from planner.directory.signals import person_collected, person_erased
from planner.invitations.collection import sender_of
from planner.invitations.service import tell, tell_seat_news
from planner.invitations.service.personal_data import collect_mail, erase_mail


@seats_settled.connect
def _tell(_sender: Any, *, training_id: int) -> None:
    tell(training_id, sender_of(current_app.extensions["settings"]))


@seat_news.connect
def _tell_news(_sender: Any, *, training_id: int, seat_id: int, news: SeatNews) -> None:
    tell_seat_news(training_id, seat_id, news, current_app.extensions["settings"].secret)


@person_collected.connect
def _collect(_sender: Any, *, person: Person) -> list[DataPart]:
    return collect_mail(person)


@person_erased.connect
def _erase(_sender: Any, *, person: Person, pseudonym: str, keep_certificates: bool) -> None:
    erase_mail(person)

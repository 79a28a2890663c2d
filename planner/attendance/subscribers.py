"""What attendance does when sessions and cohorts change: seats follow the session, people outlive the cohort."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from planner.attendance.models import Enrolment
from planner.attendance.service import settle_seats
from planner.attendance.service.diet import forget_diets
from planner.attendance.service.personal_data import collect_attendance, erase_attendance
from planner.base.db import db
from planner.directory.models import Person
from planner.directory.rules.personal_data import DataPart
from planner.directory.signals import person_collected, person_erased
from planner.series.models import TrainingSession
from planner.series.signals import cohort_removed, session_changed
from planner.web.settings import current_settings


@session_changed.connect
def _settle(_sender: Any, *, training_id: int) -> None:
    settle_seats(db.session.get_one(TrainingSession, training_id))


@cohort_removed.connect
def _let_go(_sender: Any, *, cohort_id: int) -> None:
    db.session.execute(update(Enrolment).where(Enrolment.cohort_id == cohort_id).values(cohort_id=None))


@person_collected.connect
def _collect(_sender: Any, *, person: Person) -> list[DataPart]:
    return collect_attendance(person)


@person_erased.connect
def _erase(_sender: Any, *, person: Person, pseudonym: str, keep_certificates: bool) -> None:
    erase_attendance(person, pseudonym)
    forget_diets(person, current_settings().secret)

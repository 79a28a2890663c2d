"""What attendance keeps of a person: handed out, and what is left of it when they are erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment, PresenceAnswer, PresenceEntry, Seat
from planner.attendance.queries.activity import list_inactive
from planner.attendance.service.enrolments import end_enrolment
from planner.attendance.service.seats import cancel_seat
from planner.base.clock import now
from planner.base.db import db
from planner.directory.models import Person
from planner.directory.queries import list_disposal_months
from planner.directory.rules.personal_data import DataPart
from planner.directory.service import erase
from planner.series.models import Series, Step, TrainingSession

AT_A_TIME = 20
MONTH = timedelta(days=30.44)


def collect_attendance(person: Person) -> list[DataPart]:
    """Enrolments, seats, every line of the ledger, and what they have said of it."""
    return [_enrolments(person), _seats(person), _ledger(person), _answers(person)]


def _enrolments(person: Person) -> DataPart:
    query = (
        select(Series.title, Enrolment.created_at, Enrolment.ended_at)
        .join(Series, Series.id == Enrolment.series_id)
        .where(Enrolment.person_id == person.id)
        .order_by(Enrolment.id)
    )
    columns = [("series", _("Series")), ("from", _("From")), ("until", _("Until"))]
    return DataPart("attendance_enrolments", _("Standing places"), columns, _rows(query))


def _seats(person: Person) -> DataPart:
    query = (
        select(Step.title, TrainingSession.starts_at, Seat.status, Seat.place, Seat.changed_at, Seat.note)
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(Seat.person_id == person.id)
        .order_by(TrainingSession.starts_at, Seat.id)
    )
    columns = [
        ("session", _("Session")), ("starts_at", _("Begins")), ("status", _("Status")), ("place", _("Place")),
        ("changed_at", _("Changed")), ("note", _("Note")),
    ]  # fmt: skip
    return DataPart("attendance_seats", _("Seats"), columns, _rows(query))


def _ledger(person: Person) -> DataPart:
    line = PresenceEntry
    query = (
        select(
            Step.title, TrainingSession.starts_at, line.verdict, line.minutes, line.place, line.via, line.device,
            line.reason, line.by_name, line.noted_at,
        )
        .join(TrainingSession, TrainingSession.id == line.training_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(line.person_id == person.id)
        .order_by(line.noted_at, line.id)
    )  # fmt: skip
    columns = [
        ("session", _("Session")), ("starts_at", _("Begins")), ("verdict", _("Verdict")),
        ("minutes", _("Minutes")), ("place", _("Place")), ("via", _("Way")), ("device", _("Device")),
        ("reason", _("Reason")), ("by", _("Noted by")), ("noted_at", _("Noted")),
    ]  # fmt: skip
    return DataPart("attendance_marks", _("Attendance"), columns, _rows(query))


def _answers(person: Person) -> DataPart:
    query = (
        select(
            Step.title, TrainingSession.starts_at, PresenceAnswer.agrees, PresenceAnswer.words,
            PresenceAnswer.received_at,
        )
        .join(TrainingSession, TrainingSession.id == PresenceAnswer.training_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(PresenceAnswer.person_id == person.id)
        .order_by(PresenceAnswer.id)
    )  # fmt: skip
    columns = [
        ("session", _("Session")), ("starts_at", _("Begins")), ("agrees", _("Confirmed")),
        ("words", _("What was said")), ("said_at", _("Said")),
    ]  # fmt: skip
    return DataPart("attendance_answers", _("What you have said of your hours"), columns, _rows(query))


def _rows(query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(query)]


def erase_attendance(person: Person, pseudonym: str) -> None:
    """Give up what is to come, and take name and words out of what has been. Verdicts and minutes stay."""
    for training in _coming(person):
        cancel_seat(training, person)
    standing = select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.ended_at.is_(None))
    for enrolment in db.session.scalars(standing.options(joinedload(Enrolment.series))).all():
        end_enrolment(enrolment, enrolment.series)
    db.session.execute(update(Seat).where(Seat.person_id == person.id).values(note=""))
    db.session.execute(update(PresenceAnswer).where(PresenceAnswer.person_id == person.id).values(words=""))
    _cleanse_ledger(person, pseudonym)


def _coming(person: Person) -> list[TrainingSession]:
    """Sessions ahead where they have a seat, by id: the order in which they are locked."""
    query = (
        select(TrainingSession)
        .join(Seat, Seat.training_id == TrainingSession.id)
        .where(
            Seat.person_id == person.id,
            TrainingSession.starts_at > now(),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.id)
    )
    return list(db.session.scalars(query))


def _cleanse_ledger(person: Person, pseudonym: str) -> None:
    """The one exception to the ledger's rule: words that tell who it was go. What counts is not touched.

    By the table, since the model refuses every change (decision 005).
    """
    line = PresenceEntry.__table__
    own = line.c.person_id == person.id
    by_self = own & line.c.by_user_id.is_(None) & (line.c.by_name == person.name)
    db.session.execute(update(line).where(by_self).values(by_name=pseudonym))  # type: ignore[arg-type]
    db.session.execute(update(line).where(own).values(reason="", device=""))  # type: ignore[arg-type]
    for entry in db.session.scalars(select(PresenceEntry).where(PresenceEntry.person_id == person.id)):
        db.session.expire(entry)


def dispose_inactive(limit: int = AT_A_TIME) -> int:
    """Erase at most so many people who have been inactive for as long as their organisations have said; how many."""
    count = 0
    for person in list_disposable(limit):
        erase(person, keep_certificates=True)
        count += 1
    return count


def list_disposable(limit: int) -> list[Person]:
    """Whom `dispose_inactive` would erase."""
    found: list[Person] = []
    for code, months in sorted(list_disposal_months().items()):
        since = now() - months * MONTH
        found += list_inactive(code, since, limit - len(found))
        if len(found) >= limit:
            break
    return found

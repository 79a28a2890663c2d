"""Calendars follow what is written: whatever changes a table that they show brings them up to date before the commit.

No other room has to remember it. SQLAlchemy tells which rows a unit of work wrote; the table below says which of
their columns reach calendars, and whose. Writes past the ORM (bulk loading) call service.rebuild themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, SessionTransaction

from planner.accounts.models import User, UserRole
from planner.attendance.models import Enrolment, Seat
from planner.calendars import service
from planner.calendars.queries import Touched
from planner.calendars.rules import ScopeKind, SubjectKey
from planner.calendars.service.feeds import collect_feeds, erase_feeds
from planner.directory.models import Company, Municipality, Organisation, Person, Room, Venue
from planner.directory.rules.personal_data import DataPart
from planner.directory.signals import person_collected, person_erased
from planner.series.models import Cohort, Series, Step, TrainingSession

NOTED = "calendars"  # where a session of SQLAlchemy keeps what was written in it


def _training(row: TrainingSession, touched: Touched) -> None:
    touched.trainings.add(row.id)


def _series(row: Series, touched: Touched) -> None:
    touched.series.add(row.id)
    touched.subjects.add(SubjectKey(ScopeKind.SERIES, row.key))


def _step(row: Step, touched: Touched) -> None:
    touched.steps.add(row.id)


def _cohort(row: Cohort, touched: Touched) -> None:
    touched.series.add(row.series_id)  # its companies see the series' open sessions, too
    touched.subjects.add(SubjectKey(ScopeKind.COHORT, str(row.id)))


def _seat(row: Seat, touched: Touched) -> None:
    touched.trainings.add(row.training_id)


def _enrolment(row: Enrolment, touched: Touched) -> None:
    touched.series.add(row.series_id)


def _room(row: Room, touched: Touched) -> None:
    touched.rooms.add(row.id)


def _venue(row: Venue, touched: Touched) -> None:
    touched.venues.add(row.id)


def _user(row: User, touched: Touched) -> None:
    touched.leaders.add(row.id)
    touched.subjects.add(SubjectKey(ScopeKind.FACILITATOR, str(row.id)))


def _role(row: UserRole, touched: Touched) -> None:
    touched.leaders.add(row.user_id)


def _organisation(row: Organisation, touched: Touched) -> None:
    history = inspect(row).attrs.municipalities.history
    touched.municipalities |= {row_.code for part in history for row_ in part or ()}
    touched.municipalities |= {
        code for part in inspect(row).attrs.home_code.history for code in part or () if code
    }
    for scope in (ScopeKind.ORGANISATION, ScopeKind.SUPPORT_ACTOR):
        touched.subjects.add(SubjectKey(scope, str(row.id)))


def _company(row: Company, touched: Touched) -> None:
    touched.subjects.add(SubjectKey(ScopeKind.COMPANY, str(row.id)))


def _person(row: Person, touched: Touched) -> None:
    touched.subjects.add(SubjectKey(ScopeKind.PARTICIPANT, str(row.id)))


def _municipality(row: Municipality, touched: Touched) -> None:
    touched.municipalities.add(row.code)
    for scope in (ScopeKind.MUNICIPALITY, ScopeKind.COORDINATED):
        touched.subjects.add(SubjectKey(scope, row.code))
    touched.subjects.add(SubjectKey(ScopeKind.COUNTY, row.county_code))


Note = Callable[[Any, Touched], None]

# table -> which of its columns and lists calendars show, and what then to note. No columns: any of them.
SHOWN: Final[dict[type, tuple[tuple[str, ...], Note]]] = {
    TrainingSession: ((), _training),
    Series: (
        ("key", "title", "published_at", "municipality_code", "organisation_id", "competences", "neighbours"), _series,
    ),
    Step: (("title", "position", "goals", "preparation"), _step),
    Cohort: (("name", "companies"), _cohort),
    Seat: ((), _seat),
    Enrolment: ((), _enrolment),
    Room: (("name",), _room),
    Venue: (("name", "address", "latitude", "longitude"), _venue),
    User: (("name", "disabled_at"), _user),
    UserRole: ((), _role),
    Organisation: (("name", "kind", "home_code", "municipalities"), _organisation),
    Company: (("name",), _company),
    Person: (("name", "archived_at"), _person),
    Municipality: (("name", "county_code", "county_name"), _municipality),
}  # fmt: skip


@event.listens_for(Session, "after_flush")
def _note_written(session: Session, _context: Any) -> None:
    """Note what was just written: afterwards, when new rows have their ids and the histories are still there."""
    touched: Touched = session.info.setdefault(NOTED, Touched())
    for rows, is_change in ((session.new, False), (session.dirty, True), (session.deleted, False)):
        for row in rows:
            columns, note = SHOWN.get(type(row), ((), None))
            if note is not None and (not is_change or _is_shown(row, columns)):
                note(row, touched)


def _is_shown(row: Any, columns: tuple[str, ...]) -> bool:
    attributes = inspect(row).attrs
    return any(
        attributes[name].history.has_changes() for name in columns or inspect(type(row)).column_attrs.keys()
    ) or (isinstance(row, TrainingSession) and attributes.facilitators.history.has_changes())


@event.listens_for(Session, "before_commit")
def _follow(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is only half of the work
    session.flush()
    touched: Touched | None = session.info.pop(NOTED, None)
    if touched:
        service.follow(touched)
        session.flush()
        session.info.pop(NOTED, None)  # what following itself wrote has been followed


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(NOTED, None)


@person_collected.connect
def _collect(_sender: Any, *, person: Person) -> list[DataPart]:
    return collect_feeds(person)


@person_erased.connect
def _erase(_sender: Any, *, person: Person, pseudonym: str, keep_certificates: bool) -> None:
    erase_feeds(person)

"""Reads of seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries.access import PeopleScope
from planner.attendance.queries.expected import has_no_seat_row, seat_counts, stands_for
from planner.attendance.rules import Approval, Fill, Place, SeatStatus, fill_of
from planner.base.clock import now
from planner.base.db import AnySelect, db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Company, Person
from planner.series.models import Cohort, Series, Step, TrainingSession, cohort_company
from planner.series.queries import SessionFilter, list_trainings


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
    is_held = (Seat.status == SeatStatus.booked.value) | Seat.answer_by.is_not(None)
    query = (
        select(Seat.training_id, is_held, Seat.place, func.count())
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(TrainingSession.id.in_(ids), seat_counts())
        .group_by(Seat.training_id, is_held, Seat.place)
    )
    booked: dict[int, dict[Place, int]] = defaultdict(dict)
    waiting: dict[int, int] = defaultdict(int)
    for id_, held, place, count in db.session.execute(query):
        if held:
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


def list_waiting_after_offer() -> Sequence[TrainingSession]:
    """Sessions with an offered seat whose time to answer is over, by id."""
    due = exists().where(Seat.training_id == TrainingSession.id, Seat.answer_by <= now())
    return db.session.scalars(select(TrainingSession).where(due).order_by(TrainingSession.id)).all()


def list_positions(training_ids: Iterable[int]) -> dict[int, int]:
    """The place in line, from 1, of each seat that waits at these sessions, by the seat's id. One statement."""
    line = func.row_number().over(
        partition_by=(Seat.training_id, Seat.place), order_by=(Seat.queued_at, Seat.id)
    )
    query = (
        select(Seat.id, line)
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .where(
            Seat.training_id.in_(list(training_ids)),
            seat_counts(),
            Seat.status == SeatStatus.waiting.value,
            Seat.answer_by.is_(None),
            Seat.approval != Approval.requested.value,
        )
    )
    return dict(db.session.execute(query).all())


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat with who has it (person and company loaded), and its place in line when it waits.

    `state` is booked, offered, waiting, requested, declined or cancelled.
    """

    seat: Seat
    person: Person | None
    company: Company | None
    position: int | None

    @property
    def state(self) -> str:
        """What has become of it, in one word."""
        return seat_state(self.seat)


def seat_state(seat: Seat | None) -> str:
    """booked, offered, waiting, requested, declined or cancelled; no row is like a cancelled one."""
    if seat is None:
        return SeatStatus.cancelled.value
    if seat.status == SeatStatus.waiting and seat.answer_by is not None:
        return "offered"
    is_due = seat.status == SeatStatus.waiting and seat.approval == Approval.requested
    is_no = seat.status == SeatStatus.cancelled and seat.approval == Approval.declined
    return Approval.requested.value if is_due else Approval.declined.value if is_no else seat.status


def list_seats(training: TrainingSession, scope: PeopleScope) -> list[SeatRow]:
    """Every seat held, offered, asked for or waited for, of people and companies within `scope`.

    First those held, then those offered, asked for and waiting, each in the order of the queue.
    """
    held_by = _seats_with_holders().where(Seat.training_id == training.id, seat_counts())
    if scope.codes is not None:
        held_by = held_by.where(
            or_(
                Person.municipality_code.in_(scope.codes),
                Company.municipality_code.in_(scope.codes),
            )
        )
    order = ["booked", "offered", "requested", "waiting"]
    rows = _rows(held_by, [training.id])
    return sorted(rows, key=lambda row: (order.index(row.state), row.seat.queued_at, row.seat.id))


def list_company_seats(training: TrainingSession, company: Company) -> list[SeatRow]:
    """The seats that the company has reserved at the session, the held ones first, each in the order of the queue."""
    query = _seats_with_holders().where(
        Seat.training_id == training.id,
        Seat.company_id == company.id,
        Seat.status != SeatStatus.cancelled.value,
    )
    rows = _rows(query, [training.id])
    return sorted(rows, key=lambda row: (row.state != "booked", row.seat.queued_at, row.seat.id))


def _seats_with_holders() -> AnySelect:
    return (
        select(Seat, Person, Company)
        .join(TrainingSession, TrainingSession.id == Seat.training_id)
        .outerjoin(Person, Person.id == Seat.person_id)
        .outerjoin(Company, Company.id == func.coalesce(Seat.company_id, Person.company_id))
        .options(joinedload(Person.company))
        .execution_options(populate_existing=True)
    )


def _rows(query: AnySelect, training_ids: list[int]) -> list[SeatRow]:
    places: dict[int, int] = list_positions(training_ids)
    rows: Any = db.session.execute(query)
    return [SeatRow(seat, person, company, places.get(seat.id)) for seat, person, company in rows]


def concerns(person: Person, training: TrainingSession) -> bool:
    """Whether the person may ask for a seat there: enrolled for it, or of a company that it is for."""
    standing = (
        select(Enrolment.id)
        .join(TrainingSession, stands_for())
        .where(TrainingSession.id == training.id, Enrolment.person_id == person.id)
    )
    company = (
        select(cohort_company.c.company_id)
        .join(Cohort, Cohort.id == cohort_company.c.cohort_id)
        .where(Cohort.series_id == training.series_id, cohort_company.c.company_id == person.company_id)
    )
    if training.cohort_id is not None:
        company = company.where(Cohort.id == training.cohort_id)
    return bool(db.session.scalar(select(or_(standing.exists(), company.exists()))))


def get_company_training(company: Company, uid: str) -> TrainingSession:
    """The published session with this UID that the company takes part in. Raises NotFoundError."""
    found = list_trainings(SessionFilter(company_id=company.id, uids=(uid,)))
    if not found:
        raise NotFoundError(_("There is no such session here."))
    return found[0]


def list_coming_of_company(
    company: Company, series_id: int, *, published_only: bool = True
) -> list[TrainingSession]:
    """The series' sessions ahead that the company takes part in."""
    wanted = SessionFilter(
        company_id=company.id, series_id=series_id, after=now(), published_only=published_only
    )
    found = list_trainings(wanted)
    return [training for training in found if training.cancelled_at is None and training.starts_at > now()]


def list_colleagues(company: Company, training: TrainingSession) -> Sequence[Person]:
    """Who may be given one of the company's seats at the session: its people without a seat of their own, by name."""
    held = exists().where(
        Seat.training_id == training.id,
        Seat.person_id == Person.id,
        Seat.company_id.is_(None),
        or_(Seat.status == SeatStatus.booked.value, Seat.answer_by.is_not(None)),
    )
    query = select(Person).where(Person.company_id == company.id, Person.archived_at.is_(None), ~held)
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


@dataclass(frozen=True, slots=True)
class Requests:
    """A session with seats that wait for the organiser's yes, and how many."""

    training_id: int
    title: str
    starts_at: datetime
    count: int


def list_requests(viewer: Viewer) -> list[Requests]:
    """Coming sessions, in series the viewer plans, with seats that wait for approval; the nearest first."""
    own = or_(
        Series.municipality_code.in_(viewer.municipalities(EDITORS)),
        Series.organisation_id.in_(viewer.organisations(EDITORS)),
    )
    query = (
        select(TrainingSession.id, Step.title, TrainingSession.starts_at, func.count())
        .join(Seat, Seat.training_id == TrainingSession.id)
        .join(Series, Series.id == TrainingSession.series_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(
            own,
            Seat.status == SeatStatus.waiting.value,
            Seat.approval == Approval.requested.value,
            TrainingSession.starts_at > now(),
            TrainingSession.cancelled_at.is_(None),
        )
        .group_by(TrainingSession.id, Step.title, TrainingSession.starts_at)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    return [Requests(*row) for row in db.session.execute(query)]

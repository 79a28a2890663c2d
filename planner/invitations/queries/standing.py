"""Reads of invitations, wishes and replies: how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment, Seat
from planner.attendance.queries import concerns
from planner.attendance.queries.expected import has_no_seat_row, stands_for
from planner.attendance.rules import SeatStatus
from planner.base.clock import now
from planner.base.config import UID_DOMAIN
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Role, Viewer
from planner.calendars.rules.itip import Method, PartStat
from planner.directory.models import Person
from planner.invitations.models import Invitation, InvitationReply, InvitationWish, MailChoice
from planner.invitations.rules import TAKEN_IN, Standing
from planner.series.models import Series, TrainingSession
from planner.series.queries import TRAINING_LOADS
from planner.web.paging import Page, page_of


def is_wished(person: Person) -> bool:
    """Whether the person wants invitations."""
    return db.session.get(InvitationWish, person.id) is not None


@dataclass(frozen=True, slots=True)
class Concerned:
    """A person whose calendar may have to be told of a session; `language` is the one they chose."""

    person: Person
    is_booked: bool
    language: str
    invitation: Invitation | None


def list_concerned(training_id: int) -> list[Concerned]:
    """Those who have a seat and want invitations, and those who have been invited, by id. One statement.

    Whoever has been invited is told of changes also when they want no new ones: a calendar must stay true.
    """
    query: Any = (
        select(Person, Seat.status, func.coalesce(MailChoice.language, InvitationWish.language), Invitation)
        .outerjoin(Seat, and_(Seat.person_id == Person.id, Seat.training_id == training_id))
        .outerjoin(InvitationWish, InvitationWish.person_id == Person.id)
        .outerjoin(MailChoice, MailChoice.person_id == Person.id)
        .outerjoin(Invitation, and_(Invitation.person_id == Person.id, Invitation.training_id == training_id))
        .where(
            Person.email.is_not(None),
            Person.archived_at.is_(None),
            or_(
                and_(InvitationWish.person_id.is_not(None), Seat.status == SeatStatus.booked.value),
                Invitation.method == Method.REQUEST.value,
            ),
        )
        .order_by(Person.id)
        .execution_options(populate_existing=True)
    )
    rows: Any = db.session.execute(query)
    return [
        Concerned(person, status == SeatStatus.booked, language or (known.language if known else "sv"), known)
        for person, status, language, known in rows
    ]


def standing_of(invitation: Invitation | None) -> Standing | None:
    """The invitation as the rules see it."""
    if invitation is None:
        return None
    return Standing(
        Method(invitation.method),
        invitation.sequence,
        invitation.told,
        PartStat(invitation.answer),
        invitation.answered_at,
    )


def load_session(training_id: int) -> TrainingSession:
    """The session as it now stands in the database, with all a calendar says of it."""
    query = select(TrainingSession).where(TrainingSession.id == training_id).options(*TRAINING_LOADS)
    return db.session.scalars(query.execution_options(populate_existing=True)).unique().one()


def find_session(uid: str) -> TrainingSession | None:
    """The session that an event's UID names."""
    key = uid.removesuffix(f"@{UID_DOMAIN}")
    if key == uid or not key.isascii() or not key.isprintable():
        return None
    query = select(TrainingSession).where(TrainingSession.uid == key).options(*TRAINING_LOADS)
    return db.session.scalars(query).unique().one_or_none()


def list_coming_of(person: Person) -> list[TrainingSession]:
    """Sessions ahead at which the person has a seat or stands to get one, by id: the order they are locked in."""
    held = select(Seat.training_id).where(
        Seat.person_id == person.id, Seat.status != SeatStatus.cancelled.value
    )
    standing = (
        select(TrainingSession.id)
        .join(Enrolment, stands_for())
        .where(Enrolment.person_id == person.id, has_no_seat_row())
    )
    query = (
        select(TrainingSession)
        .where(
            or_(TrainingSession.id.in_(held), TrainingSession.id.in_(standing)),
            TrainingSession.starts_at > now(),
            TrainingSession.cancelled_at.is_(None),
        )
        .order_by(TrainingSession.id)
        .options(*TRAINING_LOADS)
    )
    return list(db.session.scalars(query).unique())


def list_invited(training: TrainingSession, address: str) -> list[tuple[Invitation, Person]]:
    """The session's invitations to this address: one, unless two municipalities have the same person."""
    query = (
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.person_id)
        .where(Invitation.training_id == training.id, Person.email == address, Person.archived_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def find_seat(training: TrainingSession, person: Person) -> Seat | None:
    """The person's seat at the session, as it now stands."""
    query = select(Seat).where(Seat.training_id == training.id, Seat.person_id == person.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def get_own_seat(person: Person, uid: str) -> tuple[TrainingSession, Seat | None]:
    """The published session with this UID and the person's seat there, None when they never asked for one.

    Raises NotFoundError for a session that is no concern of theirs: no seat, no enrolment, and not for their company.
    """
    query: Any = (
        select(TrainingSession, Seat)
        .outerjoin(Seat, and_(Seat.training_id == TrainingSession.id, Seat.person_id == person.id))
        .join(TrainingSession.series)
        .where(TrainingSession.uid == uid, Series.published_at.is_not(None))
        .options(*TRAINING_LOADS)
    )
    row = db.session.execute(query).unique().one_or_none()
    if row is None or (row[1] is None and not concerns(person, row[0])):
        raise NotFoundError
    return row[0], row[1]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody a mail about a seat goes to. `has_wish`: a booked seat comes to them as an invitation already."""

    person: Person
    language: str
    has_wish: bool
    is_contact: bool


def list_addressees(seat: Seat, *, contacts: bool) -> list[Addressee]:
    """Whom to write to about a seat: whoever has it, or (`contacts`) those who speak for the company that has it."""
    query: Any = (
        select(Person, MailChoice.language, InvitationWish.language)
        .outerjoin(InvitationWish, InvitationWish.person_id == Person.id)
        .outerjoin(MailChoice, MailChoice.person_id == Person.id)
        .where(Person.email.is_not(None), Person.archived_at.is_(None))
        .order_by(Person.id)
    )
    if contacts:
        query = query.where(Person.company_id == seat.company_id, Person.is_contact)
    else:
        query = query.where(Person.id == seat.person_id)
    rows: Any = db.session.execute(query)
    return [
        Addressee(person, chosen or of_wish or "sv", of_wish is not None, contacts)
        for person, chosen, of_wish in rows
    ]


def is_letter_known(digest: str) -> bool:
    """Whether a letter with this digest has come before."""
    query = select(InvitationReply.id).where(InvitationReply.letter == digest).limit(1)
    return db.session.scalar(query) is not None


def list_fruitless_replies(viewer: Viewer, page: int = 1) -> Page:
    """Letters that changed nothing, newest first: of the series the viewer plans, and to owners those of none."""
    own = or_(
        Series.municipality_code.in_(viewer.municipalities(EDITORS)),
        Series.organisation_id.in_(viewer.organisations(EDITORS)),
    )
    if viewer.has_role(frozenset({Role.owner})):
        own = or_(own, InvitationReply.training_id.is_(None))
    query = (
        select(InvitationReply)
        .outerjoin(TrainingSession, TrainingSession.id == InvitationReply.training_id)
        .outerjoin(Series, Series.id == TrainingSession.series_id)
        .where(InvitationReply.outcome.not_in([outcome.value for outcome in TAKEN_IN]), own)
        .options(
            joinedload(InvitationReply.person),
            joinedload(InvitationReply.training).options(
                joinedload(TrainingSession.step), joinedload(TrainingSession.series)
            ),
        )
        .order_by(InvitationReply.received_at.desc(), InvitationReply.id.desc())
    )
    return page_of(query, page)

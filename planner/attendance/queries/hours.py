"""Reads of what people say of their own hours. An answer is about one entry: a correction asks anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import aliased, joinedload

from planner.attendance.models import Presence, PresenceAnswer
from planner.attendance.rules import HoursState, hours_state
from planner.base.clock import now
from planner.base.db import AnySelect, db
from planner.base.errors import NotFoundError
from planner.directory.models import Person
from planner.series.models import Series, TrainingSession


@dataclass(frozen=True, slots=True)
class OwnHours:
    """What stands of a person at a session (step and series loaded), and their newest answer about it."""

    presence: Presence
    answer: PresenceAnswer | None

    @property
    def state(self) -> HoursState:
        """Whether they agree."""
        return hours_state(self.answer.agrees if self.answer else None)


def _newest() -> Subquery:
    """The newest answer of each entry."""
    return (
        select(PresenceAnswer.entry_id, func.max(PresenceAnswer.id).label("id"))
        .group_by(PresenceAnswer.entry_id)
        .subquery()
    )


def _own_hours(person: Person) -> AnySelect:
    newest, answer = _newest(), aliased(PresenceAnswer)
    return (
        select(Presence, answer)
        .join(Presence.training)
        .join(TrainingSession.series)
        .outerjoin(newest, newest.c.entry_id == Presence.entry_id)
        .outerjoin(answer, answer.id == newest.c.id)
        .where(
            Presence.person_id == person.id,
            TrainingSession.ends_at <= now(),
            TrainingSession.cancelled_at.is_(None),
            Series.published_at.is_not(None),
        )
        .options(
            joinedload(Presence.training).options(
                joinedload(TrainingSession.step), joinedload(TrainingSession.series)
            )
        )
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
        .execution_options(populate_existing=True)
    )


def list_own_hours(person: Person) -> list[OwnHours]:
    """What stands of the person at sessions that are over, the newest first. One statement."""
    rows: Any = db.session.execute(_own_hours(person))
    return [OwnHours(presence, answer) for presence, answer in rows]


def get_own_hours(person: Person, uid: str) -> OwnHours:
    """The same at one session. Raises NotFoundError."""
    row: Any = db.session.execute(_own_hours(person).where(TrainingSession.uid == uid)).one_or_none()
    if row is None:
        raise NotFoundError(_("There is nothing noted of you at this session."))
    return OwnHours(*row)


def list_standing_answers(training: TrainingSession) -> dict[int, PresenceAnswer]:
    """By person, the newest answer about the entry that stands of them at the session. One statement."""
    newest = _newest()
    query = (
        select(PresenceAnswer)
        .join(newest, newest.c.id == PresenceAnswer.id)
        .join(
            Presence,
            and_(
                Presence.entry_id == PresenceAnswer.entry_id,
                Presence.training_id == training.id,
                Presence.person_id == PresenceAnswer.person_id,
            ),
        )
    )
    return {answer.person_id: answer for answer in db.session.scalars(query)}


def list_answers_of(training: TrainingSession, person: Person) -> Sequence[PresenceAnswer]:
    """Everything that the person has said of their hours at the session, newest first."""
    query = select(PresenceAnswer).where(
        PresenceAnswer.training_id == training.id, PresenceAnswer.person_id == person.id
    )
    return db.session.scalars(query.order_by(PresenceAnswer.id.desc())).all()

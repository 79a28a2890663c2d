"""Which sessions' people a viewer may see and mark.

All of them: owners and organisers where the series is coordinated or in its own organisation, the session's
facilitators, and whoever came by the session's own link. Owners and organisers of a neighbour that takes part see
and mark their own municipality's people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, literal, or_, select, true

from planner.attendance.queries.expected import home_code
from planner.attendance.rules import WINDOW
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.tokens import derived_digits, same
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Person
from planner.series.models import Series, TrainingSession
from planner.series.queries import SERIES_LOADS, TRAINING_LOADS, may_edit
from planner.series.rules import LONGEST_SESSION


@dataclass(frozen=True, slots=True)
class PeopleScope:
    """Whose people may be seen: everyone's when `codes` is None, else those of these municipalities.

    `is_roster_only`: nobody may be looked up beyond those on the list.
    """

    codes: frozenset[str] | None
    is_roster_only: bool = False

    def condition(self) -> ColumnElement[bool]:
        """The condition on Person (outer Company joined)."""
        if self.codes is None:
            return true()
        return or_(home_code().in_(self.codes), Person.municipality_code.in_(self.codes))


def scope_for_series(viewer: Viewer, series: Series) -> PeopleScope:
    """Whose people the viewer sees in the series (neighbours loaded). Raises NotFoundError when nobody's."""
    if may_edit(viewer, series):
        return PeopleScope(None)
    own = viewer.municipalities(EDITORS) & series.municipality_codes
    if not own:
        raise NotFoundError(_("There is no such series here."))
    return PeopleScope(own)


def scope_for_training(viewer: Viewer, training: TrainingSession) -> PeopleScope:
    """Whose people the viewer sees at the session (facilitators, series.neighbours loaded). Raises NotFoundError."""
    if training.id in viewer.session_ids:
        return PeopleScope(None, is_roster_only=True)
    if viewer.is_signed_in and any(user.id == viewer.user_id for user in training.facilitators):
        return PeopleScope(None)
    try:
        return scope_for_series(viewer, training.series)
    except NotFoundError:
        raise NotFoundError(_("There is no such session here.")) from None


def get_roster_training(viewer: Viewer, training_id: int) -> tuple[TrainingSession, PeopleScope]:
    """The session with all a page shows, and whose people the viewer sees there. Raises NotFoundError."""
    training = db.session.scalar(
        select(TrainingSession).where(TrainingSession.id == training_id).options(*TRAINING_LOADS)
    )
    if training is None:
        raise NotFoundError(_("There is no such session here."))
    return training, scope_for_training(viewer, training)


def get_series_with_people(viewer: Viewer, series_id: int) -> tuple[Series, PeopleScope]:
    """The series with cohorts and their companies, and whose people the viewer sees. Raises NotFoundError."""
    series = db.session.scalar(select(Series).where(Series.id == series_id).options(*SERIES_LOADS))
    if series is None:
        raise NotFoundError(_("There is no such series here."))
    return series, scope_for_series(viewer, series)


def find_training_by_uid(uid: str) -> TrainingSession | None:
    """The session with this UID with all a page shows, draft or not; None when there is none."""
    return db.session.scalar(
        select(TrainingSession).where(TrainingSession.uid == uid).options(*TRAINING_LOADS)
    )


def find_open_training_by_code(secret: str, digits: str) -> TrainingSession | None:
    """The session whose door is open now and whose spoken code this is.

    None when there is none, and when two happen to share the code: neither may be guessed at.
    """
    at = now()
    query = select(TrainingSession.id, TrainingSession.uid).where(
        TrainingSession.starts_at > at - WINDOW - LONGEST_SESSION - timedelta(minutes=1),
        TrainingSession.starts_at <= at + WINDOW,
        TrainingSession.ends_at > literal(at - WINDOW, TrainingSession.ends_at.type),
        TrainingSession.cancelled_at.is_(None),
    )
    found = [uid for _id, uid in db.session.execute(query) if same(spoken_code(secret, uid), digits)]
    return find_training_by_uid(found[0]) if len(found) == 1 else None


def spoken_code(secret: str, uid: str) -> str:
    """The six digits of the session with this UID."""
    return derived_digits(secret, "check-in", uid, 6)

"""Links for facilitators without an account."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from planner.attendance.models import RosterLink
from planner.attendance.queries.access import get_roster_training
from planner.attendance.rules import is_link_open, link_id_in, roster_token
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.tokens import same
from planner.base.viewer import Viewer
from planner.series.models import TrainingSession


def get_open_roster_link(secret: str, token: str) -> RosterLink:
    """The link that this token opens now. Raises NotFoundError for any other token."""
    link_id = link_id_in(token)
    if link_id is not None and same(roster_token(secret, link_id), token):
        query = select(RosterLink, TrainingSession.ends_at).join(RosterLink.training)
        found = db.session.execute(query.where(RosterLink.id == link_id)).one_or_none()
        if found is not None and is_link_open(found.ends_at, found.RosterLink.revoked_at, now()):
            link: RosterLink = found.RosterLink
            return link
    raise NotFoundError(_("This link has stopped working. Ask whoever sent it for a new one."))


def get_shared_training(viewer: Viewer, training_id: int) -> TrainingSession:
    """The session whose whole roster the viewer may share by a link. Raises NotFoundError."""
    training, scope = get_roster_training(viewer, training_id)
    if scope.codes is not None or scope.is_roster_only:
        raise NotFoundError(_("There is no such session here."))
    return training


def list_roster_links(training: TrainingSession) -> Sequence[RosterLink]:
    """The session's links that have not been revoked, oldest first."""
    query = select(RosterLink).where(RosterLink.training_id == training.id, RosterLink.revoked_at.is_(None))
    return db.session.scalars(query.order_by(RosterLink.id)).all()


def get_roster_link(training: TrainingSession, link_id: int) -> RosterLink:
    """One of the session's links that have not been revoked. Raises NotFoundError."""
    for link in list_roster_links(training):
        if link.id == link_id:
            return link
    raise NotFoundError(_("This link has already been revoked."))

"""Links for facilitators without an account."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.attendance.models import RosterLink
from planner.attendance.rules import is_link_open
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.service.checks import check_no_personal_number
from planner.series.models import TrainingSession


def make_roster_link(training: TrainingSession, name: str, *, by: Viewer) -> RosterLink:
    """A link to the session's roster for somebody of that name. Raises RefusedError when it would not open."""
    check_no_personal_number(name=name)
    if not is_link_open(training.ends_at, None, now()):
        raise RefusedError(_("This session ended more than a week ago. Mark people on the list yourself."))
    link = RosterLink(training_id=training.id, name=name, by_user_id=by.user_id)
    db.session.add(link)
    db.session.flush()
    return link


def revoke_roster_link(link: RosterLink) -> None:
    """Close the link for good."""
    link.revoked_at = now()
    db.session.flush()

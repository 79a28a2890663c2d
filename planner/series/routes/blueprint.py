"""The blueprint that the pages of series share, and the word for a session's status in every template."""

from __future__ import annotations

from flask import Blueprint

from planner.base.clock import now
from planner.series.models import TrainingSession
from planner.series.rules import Status, session_status

blueprint = Blueprint("series", __name__)


@blueprint.app_template_filter("session_status")
def status_of(training: TrainingSession) -> Status:
    """The one word for a session now; its series must be loaded."""
    return session_status(
        published=training.series.published_at is not None,
        cancelled=training.cancelled_at is not None,
        moved=training.moved_from_at is not None,
        ends_at=training.ends_at,
        at=now(),
    )

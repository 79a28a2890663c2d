"""The blueprint that the pages of series share, and the word for a session's status in every template."""

from __future__ import annotations

from flask import Blueprint

from planner.base.clock import now
from planner.series.models import TrainingSession
from planner.series.queries import status_of
from planner.series.rules import Status

blueprint = Blueprint("series", __name__)


@blueprint.app_template_filter("session_status")
def status_now(training: TrainingSession) -> Status:
    """The one word for a session now; its series must be loaded."""
    return status_of(training, now())

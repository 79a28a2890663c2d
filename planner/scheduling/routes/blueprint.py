"""The blueprint of scheduling, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint
from flask_babel import gettext as _

from planner.base.errors import NotFoundError, RefusedError
from planner.scheduling import queries
from planner.scheduling.forms import Choices, ClashFields
from planner.scheduling.rules import Clash, Proposal
from planner.scheduling.service import check
from planner.series.models import Cohort, Series, Step, TrainingSession
from planner.series.queries import get_cohort, get_series, get_step, get_training, may_edit
from planner.web.access import current_viewer
from planner.web.formats import format_instant

blueprint = Blueprint("scheduling", __name__)


@blueprint.app_template_filter("stored_instant")
def stored_instant(text: str) -> str:
    """Day and time of an instant kept as ISO text in a session's history."""
    return format_instant(datetime.fromisoformat(text))


def editable_series(series_id: int) -> Series:
    """The series when this viewer plans it; raises NotFoundError."""
    series = get_series(current_viewer(), series_id)
    if not may_edit(current_viewer(), series):
        raise NotFoundError(_("There is no such series here."))
    return series


def editable_training(training_id: int) -> TrainingSession:
    """The session when this viewer plans it; raises NotFoundError."""
    training = get_training(current_viewer(), training_id)
    if not may_edit(current_viewer(), training.series):
        raise NotFoundError(_("There is no such session here."))
    return training


def choices_for(series: Series, training: TrainingSession | None = None) -> Choices:
    """What there is to choose from; what the session already has is among it."""
    viewer = current_viewer()
    rooms = queries.choosable_rooms(viewer, series, training.room_id if training else None)
    people = queries.choosable_facilitators(viewer, series, training.facilitators if training else ())
    return Choices.of(series, rooms, people)


def step_and_cohort(series: Series, step_id: int | None, cohort_id: int | None) -> tuple[Step, Cohort | None]:
    """The series' own step and cohort with these ids; raises NotFoundError."""
    cohort = get_cohort(series, cohort_id) if cohort_id is not None else None
    return get_step(series, step_id or 0), cohort


def clashes_shown(form: ClashFields, make: Callable[[], list[Proposal]]) -> list[Clash]:
    """The clashes of what `make()` proposes, remembered in the form as seen; none while it cannot be read."""
    try:
        proposed = make()
    except (RefusedError, NotFoundError):
        proposed = []
    found = check(proposed, by=current_viewer())
    form.show(found)
    return found

"""The printed sheet."""

from __future__ import annotations

from werkzeug.wrappers import Response

from planner.attendance import queries
from planner.attendance.papers import Sheet, sheet_paper
from planner.attendance.routes.blueprint import blueprint, roster_address
from planner.series.models import TrainingSession
from planner.web.access import current_viewer, requires
from planner.web.pdf import pdf_response
from planner.web.settings import current_settings


@blueprint.get("/sessions/<int:training_id>/attendance/sheet.pdf")
@requires("facilitator")
def sheet(training_id: int) -> Response:
    """Everyone on the roll with a box to sign in, as PDF."""
    training, scope = queries.get_roster_training(current_viewer(), training_id)
    rows = queries.list_roster(training, scope)
    people = [(row.person.name, row.person.company.name if row.person.company else "") for row in rows]
    return pdf_response(f"attendance-{training.id}.pdf", sheet_paper(_head(training), people))


def _head(training: TrainingSession) -> Sheet:
    room = training.room
    return Sheet(
        training.series.title,
        training.step.title,
        training.series.organisation.name,
        training.starts_at,
        training.ends_at,
        f"{room.name}, {room.venue.name}" if room else "",
        ", ".join(user.name for user in training.facilitators),
        current_settings().site_url + roster_address("roster", training.id, via="sheet"),
    )

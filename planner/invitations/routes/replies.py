"""Answers that changed nothing, for those who may have to ask the person."""

from __future__ import annotations

from flask import render_template
from flask_babel import lazy_gettext as _l

from planner.invitations import queries
from planner.invitations.routes.blueprint import blueprint
from planner.invitations.rules import Outcome
from planner.web.access import current_viewer, requires
from planner.web.paging import asked_page

WHY = {
    Outcome.twice: _l("It came twice; the first one counted."),
    Outcome.late: _l("It came after the session was over or cancelled, or the seat was gone."),
    Outcome.outdated: _l("It answers an invitation that has been replaced since."),
    Outcome.stranger: _l("It came from an address that was not invited."),
    Outcome.unknown: _l("It names no session here."),
    Outcome.broken: _l("It could not be read."),
    Outcome.other_method: _l("It asks for something else, such as another time. Answer the person yourself."),
    Outcome.no_answer: _l("It is an ordinary letter. Read it in the mailbox."),
    Outcome.refused: _l("The seat could not be changed that way."),
}


@blueprint.get("/invitations/replies")
@requires("organiser")
def replies() -> str:
    """Letters to the reply address that changed nothing, the newest first."""
    page = queries.list_fruitless_replies(current_viewer(), asked_page())
    return render_template("invitations/replies.html", page=page, why=WHY)

"""Pages of the outbox: the demo's mailbox."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from planner.base.errors import NotFoundError
from planner.outbox import queries
from planner.web.access import public
from planner.web.answers import as_letter
from planner.web.settings import current_settings

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/mailbox")
@public
def mailbox() -> str:
    """Every mail the demo has written, newest first. Outside the demo there is no such page."""
    _only_in_demo()
    return render_template("outbox/mailbox.html", messages=queries.list_newest())


@blueprint.get("/mailbox/<int:message_id>")
@public
def letter(message_id: int) -> Response:
    """One mail of the demo as a mail programme shows its HTML."""
    _only_in_demo()
    return as_letter(queries.get_html(message_id))


def _only_in_demo() -> None:
    if not current_settings().demo:
        raise NotFoundError

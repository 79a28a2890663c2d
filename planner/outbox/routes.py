"""Pages of the outbox: the demo's mailbox."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.base.errors import NotFoundError
from planner.outbox import queries
from planner.web.access import public
from planner.web.settings import current_settings

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/mailbox")
@public
def mailbox() -> str:
    """Every mail the demo has written, newest first. Outside the demo there is no such page."""
    if not current_settings().demo:
        raise NotFoundError
    return render_template("outbox/mailbox.html", messages=queries.list_newest())

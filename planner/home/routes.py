"""Pages of home."""

from __future__ import annotations

from flask import Blueprint, render_template

from planner.web.access import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def start() -> str:
    """The start page."""
    return render_template("home/start.html")

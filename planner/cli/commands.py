"""The group `flask planner`."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

group = AppGroup("planner", help="The planner's own commands.")


def init_app(app: Flask) -> None:
    """Add the group to `flask`."""
    app.cli.add_command(group)

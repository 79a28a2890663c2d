"""The group that every command of the planner is added to."""

from __future__ import annotations

from flask.cli import AppGroup

group = AppGroup("planner", help="The planner's own commands.")

"""Adds `flask planner …` to the application; each module below adds its commands to the group when imported."""

from __future__ import annotations

from flask import Flask

from planner.cli import (
    attendance,
    backup,
    calendars,
    disposal,
    doctor,
    figures,
    mailbox,
    solve,
    users,
    worker,
)
from planner.cli.demo import commands as demo
from planner.cli.group import group

__all__ = [
    "attendance",
    "backup",
    "calendars",
    "demo",
    "disposal",
    "doctor",
    "figures",
    "init_app",
    "mailbox",
    "solve",
    "users",
    "worker",
]


def init_app(app: Flask) -> None:
    """Add the group to `flask`."""
    app.cli.add_command(group)

"""The settings that this application was made with, for whoever serves a request or a command."""

from __future__ import annotations

from flask import current_app

from planner.base.config import Settings


def current_settings() -> Settings:
    """The settings of the application at work. Services and queries are handed what they need of them instead."""
    settings: Settings = current_app.extensions["settings"]
    return settings

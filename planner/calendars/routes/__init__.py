"""Feeds and their pages: `ics` for calendar programmes and `gate` in front of it; the others for people."""

from planner.calendars.routes import feeds, gate, ics, person, subscribe
from planner.calendars.routes.blueprint import blueprint

__all__ = ["blueprint", "feeds", "gate", "ics", "person", "subscribe"]

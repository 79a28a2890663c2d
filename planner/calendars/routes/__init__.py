"""Feeds and their pages: `ics` for calendar programmes, `subscribe`, `feeds` and `person` for people."""

from planner.calendars.routes import feeds, ics, person, subscribe
from planner.calendars.routes.blueprint import blueprint

__all__ = ["blueprint", "feeds", "ics", "person", "subscribe"]

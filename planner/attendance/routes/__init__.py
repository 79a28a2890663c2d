"""Pages of attendance: the roster, the enrolled, the door."""

from planner.attendance.routes import door, people, roster
from planner.attendance.routes.blueprint import blueprint

__all__ = ["blueprint", "door", "people", "roster"]

"""Pages of attendance: the roster, the enrolled, the door."""

from planner.attendance.routes import by_link, door, links, people, roster
from planner.attendance.routes.blueprint import blueprint

__all__ = ["blueprint", "by_link", "door", "links", "people", "roster"]

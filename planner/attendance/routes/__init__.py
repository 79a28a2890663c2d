"""Pages of attendance: the roster, the enrolled, the door."""

from planner.attendance.routes import (
    by_link,
    company,
    diet,
    door,
    hours,
    links,
    offline,
    people,
    report,
    roster,
    scan,
    screen,
    seats,
    sheet,
    sign_off,
)
from planner.attendance.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "by_link",
    "company",
    "diet",
    "door",
    "hours",
    "links",
    "offline",
    "people",
    "report",
    "roster",
    "scan",
    "screen",
    "seats",
    "sheet",
    "sign_off",
]

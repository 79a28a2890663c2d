"""Booking for the people of a pasted list."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from planner.attendance.queries import Match, PeopleScope, match_lines
from planner.attendance.rules import MOST_LINES, Place, pasted_lines
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.seats import book_seat
from planner.base.errors import RefusedError
from planner.directory.service.checks import check_no_personal_number
from planner.series.models import TrainingSession


def book_pasted(training: TrainingSession, matches: Iterable[Match], place: Place, code: str) -> int:
    """Book for everyone who can be, in the list's order; how many. New people come into the municipality `code`."""
    count = 0
    for match in matches:
        if match.is_bookable:
            person = match.person or find_or_add_person(NewPerson(match.line.name, code, match.line.email))
            book_seat(training, person, place, approved=True)
            count += 1
    return count


def match_pasted(training: TrainingSession, scope: PeopleScope, text: str) -> list[Match]:
    """Each line of the text with who it means. Raises RefusedError for too many lines, or none."""
    lines = pasted_lines(text)
    if len(lines) > MOST_LINES:
        raise RefusedError(_("Paste at most %(most)s lines at a time.", most=MOST_LINES), field="text")
    check_no_personal_number(text=text)
    return match_lines(training, scope, lines)

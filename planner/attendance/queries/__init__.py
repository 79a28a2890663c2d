"""Reads of attendance."""

from planner.attendance.queries.access import (
    PeopleScope,
    find_open_training_by_code,
    find_training_by_uid,
    get_roster_training,
    get_series_with_people,
    scope_for_series,
    scope_for_training,
    spoken_code,
)
from planner.attendance.queries.expected import booked_people, expected_people, home_code
from planner.attendance.queries.ledger import (
    list_entries,
    list_entries_of,
    standing_entry,
)
from planner.attendance.queries.links import (
    get_open_roster_link,
    get_roster_link,
    get_shared_training,
    list_roster_links,
)
from planner.attendance.queries.people import (
    Candidate,
    find_expected_by_email,
    get_enrolment,
    get_walk_in,
    is_expected,
    list_candidates,
    list_companies_of_series,
    list_enrolments,
    search_people,
)
from planner.attendance.queries.roster import RosterRow, get_roster_row, list_roster
from planner.attendance.queries.seats import fills, list_coming

__all__ = [
    "Candidate",
    "PeopleScope",
    "RosterRow",
    "booked_people",
    "expected_people",
    "fills",
    "find_expected_by_email",
    "find_open_training_by_code",
    "find_training_by_uid",
    "get_enrolment",
    "get_open_roster_link",
    "get_roster_link",
    "get_roster_row",
    "get_roster_training",
    "get_series_with_people",
    "get_shared_training",
    "get_walk_in",
    "home_code",
    "is_expected",
    "list_candidates",
    "list_coming",
    "list_companies_of_series",
    "list_enrolments",
    "list_entries",
    "list_entries_of",
    "list_roster",
    "list_roster_links",
    "scope_for_series",
    "scope_for_training",
    "search_people",
    "spoken_code",
    "standing_entry",
]

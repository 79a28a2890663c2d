"""Writes of attendance. Every function flushes; the caller's unit of work commits."""

from planner.attendance.service.check_in import add_new_walk_in, add_walk_in, check_in
from planner.attendance.service.diet import remove_old_diets, set_diet
from planner.attendance.service.enrolments import end_enrolment, enrol, enrol_new_person
from planner.attendance.service.hours import answer_hours, confirm_all, lock_hours
from planner.attendance.service.ledger import Marked, MarkedMeanwhileError, mark, mark_rows
from planner.attendance.service.links import make_roster_link, revoke_roster_link
from planner.attendance.service.pasted import book_pasted, match_pasted
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.report import MarkedSinceError, import_report, read_report_file
from planner.attendance.service.reservations import name_seat, reserve_in_series, reserve_seats
from planner.attendance.service.scan import Scanned, scan
from planner.attendance.service.seats import (
    answer_requests,
    book_seat,
    cancel_seat,
    cancel_seat_by_id,
    settle_seats,
)
from planner.attendance.service.sign_off import sign_off
from planner.attendance.service.terms import set_series_terms, set_session_terms

__all__ = [
    "Marked",
    "MarkedMeanwhileError",
    "MarkedSinceError",
    "NewPerson",
    "Scanned",
    "add_new_walk_in",
    "add_walk_in",
    "answer_hours",
    "answer_requests",
    "book_pasted",
    "book_seat",
    "cancel_seat",
    "cancel_seat_by_id",
    "check_in",
    "confirm_all",
    "end_enrolment",
    "enrol",
    "enrol_new_person",
    "find_or_add_person",
    "import_report",
    "lock_hours",
    "make_roster_link",
    "mark",
    "mark_rows",
    "match_pasted",
    "name_seat",
    "read_report_file",
    "remove_old_diets",
    "reserve_in_series",
    "reserve_seats",
    "revoke_roster_link",
    "scan",
    "set_diet",
    "set_series_terms",
    "set_session_terms",
    "settle_seats",
    "sign_off",
]

"""Writes of attendance. Every function flushes; the caller's unit of work commits."""

from planner.attendance.service.check_in import add_walk_in, check_in
from planner.attendance.service.enrolments import end_enrolment, enrol, enrol_new_person
from planner.attendance.service.ledger import Marked, MarkedMeanwhileError, mark, mark_rows
from planner.attendance.service.links import make_roster_link, revoke_roster_link
from planner.attendance.service.people import NewPerson, find_or_add_person
from planner.attendance.service.seats import book_seat, cancel_seat, settle_seats

__all__ = [
    "Marked",
    "MarkedMeanwhileError",
    "NewPerson",
    "add_walk_in",
    "book_seat",
    "cancel_seat",
    "check_in",
    "end_enrolment",
    "enrol",
    "enrol_new_person",
    "find_or_add_person",
    "make_roster_link",
    "mark",
    "mark_rows",
    "revoke_roster_link",
    "settle_seats",
]

"""A person's own yes or no to one session, from their calendar or from their page."""

from __future__ import annotations

from planner.attendance.models import Seat
from planner.attendance.rules import Place, default_place, places_of
from planner.attendance.service import book_seat, cancel_seat
from planner.directory.models import Person
from planner.invitations.queries import find_seat
from planner.series.models import TrainingSession


def take_seat(training: TrainingSession, person: Person, wanted: Place | None = None) -> Seat:
    """The person's seat where they want it, else where they had it, else where most sit; or a place in the queue."""
    held = find_seat(training, person)
    place = wanted or (Place(held.place) if held is not None else default_place(training.mode))
    if wanted is None and place not in places_of(training.mode):
        place = default_place(training.mode)
    return book_seat(training, person, place)


def give_up_seat(training: TrainingSession, person: Person) -> Seat:
    """The person does not come to this session; whoever waited longest gets the seat."""
    return cancel_seat(training, person)

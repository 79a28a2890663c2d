"""Writes of venues and their rooms."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Room, Venue
from planner.directory.rules import VenueDetails, clean_position
from planner.directory.service.checks import check_may_edit
from planner.directory.signals import place_renamed


def create_venue(details: VenueDetails, *, by: Viewer) -> Venue:
    """A new venue without rooms. Raises RefusedError; flushes."""
    check_may_edit(by, details.municipality_code)
    venue = Venue()
    _set(venue, details)
    db.session.add(venue)
    db.session.flush()
    return venue


def edit_venue(venue: Venue, details: VenueDetails, *, by: Viewer) -> None:
    """Change the venue. Raises RefusedError; flushes."""
    check_may_edit(by, venue.municipality_code)
    check_may_edit(by, details.municipality_code)
    before = _shown_in_calendars(venue)
    _set(venue, details)
    db.session.flush()
    if before != _shown_in_calendars(venue):
        rooms = db.session.scalars(select(Room.id).where(Room.venue_id == venue.id))
        place_renamed.send(room_ids=list(rooms), by=by)


def archive_venue(venue: Venue, *, by: Viewer) -> None:
    """Offer the venue and its rooms nowhere; sessions held there keep it. Flushes."""
    check_may_edit(by, venue.municipality_code)
    venue.archived_at = venue.archived_at or now()
    db.session.flush()


def restore_venue(venue: Venue, *, by: Viewer) -> None:
    """Take the venue into use again. Flushes."""
    check_may_edit(by, venue.municipality_code)
    venue.archived_at = None
    db.session.flush()


def create_room(venue: Venue, name: str, capacity: int, *, by: Viewer) -> Room:
    """A new room for `capacity` persons. `venue.rooms` is loaded. Raises RefusedError; flushes."""
    check_may_edit(by, venue.municipality_code)
    _check_room(name, capacity)
    if any(room.name.casefold() == name.casefold() and not room.archived_at for room in venue.rooms):
        raise RefusedError(_("This venue has a room of that name."), field="name")
    room = Room(name=name, capacity=capacity, venue_id=venue.id)
    db.session.add(room)
    db.session.flush()
    return room


def edit_room(room: Room, name: str, capacity: int, *, by: Viewer) -> None:
    """Change the room. `room.venue` is loaded. Raises RefusedError; flushes."""
    check_may_edit(by, room.venue.municipality_code)
    _check_room(name, capacity)
    is_renamed = room.name != name
    room.name, room.capacity = name, capacity
    db.session.flush()
    if is_renamed:
        place_renamed.send(room_ids=[room.id], by=by)


def archive_room(room: Room, *, by: Viewer) -> None:
    """Offer the room nowhere; sessions held there keep it. Flushes."""
    check_may_edit(by, room.venue.municipality_code)
    room.archived_at = room.archived_at or now()
    db.session.flush()


def restore_room(room: Room, *, by: Viewer) -> None:
    """Take the room into use again. Flushes."""
    check_may_edit(by, room.venue.municipality_code)
    room.archived_at = None
    db.session.flush()


def _check_room(name: str, capacity: int) -> None:
    if not name:
        raise RefusedError(_("Give the room a name."), field="name")
    if not 1 <= capacity <= 10_000:
        raise RefusedError(_("Give how many persons the room takes, at least one."), field="capacity")


def _shown_in_calendars(venue: Venue) -> tuple[object, ...]:
    return (venue.name, venue.address, venue.latitude, venue.longitude)


def _set(venue: Venue, details: VenueDetails) -> None:
    if not details.name:
        raise RefusedError(_("Give the venue a name."), field="name")
    position = clean_position(details.position)
    venue.name, venue.municipality_code = details.name, details.municipality_code
    venue.address, venue.directions = details.address, details.directions
    venue.latitude, venue.longitude = position or (None, None)

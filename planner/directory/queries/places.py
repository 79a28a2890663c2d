"""Reads of municipalities, venues and rooms. A venue is seen by anyone with a role in its municipality."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.base.viewer import EVERYONE, Viewer
from planner.directory.models import Municipality, Room, Venue
from planner.web.paging import Page, page_of


def list_municipalities() -> list[Municipality]:
    """All 290 by name."""
    return list(db.session.scalars(select(Municipality).order_by(Municipality.sort_key)))


def list_municipalities_of(codes: Iterable[str]) -> list[Municipality]:
    """The municipalities with these codes, by name."""
    query = select(Municipality).where(Municipality.code.in_(list(codes)))
    return list(db.session.scalars(query.order_by(Municipality.sort_key)))


def get_municipality(code: str) -> Municipality:
    """The municipality with this code. Raises NotFoundError."""
    municipality = db.session.get(Municipality, code)
    if municipality is None:
        raise NotFoundError
    return municipality


def get_venue(viewer: Viewer, id: int) -> Venue:  # noqa: A002 - the row's own word
    """The venue with its municipality and rooms (archived ones too). Raises NotFoundError."""
    query = _seen_by(viewer).where(Venue.id == id)
    venue = db.session.scalar(query.options(joinedload(Venue.municipality), selectinload(Venue.rooms)))
    if venue is None:
        raise NotFoundError
    return venue


def get_room(viewer: Viewer, id: int) -> Room:  # noqa: A002 - the row's own word
    """The room with its venue. Raises NotFoundError."""
    query = select(Room).join(Room.venue).where(Room.id == id)
    query = query.where(Venue.municipality_code.in_(viewer.municipalities(EVERYONE)))
    room = db.session.scalar(query.options(joinedload(Room.venue)))
    if room is None:
        raise NotFoundError
    return room


def list_venues(
    viewer: Viewer, words: str = "", municipality: str = "", page: int = 1, *, archived: bool = False
) -> Page:
    """One page of the viewer's venues by name, each with municipality and rooms."""
    query = _seen_by(viewer).where(*name_has(Venue, words))
    query = query.where(Venue.archived_at.is_not(None) if archived else Venue.archived_at.is_(None))
    if municipality:
        query = query.where(Venue.municipality_code == municipality)
    query = query.options(joinedload(Venue.municipality), selectinload(Venue.rooms))
    return page_of(query.order_by(Venue.sort_key, Venue.id), page)


def list_rooms(codes: Iterable[str]) -> list[Room]:
    """The rooms in use in these municipalities, by venue and name, each with its venue."""
    query = (
        select(Room)
        .join(Room.venue)
        .where(
            Venue.municipality_code.in_(list(codes)), Room.archived_at.is_(None), Venue.archived_at.is_(None)
        )
        .options(joinedload(Room.venue))
        .order_by(Venue.sort_key, Room.sort_key, Room.id)
    )
    return list(db.session.scalars(query))


def _seen_by(viewer: Viewer) -> Select[Venue]:
    return select(Venue).where(Venue.municipality_code.in_(viewer.municipalities(EVERYONE)))

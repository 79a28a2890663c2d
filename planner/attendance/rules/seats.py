"""Seats: where one may sit, whether there is room, and who moves up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.series_templates.rules import Mode


class Place(StrEnum):
    """Where a person takes part."""

    on_site = "on_site"
    remote = "remote"


class SeatStatus(StrEnum):
    """What has become of a person's wish for a seat."""

    booked = "booked"
    waiting = "waiting"
    cancelled = "cancelled"


class Approval(StrEnum):
    """Where a seat that needs the organiser's yes stands; a seat that needs none has none of these."""

    requested = "requested"
    approved = "approved"
    declined = "declined"


class SeatNews(StrEnum):
    """What has happened to a seat that its holder did not do themselves."""

    moved_up = "moved_up"
    offered = "offered"
    lapsed = "lapsed"
    approved = "approved"
    declined = "declined"
    named = "named"
    unnamed = "unnamed"
    given_away = "given_away"
    booked_for = "booked_for"
    taken_back = "taken_back"


LONGEST_ANSWER_HOURS: Final = 14 * 24


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed about seats: hours to answer an offered one (0: given at once), and whether each needs a yes."""

    answer_hours: int = 0
    needs_approval: bool = False


def answer_due(hours: int, at: datetime, starts_at: datetime) -> datetime | None:
    """Until when an offer made now waits for its answer, at most to the start; None when seats are given at once."""
    return min(at + timedelta(hours=hours), starts_at) if hours else None


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody in the queue for a seat."""

    id: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Fill:
    """How many hold a seat at a session, by place, and how many wait for one."""

    on_site: int = 0
    remote: int = 0
    waiting: int = 0
    # Whether one more would get a seat at once; follows from the limits, which two equal fills may differ in.
    is_open: bool = field(default=True, compare=False)

    @property
    def booked(self) -> int:
        """How many hold a seat."""
        return self.on_site + self.remote


def places_of(mode: str) -> tuple[Place, ...]:
    """Where one can take part in a session of this mode; the first is meant unless another is chosen."""
    return {
        Mode.ON_SITE: (Place.on_site,),
        Mode.DIGITAL: (Place.remote,),
        Mode.HYBRID: (Place.on_site, Place.remote),
    }[Mode(mode)]


def default_place(mode: str) -> Place:
    """Where somebody takes part who has not chosen."""
    return places_of(mode)[0]


def has_free_seat(limit: int | None, booked: int) -> bool:
    """Whether one more fits; a limit of None is none."""
    return limit is None or booked < limit


def next_up(limit: int | None, booked: int, waiting: Iterable[Claim]) -> list[Claim]:
    """Who gets a seat now, first come, first served.

    Where more are booked than the limit (it was lowered afterwards) nobody moves up, and nobody loses a seat.
    """
    queue = sorted(waiting, key=lambda claim: (claim.queued_at, claim.id))
    return queue if limit is None else queue[: max(0, limit - booked)]


def fill_of(
    mode: str, limits: Mapping[Place, int | None], booked: Mapping[Place, int], waiting: int, unplaced: int
) -> Fill:
    """The fill of a session where `unplaced` people stand to come and have not been given a seat yet.

    They are counted as `settle_seats` will place them: as far as there is room, the rest waiting.
    """
    first = default_place(mode)
    limit = limits.get(first)
    room = unplaced if limit is None else max(0, min(unplaced, limit - booked.get(first, 0)))
    counted = {place: booked.get(place, 0) + (room if place is first else 0) for place in Place}
    is_open = any(has_free_seat(limits.get(place), counted[place]) for place in places_of(mode))
    return Fill(counted[Place.on_site], counted[Place.remote], waiting + unplaced - room, is_open)

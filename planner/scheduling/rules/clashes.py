"""What a proposed session runs into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from planner.base.days import ZONE, DayMark, day_interval, local_day
from planner.base.interval import Interval


class ClashKind(StrEnum):
    """What is in two places at once, or in the way. In the order they are shown."""

    FACILITATOR = "facilitator"
    ROOM = "room"
    COMPANY = "company"
    SERIES = "series"
    HOLIDAY = "holiday"
    OVER_CAPACITY = "over_capacity"


@dataclass(frozen=True, slots=True)
class Party:
    """A facilitator, a company or a series."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Room:
    """A room; capacity None means that it is not known."""

    id: int
    name: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a booked session can be read about: its page inside the site, its public page, or neither (None)."""

    training_id: int | None = None
    series_key: str | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """What one session takes up. `key` is the session's UID, or any unique text for one not yet written.

    `title` empty: it may not be named to who asks. `seats_on_site` None means no limit set. `open_to` is the series
    whose people are all welcome, while no company is known to come: they cannot be in two of its sessions at once.
    Drafts and cancelled sessions are left out, or not, by the caller.
    """

    key: str
    interval: Interval
    title: str
    series_title: str = ""
    facilitators: tuple[Party, ...] = ()
    room: Room | None = None
    companies: tuple[Party, ...] = ()
    seats_on_site: int | None = None
    source: Source = Source()
    open_to: Party | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing in the way of the proposed session `key`.

    `subject` names the facilitator, room, company or series; for a holiday it is empty and `mark` has its names.
    `other` is the booking it runs into, None for a holiday and for too many seats. `interval` is the time in
    common. `seats` and `capacity` are set for too many seats only.
    """

    kind: ClashKind
    key: str
    interval: Interval
    subject: str = ""
    other: Booking | None = None
    mark: DayMark | None = None
    seats: int | None = None
    capacity: int | None = None

    @property
    def mark_id(self) -> str:
        """A short text that is equal for an equal clash, so that a page can say which ones it showed."""
        other = self.other.key if self.other else ""
        parts = (self.kind.value, self.key, self.subject, other, *map(str, (self.interval, self.seats)))
        return sha256("|".join(parts).encode()).hexdigest()[:12]


def clashes(
    proposed: Sequence[Booking],
    existing: Sequence[Booking],
    day_marks: Mapping[date, DayMark],
    zone: ZoneInfo = ZONE,
) -> list[Clash]:
    """All that is in the way of the proposed sessions, in the order of their time, kind and subject.

    An existing booking with a proposed one's key is that session before the change and is not counted. Two
    proposed ones that run into each other give one clash, held by the later. Squeeze days are no clash.
    Bookings are swept once in time, n log n, so a county's whole year can be passed in.
    """
    found = [
        *_double_bookings(proposed, existing),
        *(clash for booking in proposed for clash in _holidays(booking, day_marks, zone)),
        *(clash for booking in proposed for clash in _over_capacity(booking)),
    ]
    place = {booking.key: number for number, booking in enumerate(proposed)}
    shown = {kind: number for number, kind in enumerate(ClashKind)}
    return sorted(
        found,
        key=lambda clash: (
            clash.interval,
            place[clash.key],
            shown[clash.kind],
            clash.subject,
            clash.other.key if clash.other else "",
        ),
    )


@dataclass
class _Lane:
    """The bookings of one facilitator, room, company or series."""

    subject: str
    proposed: list[Booking] = field(default_factory=list)
    existing: list[Booking] = field(default_factory=list)


def _double_bookings(proposed: Sequence[Booking], existing: Sequence[Booking]) -> Iterator[Clash]:
    lanes: dict[tuple[ClashKind, int], _Lane] = {}
    for booking in proposed:
        for lane, subject in _taken_up(booking).items():
            lanes.setdefault(lane, _Lane(subject)).proposed.append(booking)
    changed = {booking.key for booking in proposed}
    for booking in existing:
        if booking.key in changed:
            continue
        for lane in _taken_up(booking).keys() & lanes.keys():
            lanes[lane].existing.append(booking)
    for (kind, _), bookings in lanes.items():
        for booking, other in _sweep(bookings):
            common = booking.interval.intersection(other.interval)
            if common is not None:
                yield Clash(kind, booking.key, common, bookings.subject, other)


def _taken_up(booking: Booking) -> dict[tuple[ClashKind, int], str]:
    """Each lane the booking is in, with its name; a party named twice counts once."""
    lanes = {(ClashKind.FACILITATOR, person.id): person.name for person in booking.facilitators}
    lanes |= {(ClashKind.COMPANY, company.id): company.name for company in booking.companies}
    if booking.room is not None:
        lanes[ClashKind.ROOM, booking.room.id] = booking.room.name
    if booking.open_to is not None:
        lanes[ClashKind.SERIES, booking.open_to.id] = booking.open_to.name
    return lanes


_Running = list[tuple[datetime, int, Booking]]  # a heap by end; the number settles equal ends


def _sweep(lane: _Lane) -> Iterator[tuple[Booking, Booking]]:
    """Each overlapping pair with a proposed booking in it: that one first, of two the later.

    Existing pairs are never compared, so old double bookings cost nothing.
    """
    entries = [(booking, True) for booking in lane.proposed] + [(booking, False) for booking in lane.existing]
    entries.sort(key=lambda entry: (entry[0].interval, not entry[1], entry[0].key))
    proposed: _Running = []
    existing: _Running = []
    for number, (booking, is_proposed) in enumerate(entries):
        for running in (proposed, existing):
            while running and running[0][0] <= booking.interval.starts_at:
                heappop(running)
        entry = (booking.interval.ends_at, number, booking)
        if is_proposed:
            yield from ((booking, other) for _, _, other in proposed + existing)
            heappush(proposed, entry)
        else:
            yield from ((other, booking) for _, _, other in proposed)
            heappush(existing, entry)


def _holidays(booking: Booking, day_marks: Mapping[date, DayMark], zone: ZoneInfo) -> Iterator[Clash]:
    day = local_day(booking.interval.starts_at, zone)
    while (common := booking.interval.intersection(day_interval(day, zone))) is not None:
        mark = day_marks.get(day)
        if mark is not None and mark.is_holiday:
            yield Clash(ClashKind.HOLIDAY, booking.key, common, mark=mark)
        day += timedelta(days=1)


def _over_capacity(booking: Booking) -> Iterator[Clash]:
    room = booking.room
    if room is None or room.capacity is None or booking.seats_on_site is None:
        return
    if booking.seats_on_site > room.capacity:
        yield Clash(
            ClashKind.OVER_CAPACITY,
            booking.key,
            booking.interval,
            room.name,
            seats=booking.seats_on_site,
            capacity=room.capacity,
        )

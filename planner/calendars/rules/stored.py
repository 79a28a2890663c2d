"""How finished events are kept and found again, and what a feed's validator is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import blake2b

from planner.calendars.rules.entry import Entry
from planner.calendars.rules.feed import window_starts_at

# Raised by hand whenever the same entry is to give other bytes; the library's version is in every source besides.
FORMAT = 1

_DIGEST_BYTES = 16
_MOST_SESSIONS = 2**40


@dataclass(frozen=True, slots=True)
class EventBytes:
    """One finished event. `alarm` is the reminder with its time left open, empty where none may be given."""

    body: bytes
    alarm: bytes = b""

    @property
    def digest(self) -> bytes:
        """What tells these bytes from all others."""
        return digest(self.body, self.alarm)


def digest(*parts: bytes) -> bytes:
    """A short digest of the parts, in which their limits count."""
    made = blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        made.update(len(part).to_bytes(8))
        made.update(part)
    return made.digest()


def event_id(variant: int, training_id: int) -> int:
    """The number under which the session's event in this variant is stored."""
    return variant * _MOST_SESSIONS + training_id


def mark(entry: Entry, made: EventBytes) -> bytes:
    """Where the entry stands among others and what it says there: start and UID to sort by, and a digest.

    One value, since a large feed costs what its rows' values cost.
    """
    return place(entry) + made.digest


def place(entry: Entry) -> bytes:
    """What the entry's marks begin with: sorts by start and then by UID."""
    return instant_key(entry.starts_at) + f" {entry.uid.partition('@')[0][:36]}".encode()


def instant_key(at: datetime) -> bytes:
    """An instant as it stands in marks: sorts by time."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%f").encode()


def window_keys(on: date) -> tuple[bytes, bytes]:
    """The marks from which sessions, and cancelled ones, are told on this Stockholm day."""
    return instant_key(window_starts_at(on)), instant_key(window_starts_at(on, cancelled=True))


def source(entry: Entry, library: str) -> bytes:
    """A digest of everything that an entry's events are made from."""
    return digest(repr(entry).encode(), f"{FORMAT} {library}".encode())


def build_key(library: str, site_url: str) -> str:
    """What tells one way of making events from another: our format, the library's version, the site's address."""
    return digest(f"{FORMAT} {library} {site_url}".encode()).hex()


def validator(head: bytes, marks: Iterable[bytes]) -> str:
    """The weak entity tag of a feed with this head and these events, in this order: equal for equal bytes only.

    Made of the events' marks, so that a large feed need not be read once more (RFC 9110 section 8.8.1 allows it).
    """
    return f'W/"{digest(head, b"".join(marks)).hex()}"'

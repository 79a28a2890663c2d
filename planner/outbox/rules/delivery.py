"""A letter on its way: how long to wait before the next attempt, and when to give up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Status(StrEnum):
    """Where a message stands."""

    queued = "queued"
    sent = "sent"
    failed = "failed"


# The wait after the first, second, … attempt that did not succeed; about two days in all, so that a mail
# server may be away over a night. The attempt after the last wait is the last one.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 720, 1440))

# A claimed message is nobody else's for this long. A worker that died holding it loses it then.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar that travels in a mail (RFC 6047); `method` is also the text's own METHOD."""

    method: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message on its way: what a sender needs to know. `attempt` counts from 1.

    `html` is "" for a letter of text alone. `unsubscribe` is an address that ends letters of its kind by one POST.
    """

    id: int
    key: str
    recipient: str
    subject: str
    body: str
    written_at: datetime
    attempt: int
    calendar: CalendarPart | None = None
    html: str = ""
    unsubscribe: str = ""


class DeliveryError(Exception):
    """A mail could not be handed over. `permanent`: trying again would not help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


def next_wait(attempt: int, *, permanent: bool = False) -> timedelta | None:
    """How long to wait after failed attempt number `attempt` (from 1); None: give up."""
    if permanent or attempt > len(WAITS):
        return None
    return WAITS[attempt - 1]

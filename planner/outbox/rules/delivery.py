"""A letter on its way: how long to wait before the next attempt, and when to give up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from flask_babel import gettext as _


class Status(StrEnum):
    """Where a message stands."""

    queued = "queued"
    sent = "sent"
    failed = "failed"


# The wait after the first, second, … attempt that did not succeed; about two days in all, so that a mail
# server may be away over a night. The attempt after the last wait is the last one.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 720, 1440))

# The text of what was given up is kept so long, so that it can be tried once more when the cause is gone.
KEPT_AFTER_FAILURE: Final = timedelta(days=14)

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


def why_not(error: str) -> str:
    """A sender's error (DeliveryError) in words for whoever misses a mail; no address stands in it."""
    found = re.search(r"\b([45]\d\d)\b", error)
    code = f" ({found[1]})" if found else ""
    if error.startswith("recipient refused"):
        return _("The receiver's mail server does not take mail for this address.") + code
    if error.startswith("cannot be written"):
        return _("The address cannot stand in a mail. Correct it in the directory.")
    if error.startswith(("no connection", "SMTPServerDisconnected", "SMTPConnectError")):
        return _("The mail server could not be reached.") + code
    if error.startswith("SMTPAuthenticationError"):
        return _("The mail server did not accept the site's sign-in.") + code
    return _("The mail server did not take the mail.") + code


def masked(address: str) -> str:
    """An address that tells which sender without telling it: "a…@example.se"."""
    name, at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"[:100] if at else ""

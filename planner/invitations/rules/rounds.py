"""When reminders and follow-up mail are due: whole days before and after a session, in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from planner.base.days import at_wall_clock, local, local_day
from planner.base.tokens import derived_token
from planner.directory.rules.people import LinkHolder

# The choices of a series; whoever has set nothing reminds the day before, and follows nothing up.
REMINDER_DAYS: Final = (14, 7, 3, 2, 1)
STANDARD_REMINDERS: Final = (1,)
FOLLOW_UP_DAYS: Final = (1, 2, 3, 7, 14)
MORNING: Final = time(8)
# Follow-up waits so long for the attendance to be noted; later it would be about something forgotten.
FOLLOW_UP_WAITS: Final = timedelta(days=7)


class RoundKind(StrEnum):
    """What a round of mail about one session is."""

    reminder = "reminder"
    follow_up = "follow_up"


@dataclass(frozen=True, slots=True)
class MailTerms:
    """What is agreed about a series' mail. `follow_up_days` None: nothing is followed up."""

    reminder_days: tuple[int, ...] = STANDARD_REMINDERS
    follow_up_days: int | None = None


def latest_morning(at: datetime) -> date:
    """The day whose morning came last: mail of this day is due now, also when the worker was away for hours."""
    here = local(at)
    return here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)


def reminder_due(starts_at: datetime, days: int) -> datetime:
    """When the reminder so many days before is due. Who got a seat later has been told of it by that."""
    return at_wall_clock(local_day(starts_at) - timedelta(days=days), MORNING)


def follow_up_window(at: datetime, days: int) -> tuple[date, date]:
    """The first and the last day of sessions whose follow-up, so many days after, is due at `at`."""
    last = latest_morning(at) - timedelta(days=days)
    return last - FOLLOW_UP_WAITS + timedelta(days=1), last


def ending_token(secret: str, person: LinkHolder) -> str:
    """The token that ends a person's reminders and nothing else: it stands in a header that mail servers read."""
    return f"{person.id}-{derived_token(secret, 'reminders', person.id, person.link_generation)}"

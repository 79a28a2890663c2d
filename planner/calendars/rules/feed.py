"""Which entries a feed holds, in which order, and how a client learns that nothing changed."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from planner.base.clock import ZONE
from planner.calendars.rules.entry import Entry

DAYS_BACK = 90
CANCELLED_DAYS = 30
# Google Calendar stops reading at one megabyte; the operator hears of it before that.
SIZE_WARNING_BYTES = 800_000

_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def window_starts_at(today: date, *, cancelled: bool = False) -> datetime:
    """The first instant (UTC) a session may start and still be told on this Stockholm day."""
    first_day = today - timedelta(days=CANCELLED_DAYS if cancelled else DAYS_BACK)
    return datetime.combine(first_day, time(), ZONE).astimezone(UTC)


def in_window(entry: Entry, today: date) -> bool:
    """Whether a feed tells of it today: 90 days back and all ahead, cancelled ones 30 days back."""
    return entry.starts_at >= window_starts_at(today, cancelled=entry.cancelled)


def left_scope(entry: Entry) -> Entry:
    """The entry as it is told where it no longer belongs: cancelled, without a reason, and one revision later.

    The session itself may well be held, and keeps its own sequence: only where it comes back must it have a
    higher one than it left with, so that a client takes the news both times.
    """
    later = entry.revised_at.replace(microsecond=0) + timedelta(seconds=1)
    return replace(entry, cancelled=True, cancel_reason="", sequence=entry.sequence + 1, revised_at=later)


def first_left_on(today: date) -> date:
    """The first day of leaving that feeds still tell of."""
    return today - timedelta(days=CANCELLED_DAYS)


def is_known_etag(if_none_match: str, tag: str) -> bool:
    """Whether a client that sends this If-None-Match has the bytes of the tag (RFC 9110 section 13.1.2).

    Tags are compared weakly; a list and `*` are understood; what is no tag matches nothing.
    """
    if if_none_match.strip() == "*":
        return True
    return tag.removeprefix("W/") in _ENTITY_TAG.findall(if_none_match)

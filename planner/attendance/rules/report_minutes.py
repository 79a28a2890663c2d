"""How long somebody was there, of all the times they joined; and a report carried from its preview to its import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from planner.attendance.rules.report import Attendee

MOST_PEOPLE: Final = 1_000
_LATEST: Final = 4_102_444_800  # the year 2100


def minutes_there(attendees: Iterable[Attendee], starts_at: datetime, ends_at: datetime) -> int:
    """The minutes of one person between the two instants, under all the names and from all the devices of theirs.

    Time spent on two devices at once counts once. Half a minute and more counts as one.
    """
    people = list(attendees)
    spells = sorted(spell for one in people for spell in one.spells)
    seconds, reached = 0.0, starts_at
    for start, end in spells:
        first, last = max(start, reached), min(end, ends_at)
        if last > first:
            seconds += (last - first).total_seconds()
            reached = last
    if any(not one.spells for one in people):
        seconds = max(seconds, *(float(one.most or 0) for one in people if not one.spells))
    caps = [one.most for one in people]
    if all(cap is not None for cap in caps):
        seconds = min(seconds, float(sum(cap or 0 for cap in caps)))
    seconds = min(seconds, (ends_at - starts_at).total_seconds())
    return int(seconds + 30) // 60


def pack_report(attendees: Iterable[Attendee]) -> str:
    """The attendees as text, to be sent back by the page that shows them."""
    return json.dumps(
        [
            [one.name, one.email, [[int(at.timestamp()) for at in spell] for spell in one.spells], one.most]
            for one in attendees
        ],
        separators=(",", ":"),
    )


def unpack_report(text: str) -> list[Attendee] | None:
    """The attendees that were packed; None for any other text."""
    try:
        rows = json.loads(text)
        return (
            [_attendee(row) for row in rows] if isinstance(rows, list) and len(rows) <= MOST_PEOPLE else None
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _attendee(row: Any) -> Attendee:
    name, email, spells, most = row
    if not (isinstance(name, str) and isinstance(email, str) and name.isprintable() and email.isprintable()):
        raise ValueError("no texts")
    if len(name) > 200 or len(email) > 254 or not (most is None or _is_number(most)):
        raise ValueError("out of bounds")
    return Attendee(name, email, [_spell(spell) for spell in spells], most)


def _spell(pair: Any) -> tuple[datetime, datetime]:
    start, end = pair
    if not (_is_number(start) and _is_number(end) and start <= end):
        raise ValueError("no interval")
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LATEST

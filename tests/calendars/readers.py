"""What other programmes understand of a feed: four readers, of which three share no code.

icalendar (and recurring-ical-events over it), vobject and ical. Each gives the same tuples, in the same order.
"""

# ruff: noqa: DTZ001 - the reader of recurrences wants its bounds without a zone.

import re
from datetime import UTC, datetime
from typing import NamedTuple

import icalendar
import recurring_ical_events
import vobject
from ical.calendar_stream import IcsCalendarStream


class Told(NamedTuple):
    """What every reader must agree on about one session; times are aware, in UTC."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    status: str
    summary: str
    location: str
    description: str


def read_icalendar(body: bytes) -> list[Told]:
    return sorted(_from_icalendar(event) for event in icalendar.Calendar.from_ical(body).walk("VEVENT"))


def read_recurring(body: bytes) -> list[Told]:
    calendar = icalendar.Calendar.from_ical(body)
    if b"\nDTSTART:" in body:
        # It moves UTC times to the wall clock of X-WR-TIMEZONE, and there confuses the hour that comes twice.
        del calendar["X-WR-TIMEZONE"]
    query = recurring_ical_events.of(calendar)
    return sorted(
        _from_icalendar(event) for event in query.between(datetime(1999, 1, 1), datetime(2062, 1, 1))
    )


def read_vobject(body: bytes) -> list[Told]:
    calendar = vobject.readOne(body.decode())
    return sorted(
        Told(
            event.uid.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            *(event.getChildValue(name, "") for name in ("status", "summary", "location", "description")),
        )
        for event in calendar.contents.get("vevent", [])
    )


def read_ical(body: bytes) -> list[Told]:
    """By the library that Home Assistant's calendars stand on; it refuses a file with any invalid value."""
    return sorted(
        Told(
            event.uid or "",
            event.dtstart.astimezone(UTC),
            event.dtend.astimezone(UTC),
            str(event.status.value),
            event.summary or "",
            event.location or "",
            event.description or "",
        )
        for event in IcsCalendarStream.calendar_from_ics(body.decode()).events
    )


READERS = [read_icalendar, read_recurring, read_vobject, read_ical]


def assert_well_folded(body: bytes) -> None:
    """CRLF only, at most 75 octets a line, and every line whole characters."""
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    for line in lines:
        assert len(line) <= 75
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
        line.decode("utf-8", errors="strict")


def unfolded(body: bytes) -> list[str]:
    return body.decode().replace("\r\n ", "").split("\r\n")


def _from_icalendar(event: icalendar.Event) -> Told:
    start, end = (event.decoded(name).astimezone(UTC) for name in ("DTSTART", "DTEND"))
    texts = (str(event.get(name, "")) for name in ("STATUS", "SUMMARY", "LOCATION", "DESCRIPTION"))
    return Told(str(event.get("UID", "")), start, end, *texts)

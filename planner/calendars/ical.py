"""Entries as the bytes of RFC 5545. With `itip` the only module that imports icalendar.

Feeds have no METHOD: PUBLISH would require an ORGANIZER in every event (RFC 5546 section 3.2.1). icalendar
folds the lines and writes the components; text and the zone's rules are given to it finished, because its
own escaping turns a typed backslash followed by N into a new line, and its time zones list single dates
where readers want a yearly rule.
"""

from collections.abc import Iterable
from datetime import UTC, timedelta
from functools import lru_cache

import icalendar
from icalendar import Alarm, Calendar, Event
from icalendar.parser import Parameters
from icalendar.prop import vDuration, vUnknown

from planner.base.clock import ZONE
from planner.calendars import rules
from planner.calendars.rules import CalendarHead, Entry, EventBytes, Variant
from planner.series_templates.rules import Mode

# Where finished events were made by another version of the library, they are made again (planner calendars rebuild).
LIBRARY = f"icalendar {icalendar.__version__}"

_END = b"END:VCALENDAR\r\n"
_END_EVENT = b"END:VEVENT\r\n"
_TIME_LEFT_OPEN = b"TRIGGER:?"

# Exactly one STANDARD and one DAYLIGHT, each a yearly rule from 1970 (MS-OXCICAL 2.1.3.1.1.19.2): the rule of
# the European Union, in force in Sweden since 1996. A test compares it with the zone's own data.
VTIMEZONE = b"\r\n".join(
    [
        b"BEGIN:VTIMEZONE",
        b"TZID:Europe/Stockholm",
        b"BEGIN:STANDARD",
        b"DTSTART:19701025T030000",
        b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        b"TZNAME:CET",
        b"TZOFFSETFROM:+0200",
        b"TZOFFSETTO:+0100",
        b"END:STANDARD",
        b"BEGIN:DAYLIGHT",
        b"DTSTART:19700329T020000",
        b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        b"TZNAME:CEST",
        b"TZOFFSETFROM:+0100",
        b"TZOFFSETTO:+0200",
        b"END:DAYLIGHT",
        b"END:VTIMEZONE",
        b"",
    ]
)


def calendar_bytes(head: CalendarHead, events: Iterable[bytes]) -> bytes:
    """A whole feed: its head, the zone's rules, and the events as `event_bytes` made them, in this order."""
    return b"".join([head_bytes(head), *events, _END])


def event_bytes(entry: Entry, variant: Variant) -> bytes:
    """One VEVENT, folded and ended by CRLF. Equal arguments give equal bytes."""
    return with_alarm(finished_event(entry, variant), variant.reminder_minutes)


def with_alarm(event: EventBytes, minutes: int | None) -> bytes:
    """The event with its reminder so many minutes before, where one is asked for and it has one."""
    if minutes is None or not event.alarm:
        return event.body
    time: bytes = vDuration(-timedelta(minutes=minutes)).to_ical()  # type: ignore[no-untyped-call]
    return b"".join(
        [
            event.body.removesuffix(_END_EVENT),
            event.alarm.replace(_TIME_LEFT_OPEN, b"TRIGGER:" + time, 1),
            _END_EVENT,
        ]
    )


def finished_event(entry: Entry, variant: Variant) -> EventBytes:
    """One VEVENT whatever the reminder, as it is stored."""
    event = Event()
    start, end = rules.written_times(entry)
    revised_at = entry.revised_at.astimezone(UTC).replace(microsecond=0)
    event["UID"] = _verbatim(entry.uid)
    event["SEQUENCE"] = _verbatim(str(entry.sequence))
    event.add("DTSTAMP", revised_at)
    event.add("LAST-MODIFIED", revised_at)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    event["SUMMARY"] = _text(rules.summary(entry, variant))
    event["STATUS"] = _verbatim("CANCELLED" if entry.cancelled else "CONFIRMED")
    event["TRANSP"] = _verbatim("TRANSPARENT" if entry.cancelled else "OPAQUE")
    event["CLASS"] = _verbatim("PRIVATE" if variant.private else "PUBLIC")
    _add_place(event, entry, variant)
    _add_links(event, entry, variant)
    if categories := rules.categories(entry):
        event["CATEGORIES"] = _verbatim(",".join(map(_escaped, categories)))
    event["DESCRIPTION"] = _text(rules.description(entry, variant))
    alarm = b"" if entry.cancelled else _alarm_bytes(entry, variant)
    return EventBytes(bytes(event.to_ical(sorted=False)), alarm)


def _add_place(event: Event, entry: Entry, variant: Variant) -> None:
    place = rules.location(entry, variant)
    if place:
        event["LOCATION"] = _text(place)
    if not place or not entry.position or entry.mode is Mode.DIGITAL:
        return
    latitude, longitude = (f"{round(degrees, 6) + 0.0:.6f}" for degrees in entry.position)
    event["GEO"] = _verbatim(f"{latitude};{longitude}")
    # RFC 6868 writes a straight quotation mark as ^', which few readers know: a parameter gets a curved one.
    title = place.replace('"', "”")
    event["X-APPLE-STRUCTURED-LOCATION"] = _verbatim(
        f"geo:{latitude},{longitude}", {"VALUE": "URI", "X-APPLE-RADIUS": "100", "X-TITLE": title}
    )


def _add_links(event: Event, entry: Entry, variant: Variant) -> None:
    if joining := rules.join_uri(entry, variant):
        # RFC 7986 section 5.11; VALUE is required, and FEATURE tells a phone number from a meeting.
        event["CONFERENCE"] = _verbatim(joining, {"VALUE": "URI", "FEATURE": "VIDEO"})
    if page := rules.as_uri(entry.page_url):
        event["URL"] = _verbatim(page)


def _alarm_bytes(entry: Entry, variant: Variant) -> bytes:
    alarm = Alarm()
    alarm["ACTION"] = _verbatim("DISPLAY")
    alarm["TRIGGER"] = _verbatim("?")
    alarm["DESCRIPTION"] = _text(rules.summary(entry, variant))
    return bytes(alarm.to_ical(sorted=False))


@lru_cache(maxsize=256)
def head_bytes(head: CalendarHead) -> bytes:
    """Everything before the first event. No UID: a reader that stores by UID would keep one event only."""
    name = rules.shorten(rules.clean_line(head.name), 255)
    about = rules.shorten(rules.clean_line(head.description), 255)
    calendar = Calendar()
    calendar["VERSION"] = _verbatim("2.0")
    calendar["PRODID"] = _verbatim(f"-//Planner//Calendar feed//{head.language.upper()}")
    calendar["CALSCALE"] = _verbatim("GREGORIAN")
    calendar["NAME"] = calendar["X-WR-CALNAME"] = _text(name)
    if about:
        calendar["DESCRIPTION"] = calendar["X-WR-CALDESC"] = _text(about)
    calendar["X-WR-TIMEZONE"] = _verbatim(ZONE.key)
    calendar["REFRESH-INTERVAL"] = _verbatim("PT1H", {"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = _verbatim("PT1H")
    calendar["COLOR"] = _verbatim(head.colour)
    return bytes(calendar.to_ical(sorted=False)).removesuffix(_END) + VTIMEZONE


def _text(text: str) -> vUnknown:
    return _verbatim(_escaped(text))


def _escaped(text: str) -> str:
    r"""The text as RFC 5545 section 3.3.11 writes it: each of \ ; , and newline escaped once."""
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def _verbatim(value: str, parameters: dict[str, str] | None = None) -> vUnknown:
    return vUnknown(value, params=Parameters(parameters or {}))

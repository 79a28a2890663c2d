"""Invitations as the bytes of RFC 5546, and the answers read back. Beside `ical` the only importer of icalendar.

An invitation is the feed's own event with its UID, an ORGANIZER and exactly one ATTENDEE: nobody sees who else comes.
"""

from datetime import UTC, datetime
from urllib.parse import quote, unquote

from icalendar import Calendar, Event
from icalendar.parser import Parameters
from icalendar.prop import vUnknown

from planner.calendars import rules
from planner.calendars.ical import VTIMEZONE, event_bytes
from planner.calendars.rules import Entry, Variant
from planner.calendars.rules.itip import Answer, Method, PartStat, Party, Problem, UnreadableAnswerError

_MOST_SEQUENCE = 2**31
_BEGIN, _END_EVENT, _END = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"END:VCALENDAR\r\n"


def invitation_bytes(
    entry: Entry, variant: Variant, *, method: Method, organiser: Party, attendee: Party, rsvp: bool = True
) -> bytes:
    """The calendar that a mail carries; `rsvp` asks for an answer. Equal arguments give equal bytes.

    The entry's `sequence` and `revised_at` are those of this invitation; a CANCEL is of a cancelled entry.
    """
    head = Calendar()
    head["VERSION"] = vUnknown("2.0")
    head["PRODID"] = vUnknown(f"-//Planner//Invitation//{variant.language.upper()}")
    head["CALSCALE"] = vUnknown("GREGORIAN")
    head["METHOD"] = vUnknown(method.value)
    opening = bytes(head.to_ical(sorted=False)).removesuffix(_END)
    event = event_bytes(entry, variant).removesuffix(_END_EVENT)
    parties = _parties(method, organiser, attendee, rsvp=rsvp)
    return b"".join([opening, VTIMEZONE, event, parties, _END_EVENT, _END])


def _parties(method: Method, organiser: Party, attendee: Party, *, rsvp: bool) -> bytes:
    event = Event()
    event["ORGANIZER"] = vUnknown(_mailto(organiser), params=Parameters({"CN": _name(organiser)}))
    asked = {}
    if method is Method.REQUEST:
        asked = {"PARTSTAT": PartStat.NEEDS_ACTION.value, "RSVP": "TRUE" if rsvp else "FALSE"}
    role = {"CN": _name(attendee), "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", **asked}
    event["ATTENDEE"] = vUnknown(_mailto(attendee), params=Parameters(role))
    if method is Method.REQUEST:
        # Outlook would offer "propose new time", which nobody here could take.
        event["X-MICROSOFT-DISALLOW-COUNTER"] = vUnknown("TRUE")
    return bytes(event.to_ical(sorted=False)).removeprefix(_BEGIN).removesuffix(_END_EVENT)


def _name(party: Party) -> str:
    # A straight quotation mark cannot stand in a parameter (RFC 6868 is known to few readers).
    return rules.shorten(rules.clean_line(party.name).replace('"', "”"), 100)


def _mailto(party: Party) -> str:
    return "mailto:" + quote(party.address, safe="@!$&'*+-./=?^_`{|}~")


def read_answer(text: str) -> Answer:
    """The answer in a calendar with METHOD:REPLY. Raises UnreadableAnswerError for anything else."""
    try:
        calendar = Calendar.from_ical(text)
        method = str(calendar.get("METHOD", "")).strip().upper()
        if method == "REPLY":
            return _answer(calendar)
    except UnreadableAnswerError:
        raise
    except Exception as error:  # whatever a stranger's bytes make a parser raise, the answer cannot be read
        raise UnreadableAnswerError(Problem.BROKEN) from error
    raise UnreadableAnswerError(Problem.OTHER_METHOD if method else Problem.BROKEN)


def _answer(calendar: Calendar) -> Answer:
    events = calendar.walk("VEVENT")
    attendees = [attendee for event in events for attendee in _listed(event.get("ATTENDEE"))]
    if len(events) != 1 or len(attendees) != 1:
        raise UnreadableAnswerError(Problem.BROKEN)
    event, attendee = events[0], attendees[0]
    sequence = int(event.get("SEQUENCE", 0))
    if not 0 <= sequence < _MOST_SEQUENCE:
        raise UnreadableAnswerError(Problem.BROKEN)
    stamp: datetime = event.decoded("DTSTAMP")
    return Answer(
        uid=str(event["UID"]).strip(),
        attendee=_address(attendee),
        status=PartStat(str(attendee.params["PARTSTAT"]).upper()),
        sequence=sequence,
        stamped_at=stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC),
    )


def _listed(value: object) -> list[vUnknown]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]  # type: ignore[list-item]  # one or a list of them


def _address(attendee: vUnknown) -> str:
    """The attendee's address; some write a scheme of their own and the address in EMAIL (RFC 7986 section 6.2)."""
    value = str(attendee).strip()
    if value[:7].lower() != "mailto:":
        value = f"mailto:{attendee.params['EMAIL']}"
    return unquote(value[7:]).strip().lower()

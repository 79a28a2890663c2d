"""Invitations as bytes and as whole mails: kept golden files, read back by three readers.

`REWRITE_GOLDEN=1 python -m pytest tests/calendars/test_itip.py` rewrites them; read the diff.
"""

from __future__ import annotations

import email
import os
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from planner.calendars.itip import invitation_bytes, read_answer
from planner.calendars.rules import Entry, Variant
from planner.calendars.rules.itip import Method, PartStat, Party, UnreadableAnswerError
from planner.outbox.rules import CalendarPart, Letter
from planner.outbox.sender import compose
from planner.series_templates.rules import Mode

GOLDEN = Path(__file__).parents[1] / "golden" / "invitations"
ORGANISER = Party("Stegvis", "answers@planner.example")
ASA = Party('Åsa "Ö", Öberg; Järnvägsgatans mekaniska verkstad', "asa.oberg+kurs@example.test")
PRIVATE = Variant(private=True)
ENTRY = Entry(
    uid="7f3c2a90-session@planner.example",
    sequence=2,
    revised_at=datetime(2026, 10, 6, 8, 0, 1, 5, tzinfo=UTC),
    starts_at=datetime(2026, 10, 13, 8, 0, tzinfo=UTC),
    ends_at=datetime(2026, 10, 13, 10, 0, tzinfo=UTC),
    summary="Nulägesanalys · Digitala steg",
    place="Bergssalen, Masugnen",
    mode=Mode.HYBRID,
    join_url="https://video.example/rum",
    page_url="https://planner.example/s/digitala-steg/7f3c2a90",
)
SITUATIONS: dict[str, tuple[Entry, Variant, Method]] = {
    "request": (ENTRY, PRIVATE, Method.REQUEST),
    "request_digital_english": (
        replace(ENTRY, mode=Mode.DIGITAL, place=""), Variant(language="en", private=True), Method.REQUEST,
    ),
    "cancel": (
        replace(ENTRY, sequence=3, cancelled=True, cancel_reason="Handledaren är sjuk."), PRIVATE, Method.CANCEL,
    ),
}  # fmt: skip


def written(name: str) -> bytes:
    entry, variant, method = SITUATIONS[name]
    return invitation_bytes(entry, variant, method=method, organiser=ORGANISER, attendee=ASA)


def mail(name: str) -> EmailMessage:
    calendar = CalendarPart(SITUATIONS[name][2].value, written(name).decode())
    when = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    letter = Letter(
        1, f"golden:{name}", "asa@example.test", "Inbjudan: Nulägesanalys", "Hej Åsa,\n", when, 1, calendar
    )
    return compose(
        letter, "Stegvis <no-reply@planner.example>", "planner.example", reply_to=ORGANISER.address
    )


def kept(file: str, data: bytes) -> bytes:
    if os.environ.get("REWRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        (GOLDEN / file).write_bytes(data)
    return (GOLDEN / file).read_bytes()


@pytest.mark.parametrize("name", SITUATIONS)
def test_invitation_is_the_kept_one(name: str) -> None:
    data = written(name)
    assert data == kept(f"{name}.ics", data)
    assert data == written(name)


@pytest.mark.parametrize("name", SITUATIONS)
def test_readers_agree_on_the_invitation(name: str) -> None:
    entry, _variant, method = SITUATIONS[name]
    calendar = icalendar.Calendar.from_ical(written(name))
    [event] = calendar.walk("VEVENT")
    other = vobject.readOne(written(name).decode())
    assert (calendar["METHOD"], other.method.value) == (method.value, method.value)
    assert len(calendar.walk("VTIMEZONE")) == 1
    assert (event["UID"], other.vevent.uid.value) == (entry.uid, entry.uid)
    assert (event["DTSTART"].dt, other.vevent.dtstart.value) == (entry.starts_at, entry.starts_at)
    assert (event["DTEND"].dt, other.vevent.dtend.value) == (entry.ends_at, entry.ends_at)
    assert (int(event["SEQUENCE"]), int(other.vevent.sequence.value)) == (entry.sequence, entry.sequence)
    assert event["DTSTAMP"].dt == other.vevent.dtstamp.value == entry.revised_at.replace(microsecond=0)
    assert (
        str(event["STATUS"]) == other.vevent.status.value == ("CANCELLED" if entry.cancelled else "CONFIRMED")
    )
    assert event["ORGANIZER"] == other.vevent.organizer.value == f"mailto:{ORGANISER.address}"
    [attendee] = other.vevent.attendee_list
    assert event["ATTENDEE"] == attendee.value == f"mailto:{ASA.address}"
    assert attendee.params["CN"] == [event["ATTENDEE"].params["CN"]] == [ASA.name.replace('"', "”")]
    asked = (["NEEDS-ACTION"], ["TRUE"]) if method is Method.REQUEST else (None, None)
    assert (attendee.params.get("PARTSTAT"), attendee.params.get("RSVP")) == asked


@pytest.mark.parametrize("name", SITUATIONS)
def test_lines_are_folded_at_75_octets(name: str) -> None:
    lines = written(name).split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() is not None and b"\n" not in line for line in lines)


def test_the_mail_is_the_kept_one() -> None:
    message = mail("request")
    message.set_boundary("outer")
    next(message.iter_parts()).set_boundary("inner")  # type: ignore[arg-type]
    data = message.as_bytes()
    assert data == kept("request.eml", data)


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_mail_has_what_each_programme_looks_for(name: str) -> None:
    method = SITUATIONS[name][2].value
    read = email.message_from_bytes(mail(name).as_bytes(), policy=default)
    shape = [(part.get_content_type(), part.get_content_disposition()) for part in read.walk()]
    assert shape == [
        ("multipart/mixed", None), ("multipart/alternative", None), ("text/plain", None), ("text/calendar", None),
        ("application/ics", "attachment"),
    ]  # fmt: skip
    parts: list[Any] = list(read.walk())
    inline, attached = parts[3], parts[4]
    assert (inline.get_param("method"), inline.get_param("charset")) == (method, "utf-8")
    assert inline.get_payload(decode=True) == attached.get_payload(decode=True) == written(name)
    assert attached.get_filename() == "invite.ics"
    assert (read["Reply-To"], read["To"]) == (ORGANISER.address, "asa@example.test")


@given(st.text(max_size=80), st.from_regex(r"[a-z0-9.+_'&=%-]{1,20}@[a-z]{1,9}\.example", fullmatch=True))
def test_any_attendee_comes_back_from_an_answer(name: str, address: str) -> None:
    data = invitation_bytes(
        ENTRY, PRIVATE, method=Method.REQUEST, organiser=ORGANISER, attendee=Party(name, address)
    )
    text = data.decode().replace("METHOD:REQUEST", "METHOD:REPLY").replace("\r\n ", "")
    answer = read_answer(text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED"))
    assert (answer.attendee, answer.status, answer.sequence) == (address, PartStat.DECLINED, 2)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_answer(text)

"""Letters as calendar programmes write them, and as nobody should."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.calendars.rules.itip import PartStat
from planner.invitations.letters import MOST_BYTES, read_letter
from planner.invitations.rules import Outcome
from tests.invitations.common import GOLDEN, UID, reply

SHAPES = [
    ("outlook_declined", PartStat.DECLINED, datetime(2026, 10, 6, 7, 30, 12, tzinfo=UTC)),
    ("gmail_accepted", PartStat.ACCEPTED, datetime(2026, 10, 6, 7, 31, tzinfo=UTC)),
    ("apple_tentative", PartStat.TENTATIVE, datetime(2026, 10, 6, 7, 32, tzinfo=UTC)),
    ("thunderbird_accepted", PartStat.ACCEPTED, datetime(2026, 10, 6, 7, 33, tzinfo=UTC)),
]


@pytest.mark.parametrize(("name", "status", "stamp"), SHAPES)
def test_answers_of_known_programmes_are_read(name: str, status: PartStat, stamp: datetime) -> None:
    reading = read_letter((GOLDEN / "replies" / f"{name}.eml").read_bytes())
    answer = reading.answer
    assert answer is not None
    assert (answer.uid, answer.attendee, answer.status, answer.sequence, answer.stamped_at) == (
        f"{UID}@stegvis.example", "asa@example.test", status, 0, stamp,
    )  # fmt: skip
    assert (reading.sender, reading.problem, reading.is_automatic) == ("asa@example.test", None, False)


BROKEN = [
    b"", b"\xff\x00\xfe", b"x" * (MOST_BYTES + 1),
    reply("PERHAPS"), reply("DELEGATED"), reply(sequence=-1), reply(sequence=2**31), reply(stamp="yesterday"),
    reply(extra="ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.test"), reply().replace(b"ATTENDEE;", b"X-ATTENDEE;"),
    reply().replace(b"UID:", b"X-UID:"), reply().replace(b"END:VEVENT\r\n", b""),
    reply().replace(b"END:VCALENDAR", b"BEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\nEND:VCALENDAR"),
    reply(extra="COMMENT:" + "x" * 100_000),
    reply().replace(b"METHOD:REPLY\r\n", b""), reply().partition(b"SEQUENCE")[0],
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_a_letter_with_a_broken_part_has_no_answer(content: bytes) -> None:
    reading = read_letter(content)
    assert reading.answer is None
    assert reading.problem in (Outcome.broken, Outcome.no_answer)
    assert not reading.is_automatic


def test_a_proposal_of_another_time_is_no_answer() -> None:
    assert read_letter(reply(method="COUNTER")).problem is Outcome.other_method


def test_an_ordinary_letter_and_a_holiday_notice() -> None:
    ordinary = b"From: asa@example.test\r\n\r\nI may be late.\r\n"
    assert (read_letter(ordinary).problem, read_letter(ordinary).is_automatic) == (Outcome.no_answer, False)
    assert read_letter(b"Auto-Submitted: auto-replied\r\n" + ordinary).is_automatic


def test_an_invitation_of_ours_that_bounced_is_no_answer() -> None:
    head = b'From: x@example.test\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n'
    letter = head + b"Content-Type: message/rfc822\r\n\r\n" + reply() + b"\r\n--b--\r\n"
    assert read_letter(letter).problem is Outcome.no_answer


def test_two_senders_are_none() -> None:
    letter = reply(sender="asa@example.test>, <b@example.test")
    assert read_letter(letter).sender == ""
    assert read_letter(b"From: c@example.test\r\n" + reply()).sender == ""


def test_the_same_letter_has_the_same_digest_wherever_it_came_by() -> None:
    assert read_letter(reply()).digest == read_letter(b"Received: there\r\n" + reply()).digest
    assert read_letter(reply()).digest != read_letter(reply(message_id="<2@example.test>")).digest


@given(st.binary(max_size=400), st.integers(0, 600))
def test_no_bytes_stop_the_reader(junk: bytes, at: int) -> None:
    whole = reply()
    reading = read_letter(whole[:at] + junk + whole[at:])
    assert (reading.answer is None) is (reading.problem is not None)

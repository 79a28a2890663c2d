"""What answers do to seats, and which are listed instead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from planner.attendance import service as attendance
from planner.attendance.models import Seat
from planner.attendance.rules import Place
from planner.base import clock
from planner.base.db import db, unit_of_work
from planner.base.viewer import system
from planner.invitations.collection import handle, sender_of
from planner.invitations.mailbox import Arrival
from planner.invitations.models import InvitationReply
from planner.invitations.service import remove_old_replies
from planner.series import service as series_service
from planner.series.models import TrainingSession
from tests import factories as make
from tests.conftest import NOW
from tests.invitations.common import GOLDEN, invitation, invited, queued, replies, reply, send_all, wished


def arrive(app: Flask, *letters: bytes, first: int = 1) -> list[str]:
    """Each letter as an arrival of its own; what became of them."""
    sender = sender_of(app.extensions["settings"])
    for number, content in enumerate(letters, start=first):
        handle(Arrival(f"maildir:{number}", content), sender)
    return [row.outcome for row in replies()]


def status(training: TrainingSession) -> list[tuple[str, bool]]:
    query = (
        select(Seat)
        .where(Seat.training_id == training.id)
        .order_by(Seat.id)
        .execution_options(populate_existing=True)
    )
    return [(seat.status, seat.chosen) for seat in db.session.scalars(query)]


@pytest.mark.parametrize(
    ("name", "outcome", "seat", "mails"),
    [
        ("outlook_declined", "declined", "cancelled", ["Du tackade nej"]),
        ("gmail_accepted", "accepted", "booked", []),
        ("apple_tentative", "tentative", "booked", []),
        ("thunderbird_accepted", "accepted", "booked", []),
    ],
)
def test_answers_of_known_programmes_change_the_seat(
    app: Flask, name: str, outcome: str, seat: str, mails: list[str]
) -> None:
    training, person = invited()
    assert arrive(app, (GOLDEN / "replies" / f"{name}.eml").read_bytes()) == [outcome]
    assert [row[0] for row in status(training)] == [seat]
    assert [message.subject.partition(":")[0] for message in queued()] == mails
    assert all(message.calendar is None for message in queued())
    assert invitation(training, person).answer == outcome.upper()
    [row] = replies()
    assert (row.person_id, row.training_id, row.sender) == (person.id, training.id, "")


def test_a_no_frees_the_seat_for_whoever_waits(app: Flask) -> None:
    training, _person = invited(seats_on_site=1)
    waiting = make.person()
    with unit_of_work():
        attendance.book_seat(training, waiting, Place.on_site)
    arrive(app, reply("DECLINED"))
    assert [row[0] for row in status(training)] == ["cancelled", "booked"]


def test_a_no_taken_back_takes_the_seat_back_without_a_new_invitation(app: Flask) -> None:
    training, _person = invited()
    arrive(app, reply("DECLINED"))
    send_all()
    again = reply("ACCEPTED", stamp="20261006T074000Z", message_id="<2@example.test>")
    assert arrive(app, again, first=2) == ["declined", "accepted"]
    assert status(training) == [("booked", True)]
    assert queued() == []


def test_a_no_taken_back_too_late_waits_and_is_told_so(app: Flask) -> None:
    training, _person = invited(seats_on_site=1)
    arrive(app, reply("DECLINED"))
    with unit_of_work():
        attendance.book_seat(training, make.person(), Place.on_site)
    send_all()
    arrive(app, reply("ACCEPTED", stamp="20261006T074000Z", message_id="<2@example.test>"), first=2)
    assert [row[0] for row in status(training)] == ["waiting", "booked"]
    assert [message.calendar_method for message in queued()] == ["CANCEL"]


def test_after_a_no_a_seat_booked_again_is_a_new_invitation(app: Flask) -> None:
    training, person = invited()
    arrive(app, reply("DECLINED"))
    send_all()
    with unit_of_work():
        attendance.book_seat(training, person, Place.on_site)
    assert [message.calendar_method for message in queued()] == ["REQUEST"]
    assert invitation(training, person).sequence == 1


FRUITLESS = [
    (reply(sender="b@example.test"), "stranger", "b…@example.test"),
    (reply(attendee="b@example.test", sender="b@example.test"), "stranger", "b…@example.test"),
    (reply(attendee="b@example.test"), "stranger", "a…@example.test"),
    (reply(uid="other@stegvis.example"), "unknown", "a…@example.test"),
    (reply(uid="7f3c2a90-0000-4000-8000-000000000001@elsewhere.example"), "unknown", "a…@example.test"),
    (reply(sequence=1), "broken", ""),
    (reply("PERHAPS"), "broken", "a…@example.test"),
    (reply(uid="\x00@stegvis.example"), "unknown", "a…@example.test"),
    (reply(method="COUNTER"), "other_method", "a…@example.test"),
    (b"From: asa@example.test\r\n\r\nHello", "no_answer", "a…@example.test"),
    (b"\x00\xff", "no_answer", ""),
    (b"", "broken", ""),
]


@pytest.mark.parametrize(("letter", "outcome", "sender"), FRUITLESS, ids=range(len(FRUITLESS)))
def test_what_changes_nothing_is_listed(app: Flask, letter: bytes, outcome: str, sender: str) -> None:
    training, person = invited()
    assert arrive(app, letter) == [outcome]
    assert status(training) == [("booked", True)]
    assert (queued(), invitation(training, person).answer) == ([], "NEEDS-ACTION")
    assert replies()[0].sender == sender


def test_a_machines_own_letter_is_not_listed(app: Flask) -> None:
    assert arrive(app, b"From: a@example.test\r\nAuto-Submitted: auto-replied\r\n\r\nAway") == []


def test_a_letter_that_comes_twice_counts_once(app: Flask) -> None:
    training, person = invited()
    assert arrive(app, reply("DECLINED"), reply("DECLINED")) == ["declined", "twice"]
    other_copy = reply("DECLINED", message_id="<2@example.test>")
    assert arrive(app, other_copy, first=3) == ["declined", "twice", "twice"]
    with unit_of_work():
        attendance.book_seat(training, person, Place.on_site)
    assert arrive(app, reply("DECLINED"), first=4)[-1] == "twice"
    assert status(training) == [("booked", True)]


def test_the_same_arrival_read_again_is_not_even_listed(app: Flask) -> None:
    invited()
    assert arrive(app, reply()) == arrive(app, reply()) == ["declined"]


def test_an_answer_to_what_has_moved_since_is_outdated(app: Flask) -> None:
    training, person = invited()
    with unit_of_work():
        attendance.cancel_seat(training, person)
        attendance.book_seat(training, person, Place.on_site)
    assert arrive(app, reply(sequence=0)) == ["outdated"]
    assert status(training) == [("booked", True)]


def test_an_older_answer_that_arrives_later_is_outdated(app: Flask) -> None:
    training, _person = invited()
    older = reply("DECLINED", stamp="20261006T072000Z", message_id="<2@example.test>")
    assert arrive(app, reply("ACCEPTED"), older) == ["accepted", "outdated"]
    assert status(training) == [("booked", True)]


def test_an_answer_after_the_session_is_late(app: Flask) -> None:
    training, _person = invited()
    with clock.frozen(training.ends_at + timedelta(hours=1)):
        assert arrive(app, reply()) == ["late"]
    assert status(training) == [("booked", True)]


def test_an_answer_to_a_cancelled_session_is_late(app: Flask) -> None:
    training, _person = invited()
    with unit_of_work():
        series_service.cancel_session(training, "Ill", by=system())
    assert arrive(app, reply(sequence=1)) == ["late"]


def test_a_yes_after_the_seat_was_given_up_is_late(app: Flask) -> None:
    training, person = invited()
    with unit_of_work():
        attendance.cancel_seat(training, person)
    assert arrive(app, reply("ACCEPTED", sequence=1)) == ["late"]
    assert status(training) == [("cancelled", True)]


def test_nobodys_answer_is_taken_for_two_people(app: Flask) -> None:
    training, _person = invited()
    twin = make.person(email="asa@example.test", code=make.NORA)
    make.seat(training, twin)
    wished(twin)
    send_all()
    assert arrive(app, reply()) == ["stranger"]


def test_letters_are_forgotten_after_a_year(app: Flask) -> None:
    invited()
    arrive(app, reply())
    with clock.frozen(NOW + timedelta(days=364)):
        assert remove_old_replies() == 0
    with clock.frozen(NOW + timedelta(days=366)):
        assert remove_old_replies() == 1
    assert replies() == []


def test_no_text_of_a_letter_is_kept(app: Flask) -> None:
    invited()
    arrive(app, reply(sender="b@example.test", extra="COMMENT:private words"))
    kept = " ".join(str(getattr(replies()[0], column.key)) for column in InvitationReply.__table__.columns)
    assert "private words" not in kept
    assert "b@example.test" not in kept

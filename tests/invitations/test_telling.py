"""What calendars are told when seats and sessions change, and that each is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from planner.attendance import service as attendance
from planner.attendance.rules import Place
from planner.base import clock
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import system
from planner.invitations import service
from planner.invitations.models import Invitation
from planner.invitations.rules import MERGE_WAIT
from planner.outbox.models import Message
from planner.series import service as series_service
from planner.series.models import Series
from planner.series.queries import SERIES_LOADS, SessionFilter, list_trainings
from planner.series.service.sessions import details_of
from planner.series_templates.rules import Mode
from tests import factories as make
from tests.invitations.common import UID, invitation, invited, participant, queued, send_all, session, wished


def edit(training: Any, **changes: Any) -> None:
    with unit_of_work():
        [loaded] = list_trainings(SessionFilter(uids=(training.uid,), published_only=False))
        series_service.edit_session(loaded, replace(details_of(loaded), **changes), by=system())


def told(message: Message) -> tuple[str, int, str]:
    event = event_of(message)
    return str(message.calendar_method), int(event["SEQUENCE"]), str(event["STATUS"])


def event_of(message: Message) -> Any:
    [event] = icalendar.Calendar.from_ical(message.calendar or "").walk("VEVENT")
    return event


def test_nobody_is_invited_who_has_not_asked(app: Flask) -> None:
    training = session()
    with unit_of_work():
        attendance.book_seat(training, participant(), Place.on_site)
    assert queued() == []


def test_a_booked_seat_is_an_invitation_once(app: Flask) -> None:
    training, person = session(sequence=3), participant()
    wished(person)
    for _ in range(2):
        with unit_of_work():
            attendance.book_seat(training, person, Place.on_site)
    [message] = queued()
    assert (message.recipient, told(message)) == (person.email, ("REQUEST", 3, "CONFIRMED"))
    event = event_of(message)
    assert str(event["UID"]) == f"{UID}@stegvis.example"
    assert event["ORGANIZER"] == "mailto:no-reply@stegvis.example"
    assert event["ATTENDEE"] == f"mailto:{person.email}"
    assert dict(event["ATTENDEE"].params)["PARTSTAT"] == "NEEDS-ACTION"
    assert dict(event["ATTENDEE"].params)["RSVP"] == "FALSE"  # nobody reads the answers here


def test_a_wish_invites_to_what_is_ahead_and_those_enrolled(app: Flask) -> None:
    training = session()
    past = make.training(training.series, now() - timedelta(days=1))
    person = participant()
    make.seat(past, person)
    make.enrolment(training.series, person)
    wished(person)
    assert [told(message)[0] for message in queued()] == ["REQUEST"]
    wished(person)
    assert len(queued()) == 1


def test_nobody_waiting_is_invited_until_they_move_up(app: Flask) -> None:
    training, first, second = session(seats_on_site=1), participant(), make.person(name="Bo")
    wished(second)
    with unit_of_work():
        attendance.book_seat(training, first, Place.on_site)
        attendance.book_seat(training, second, Place.on_site)
    assert queued() == []
    with unit_of_work():
        attendance.cancel_seat(training, first)
    assert [(message.recipient, told(message)[0]) for message in queued()] == [(second.email, "REQUEST")]


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"ends_at": None}, True),
        ({"room_id": None}, True),
        ({"mode": None}, True),
        ({"note": "Bring a pen"}, False),
        ({"seats_on_site": 5}, False),
    ],
)
def test_time_place_and_mode_are_told_with_a_higher_sequence(
    app: Flask, changes: dict[str, Any], is_told: bool
) -> None:
    training, person = invited()
    real: dict[str, Any] = {
        "ends_at": training.ends_at + timedelta(hours=1), "room_id": make.room().id, "mode": Mode.HYBRID,
    }  # fmt: skip
    edit(training, **{name: real.get(name, value) for name, value in changes.items()})
    messages = queued()
    assert [told(message) for message in messages] == ([("REQUEST", 1, "CONFIRMED")] if is_told else [])
    assert all(message.due_at == now() + MERGE_WAIT for message in messages)
    assert invitation(training, person).answer == "NEEDS-ACTION"


def test_two_changes_in_a_row_are_one_mail(app: Flask) -> None:
    training, _person = invited()
    for hours in (1, 2):
        edit(
            training,
            starts_at=training.starts_at + timedelta(hours=hours),
            ends_at=training.ends_at + timedelta(hours=3),
        )
    [message] = queued()
    assert told(message) == ("REQUEST", 2, "CONFIRMED")
    assert event_of(message)["DTSTART"].dt == training.starts_at


def test_many_fields_and_many_savings_are_one_mail_that_tells_how_it_stands(app: Flask) -> None:
    training, _person = invited()
    room = make.room(make.venue(name="Hall"), name="Large")
    edit(
        training,
        starts_at=training.starts_at + timedelta(hours=1),
        ends_at=training.ends_at + timedelta(hours=1),
        room_id=room.id,
        mode=Mode.HYBRID,
        join_url="https://video.example/one",
    )
    edit(training, join_url="https://video.example/two")
    edit(training, note="Bring a pen")
    [message] = queued()
    assert "https://video.example/two" in (message.body or "")
    assert "https://video.example/one" not in (message.body or "") + (message.html or "")
    assert "Large, Hall" in (message.body or "")
    assert event_of(message)["DTSTART"].dt == training.starts_at


def test_a_change_that_is_undone_before_it_is_saved_tells_nobody(app: Flask) -> None:
    training, _person = invited()

    def fail() -> None:
        with unit_of_work():
            [loaded] = list_trainings(SessionFilter(uids=(training.uid,), published_only=False))
            later = replace(details_of(loaded), ends_at=loaded.ends_at + timedelta(hours=1))
            series_service.edit_session(loaded, later, by=system())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert queued() == []


def test_a_mail_on_its_way_is_not_taken_back(app: Flask) -> None:
    training, _person = invited()
    edit(training, ends_at=training.ends_at + timedelta(hours=1))
    queued()[0].attempts = 1
    db.session.commit()
    edit(training, ends_at=training.ends_at + timedelta(hours=1))
    assert [told(message)[1] for message in queued()] == [1, 2]


def test_a_cancelled_session_is_taken_out_of_the_calendar_and_comes_back(app: Flask) -> None:
    training, _person = invited()
    with unit_of_work():
        series_service.cancel_session(training, "Ill", by=system())
    [message] = queued()
    assert told(message) == ("CANCEL", 1, "CANCELLED")
    assert "Ill" in (message.body or "")
    assert "RSVP" not in event_of(message)["ATTENDEE"].params
    send_all()
    with unit_of_work():
        series_service.restore_session(training, by=system())
    assert [told(message) for message in queued()] == [("REQUEST", 2, "CONFIRMED")]


def test_a_cancelled_seat_is_taken_out_of_the_calendar(app: Flask) -> None:
    training, person = invited()
    with unit_of_work():
        attendance.cancel_seat(training, person)
    [message] = queued()
    assert told(message) == ("CANCEL", 1, "CANCELLED")
    assert "Du har ingen plats på den här träffen." in str(event_of(message)["DESCRIPTION"])
    send_all()
    with unit_of_work():
        attendance.book_seat(training, person, Place.on_site)
    assert [told(message)[:2] for message in queued()] == [("REQUEST", 2)]


def test_what_was_never_sent_needs_no_cancellation(app: Flask) -> None:
    training = session()
    person = participant(training)
    wished(person)
    with unit_of_work():
        attendance.cancel_seat(training, person)
    assert (queued(), list(db.session.scalars(select(Invitation)))) == ([], [])
    with unit_of_work():
        attendance.book_seat(training, person, Place.on_site)
    assert [told(message)[:2] for message in queued()] == [("REQUEST", 0)]


def test_stamps_rise_with_the_sequence(app: Flask) -> None:
    training, _person = invited()
    stamps = [invitation(training, _person).revised_at]
    for hours in (1, 2):
        edit(training, ends_at=training.ends_at + timedelta(minutes=hours))
        stamps.append(event_of(queued()[-1])["DTSTAMP"].dt)
        send_all()
    assert stamps == sorted(set(stamps))


def test_whoever_wants_no_more_is_still_told_the_truth(app: Flask) -> None:
    training, person = invited()
    other = make.training(make.published_series())
    with unit_of_work():
        service.end_wish(person)
        attendance.book_seat(other, person, Place.on_site)
    assert queued() == []
    with unit_of_work():
        series_service.cancel_session(training, "Ill", by=system())
    assert [told(message)[0] for message in queued()] == ["CANCEL"]


def test_a_draft_invites_when_it_is_published(app: Flask) -> None:
    training = session()
    series = db.session.get_one(Series, training.series_id)
    series.published_at = None
    db.session.commit()
    person = participant(training)
    wished(person)
    assert queued() == []
    series = db.session.scalars(select(Series).options(*SERIES_LOADS)).one()
    with unit_of_work():
        series_service.publish_series(series, by=make.viewer_of(make.user(("owner", make.organisation()))))
    assert [told(message)[0] for message in queued()] == ["REQUEST"]


def test_nobody_is_told_of_what_is_over(app: Flask) -> None:
    training, person = invited()
    with clock.frozen(training.ends_at), unit_of_work():
        attendance.cancel_seat(training, person)
    assert queued() == []


def test_a_person_without_an_address_cannot_be_invited(app: Flask) -> None:
    with pytest.raises(RefusedError):
        wished(participant(email=None))

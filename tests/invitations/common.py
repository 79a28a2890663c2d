"""What the tests of invitations share: one participant, one session, and answers to its invitation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from planner.base.db import db, unit_of_work
from planner.directory.models import Person
from planner.invitations import service
from planner.invitations.models import Invitation, InvitationReply
from planner.outbox.models import Message
from planner.series.models import TrainingSession
from tests import factories as make

GOLDEN = Path(__file__).parents[1] / "golden"
UID = "7f3c2a90-0000-4000-8000-000000000001"
STARTS = datetime(2026, 10, 13, 8, 0, tzinfo=UTC)


def session(**values: Any) -> TrainingSession:
    """A published session next week on site, with a name of its own that the golden answers use."""
    series = make.published_series(title="Digital steps", key=values.pop("key", "digital-steps"))
    values = {"uid": UID, "room_id": make.room(make.venue(name="House"), name="Room").id, **values}
    return make.training(series, STARTS, **values)


def participant(training: TrainingSession | None = None, **values: Any) -> Person:
    """Åsa, booked at the session if there is one."""
    person = make.person(**{"name": "Åsa Öberg", "email": "asa@example.test", **values})
    if training is not None:
        make.seat(training, person)
    return person


def wished(person: Person) -> None:
    with unit_of_work():
        service.wish(person, "sv")


def invited(**values: Any) -> tuple[TrainingSession, Person]:
    """A session, and Åsa, who has a seat there, wanted invitations and has been sent one."""
    training = session(**values)
    person = participant(training)
    wished(person)
    send_all()
    return training, person


def send_all() -> None:
    """As if a worker had sent everything."""
    for message in db.session.scalars(select(Message).where(Message.status == "queued")):
        message.status, message.attempts = "sent", 1
    db.session.commit()


def queued(person: Person | None = None) -> list[Message]:
    query = select(Message).where(Message.status == "queued").order_by(Message.id)
    if person is not None:
        query = query.where(Message.recipient == person.email)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def invitation(training: TrainingSession, person: Person) -> Invitation:
    db.session.expire_all()
    return db.session.get_one(Invitation, (training.id, person.id))


def replies() -> list[InvitationReply]:
    db.session.expire_all()
    return list(db.session.scalars(select(InvitationReply).order_by(InvitationReply.id)))


def reply(
    status: str = "DECLINED",
    *,
    sender: str = "asa@example.test",
    attendee: str = "asa@example.test",
    uid: str = f"{UID}@stegvis.example",
    sequence: int = 0,
    stamp: str = "20261006T073000Z",
    message_id: str = "<1@example.test>",
    method: str = "REPLY",
    extra: str = "",
) -> bytes:
    """A letter with an answer, as a calendar programme would send it."""
    lines = [
        f"From: Somebody <{sender}>", "To: no-reply@stegvis.example", f"Message-ID: {message_id}",
        "MIME-Version: 1.0", f"Content-Type: text/calendar; method={method}; charset=utf-8", "",
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{uid}", f"DTSTAMP:{stamp}", f"SEQUENCE:{sequence}", "DTSTART:20261013T080000Z",
        f"ATTENDEE;PARTSTAT={status}:mailto:{attendee}", *([extra] if extra else []), "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()

"""The worker from end to end: invitations leave by SMTP, answers come back by maildir; also two workers at once."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import icalendar
import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from planner.base.config import Settings
from planner.base.db import db, unit_of_work
from planner.base.viewer import system
from planner.cli.worker import jobs_for
from planner.invitations.collection import collect, sender_of
from planner.invitations.mailbox import Maildir
from planner.outbox.delivery import deliver_due
from planner.outbox.models import Message
from planner.outbox.sender import SmtpSender
from planner.series import service as series_service
from tests import factories as make
from tests.invitations.common import participant, replies, reply, session, wished
from tests.outbox.test_sender import Inbox, free_port
from tests.together import all_at_once

pytestmark = pytest.mark.committed
CROWD = 12


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[Inbox, Settings]]:
    """A mail server on this machine, and settings with it and a maildir."""
    inbox = Inbox()
    for part in ("new", "cur", "tmp"):
        (tmp_path / "answers" / part).mkdir(parents=True)
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield inbox, Settings(
            mail_server="127.0.0.1", mail_port=controller.port, mail_tls=False,
            mail_sender="Planner <no-reply@planner.example>", mail_reply="answers@planner.example",
            secret_key="s" * 32, reply_maildir=str(tmp_path / "answers"),
        )  # fmt: skip
    finally:
        controller.stop()


def once(settings: Settings) -> None:
    jobs = jobs_for(settings)
    while sum(job() for job in jobs):
        pass


def calendar_of(message: EmailMessage) -> Any:
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return icalendar.Calendar.from_ical(part.get_payload(decode=True))


def test_an_invitation_leaves_and_its_answer_frees_the_seat(
    committed_app: Flask, post: tuple[Inbox, Settings]
) -> None:
    inbox, settings = post
    committed_app.extensions["settings"] = settings
    training = session()
    person = participant(training)
    wished(person)
    once(settings)
    [sent] = inbox.messages
    calendar = calendar_of(sent)
    [event] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["ORGANIZER"]) == ("REQUEST", "mailto:answers@planner.example")
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert (sent["To"], sent["Reply-To"]) == (person.email, "answers@planner.example")
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    db.session.expire_all()
    [row] = db.session.query(Message)
    assert (row.status, row.body, row.html, row.calendar) == ("sent", None, None, None)
    letter = reply("DECLINED", sequence=int(event["SEQUENCE"]), uid=str(event["UID"]))
    (Path(settings.reply_maildir) / "new" / "1.host").write_bytes(letter)
    once(settings)
    assert [row.outcome for row in replies()] == ["declined"]
    once(settings)
    assert [message["Subject"].partition(":")[0] for message in inbox.messages] == [
        "Inbjudan",
        "Du tackade nej",
    ]
    assert (
        email.message_from_bytes(inbox.messages[1].as_bytes(), policy=default).get_content_type()
        == "multipart/alternative"
    )


def test_two_workers_send_each_invitation_once_and_take_each_answer_once(
    committed_app: Flask, post: tuple[Inbox, Settings]
) -> None:
    inbox, settings = post
    committed_app.extensions["settings"] = settings
    training = session()
    people = [make.person(name=f"P{n}") for n in range(CROWD)]
    for person in people:
        make.seat(training, person)
        wished(person)
    db.session.commit()
    all_at_once([lambda: deliver_due(SmtpSender(settings), limit=CROWD)] * 2)
    assert sorted(message["To"] for message in inbox.messages) == sorted(
        str(person.email) for person in people
    )
    for number, person in enumerate(people):
        letter = reply(
            "DECLINED", sender=str(person.email), attendee=str(person.email), message_id=f"<{number}@x>"
        )
        (Path(settings.reply_maildir) / "new" / f"{number}.host").write_bytes(letter)
    box = Path(settings.reply_maildir)
    all_at_once([lambda: collect(Maildir(box), sender_of(settings))] * 2)
    assert [row.outcome for row in replies()] == ["declined"] * CROWD
    assert db.session.query(Message).filter(Message.key.like("declined:%")).count() == CROWD
    assert list((box / "new").iterdir()) == []


def test_a_change_and_a_worker_at_once_lose_nothing(
    committed_app: Flask, post: tuple[Inbox, Settings]
) -> None:
    """Whether the first mail is caught in time or not, the calendar ends up without the session."""
    inbox, settings = post
    committed_app.extensions["settings"] = settings
    training = session()
    wished(participant(training))
    db.session.commit()

    def cancel() -> None:
        with unit_of_work():
            series_service.cancel_session(db.session.merge(training), "Ill", by=system())

    all_at_once([cancel, lambda: deliver_due(SmtpSender(settings))])
    once(settings)
    assert [calendar_of(message)["METHOD"] for message in inbox.messages] in ([], ["REQUEST", "CANCEL"])

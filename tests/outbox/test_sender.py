from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from planner.base.config import Settings
from planner.outbox.rules import DeliveryError, Letter
from planner.outbox.sender import MailboxSender, SmtpSender, compose, sender_for

WRITTEN = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


class Inbox:
    """Keeps what the server is given; refuses recipients whose address says how."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.connections: set[Any] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("refuse"):
            return f"{address[6:9]} not here"
        self.connections.add(session.peer)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, Settings]]:
    """A mail server on this machine, and settings that lead to it."""
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield inbox, settings(controller.port)
    finally:
        controller.stop()


def settings(port: int) -> Settings:
    return Settings(
        mail_server="127.0.0.1",
        mail_port=port,
        mail_tls=False,
        mail_sender="Planner <no-reply@planner.example>",
    )


def letter(recipient: str = "bo@example.test", **values: Any) -> Letter:
    values = {"subject": "Träffen är flyttad", "body": "Hej Åsa,\n\n" + "x" * 300 + "\n.\nslut\n", **values}
    return Letter(1, "moved:7", recipient, written_at=WRITTEN, attempt=1, **values)


def test_letters_arrive_as_written_over_one_connection(inbox: tuple[Inbox, Settings]) -> None:
    box, to = inbox
    sender = SmtpSender(to)
    sender.send(letter())
    sender.send(letter(subject="Two"))
    sender.close()
    first = box.messages[0]
    assert first["Subject"] == "Träffen är flyttad"
    assert (first["From"], first["To"]) == ("Planner <no-reply@planner.example>", "bo@example.test")
    assert first["Date"].datetime == WRITTEN
    assert first.get_content_type() == "text/plain"
    assert first.get_content().replace("\r\n", "\n") == letter().body
    assert [message["Subject"] for message in box.messages] == ["Träffen är flyttad", "Two"]
    assert len(box.connections) == 1


def test_message_id_comes_from_the_key() -> None:
    ids = [str(compose(letter(), "a@b.example", "site.example")["Message-ID"]) for _ in range(2)]
    assert ids[0] == ids[1]
    assert ids[0].endswith("@site.example>")


def test_a_letter_has_html_beside_its_text_and_an_address_that_ends_its_kind() -> None:
    whole = compose(
        letter(html="<p>Hej Åsa</p>", unsubscribe="https://s.example/e"), "a@b.example", "s.example"
    )
    read = email.message_from_bytes(whole.as_bytes(), policy=default)
    parts = [(part.get_content_type(), part.get_content().strip()) for part in read.iter_parts()]
    assert [kind for kind, _content in parts] == ["text/plain", "text/html"]
    assert parts[1][1] == "<p>Hej Åsa</p>"
    assert read["List-Unsubscribe"] == "<https://s.example/e>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert compose(letter(), "a@b.example", "s.example")["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("recipient", "permanent"), [("refuse550@x.example", True), ("refuse450@x.example", False)]
)
def test_refusal_says_whether_to_try_again(
    inbox: tuple[Inbox, Settings], recipient: str, permanent: bool
) -> None:
    sender = SmtpSender(inbox[1])
    with pytest.raises(DeliveryError, match="not here") as refusal:
        sender.send(letter(recipient))
    assert refusal.value.permanent is permanent
    sender.send(letter())
    sender.close()
    assert len(inbox[0].messages) == 1


def test_address_with_a_line_break_never_reaches_the_server(inbox: tuple[Inbox, Settings]) -> None:
    with pytest.raises(DeliveryError) as refusal:
        SmtpSender(inbox[1]).send(letter("a@x.example\nBcc: b@x.example"))
    assert refusal.value.permanent is True
    assert inbox[0].messages == []


def test_a_server_that_is_away_is_tried_again() -> None:
    sender = SmtpSender(settings(free_port()))
    with pytest.raises(DeliveryError, match="no connection") as refusal:
        sender.send(letter())
    assert refusal.value.permanent is False
    with pytest.raises(DeliveryError):
        sender.check()


def test_sender_that_the_settings_ask_for() -> None:
    assert isinstance(sender_for(Settings(mail_server="m.example")), SmtpSender)
    assert isinstance(sender_for(Settings(mail_server="m.example", demo=True)), SmtpSender)
    assert isinstance(sender_for(Settings(demo=True)), MailboxSender)
    assert sender_for(Settings()) is None

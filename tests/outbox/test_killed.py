"""A worker killed at the worst moment, again and again: nothing is lost, and what comes twice can be recognised."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select, update

from planner.base.clock import now
from planner.base.config import ROOT
from planner.base.db import db, unit_of_work
from planner.outbox.models import Message
from planner.outbox.rules import Content, Paragraph
from planner.outbox.service import queue_letter
from tests.outbox.test_sender import Inbox, free_port

pytestmark = pytest.mark.committed
LETTERS = 12
# How many letters each worker hands over before it is killed, as the mail server takes the last of them.
DEATHS = (1, 3, 2, 1)


class Executioner(Inbox):
    """A mail server that has taken a letter, and then kills whoever sent it before they can note that."""

    def __init__(self) -> None:
        super().__init__()
        self.worker: subprocess.Popen[bytes] | None = None
        self.left = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(server, session, envelope)
        self.left -= 1
        if self.left == 0 and self.worker is not None:
            os.kill(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        return answer


@pytest.fixture
def post() -> Iterator[tuple[Executioner, int]]:
    server = Executioner()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield server, controller.port
    finally:
        controller.stop()


def work(app: Flask, server: Executioner, port: int, letters: int) -> int:
    """A worker of its own process that dies after so many letters (0: it lives); its exit code."""
    environment = {
        **os.environ, "DATABASE_URL": str(app.config["SQLALCHEMY_DATABASE_URI"]), "SECRET_KEY": "s" * 40,
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(port), "MAIL_TLS": "0", "PLANNER_DEMO": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "planner", "worker", "--once"]
    server.left = letters
    server.worker = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return server.worker.wait(timeout=60)


def five_minutes_later() -> None:
    """What the dead worker held falls due again."""
    with unit_of_work():
        db.session.execute(update(Message).where(Message.status == "queued").values(due_at=now()))


def test_a_worker_killed_between_sending_and_noting_loses_nothing(
    committed_app: Flask, post: tuple[Executioner, int]
) -> None:
    server, port = post
    with unit_of_work():
        for number in range(LETTERS):
            content = Content(f"Letter {number}", (Paragraph(("Hello",)),))
            queue_letter(f"k{number}", f"p{number}@example.test", content)
    for letters in DEATHS:
        assert work(committed_app, server, port, letters) == -signal.SIGKILL
        five_minutes_later()
    assert work(committed_app, server, port, 0) == 0
    db.session.expire_all()
    assert set(db.session.scalars(select(Message.status))) == {"sent"}
    copies = Counter(str(message["To"]) for message in server.messages)
    assert sorted(copies) == sorted(f"p{number}@example.test" for number in range(LETTERS))
    assert sum(copies.values()) == LETTERS + len(DEATHS)  # each death let one letter go twice, and none more
    identities = {(str(message["To"]), str(message["Message-ID"])) for message in server.messages}
    assert len(identities) == LETTERS

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from planner.base.db import db, unit_of_work
from planner.outbox.models import Message
from planner.outbox.service import queue


@pytest.fixture
def mail_template(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail "greeting" beside the real ones."""
    text = 'Subject: Hello {{ name }}\n\nOpen {{ site_link("web.robots") }} & "smile"\n'
    loader = ChoiceLoader([DictLoader({"mail/greeting.txt": text}), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)


def test_queue_renders_subject_and_plain_body(app: Flask, mail_template: None) -> None:
    with unit_of_work():
        assert queue("k1", "a@example.test", "greeting", name="Åsa <b>") is True
    message = db.session.scalars(select(Message)).one()
    assert (message.recipient, message.subject, message.status) == (
        "a@example.test",
        "Hello Åsa <b>",
        "queued",
    )
    assert message.body == 'Open http://127.0.0.1:8000/robots.txt & "smile"\n'


def test_queue_with_the_same_key_writes_once(app: Flask, mail_template: None) -> None:
    with unit_of_work():
        assert [queue("k1", "a@example.test", "greeting", name=n) for n in ("first", "second")] == [
            True,
            False,
        ]
    assert db.session.scalars(select(Message.subject)).all() == ["Hello first"]


def test_queue_is_undone_with_the_change_it_tells_of(app: Flask, mail_template: None) -> None:
    def change() -> None:
        with unit_of_work():
            queue("k1", "a@example.test", "greeting", name="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert db.session.scalars(select(Message)).all() == []

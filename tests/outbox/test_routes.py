from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.base.clock import now
from planner.base.db import db
from planner.outbox.models import Message


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        app.extensions, "settings", dataclasses.replace(app.extensions["settings"], demo=True)
    )


def write(key: str, minutes_ago: int, body: str | None) -> None:
    moment = now() - timedelta(minutes=minutes_ago)
    db.session.add(
        Message(key=key, recipient="a@example.test", subject=f"Letter {key}", body=body, created_at=moment)
    )
    db.session.commit()


def test_mailbox_is_there_in_the_demo_only(client: FlaskClient) -> None:
    assert client.get("/mailbox").status_code == 404


def test_mailbox_shows_the_newest_first_with_links(demo: None, client: FlaskClient) -> None:
    write("one", 9, "Open http://127.0.0.1:8000/link/abc\n<b>not bold</b>")
    write("two", 1, None)
    page = client.get("/mailbox").text
    assert page.index("Letter two") < page.index("Letter one")
    assert 'href="http://127.0.0.1:8000/link/abc"' in page
    assert "&lt;b&gt;not bold" in page


def test_an_empty_mailbox_says_how_to_get_mail(demo: None, client: FlaskClient) -> None:
    assert "No mail yet" in client.get("/mailbox").text

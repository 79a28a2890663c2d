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


def test_a_letter_is_shown_as_html_that_may_do_nothing(demo: None, client: FlaskClient) -> None:
    write("one", 9, "Text")
    row = db.session.query(Message).one()
    assert client.get(f"/mailbox/{row.id}").status_code == 404
    row.html = "<p>Hello</p>"
    db.session.commit()
    assert f'src="/mailbox/{row.id}"' in client.get("/mailbox").text
    answer = client.get(f"/mailbox/{row.id}")
    assert (answer.status_code, answer.text) == (200, "<p>Hello</p>")
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    assert (answer.headers["Cache-Control"], answer.headers["X-Frame-Options"]) == ("no-store", "SAMEORIGIN")


def test_a_letter_is_shown_in_the_demo_only(client: FlaskClient) -> None:
    assert client.get("/mailbox/1").status_code == 404

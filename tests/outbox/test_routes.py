from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.outbox.models import Message
from tests import factories as make


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


def mail_of(organisation_id: int, key: str, **values: object) -> Message:
    row = Message(**{
        "key": key, "recipient": "zoe@secret.example", "subject": f"Subject {key}", "body": f"Body {key}",
        "organisation_id": organisation_id, **values,
    })  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def test_organisers_see_what_became_of_their_own_mail_and_never_its_text(
    app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    ours, theirs = make.organisation(), make.organisation()
    client = sign_in(make.user(("organiser", ours)))
    mail_of(ours.id, "new")
    mail_of(ours.id, "busy", attempts=2, error="SMTPDataError: 451 zoe@secret.example later")
    mail_of(
        ours.id,
        "dead",
        status="failed",
        attempts=1,
        error="recipient refused: 550 zoe@secret.example unknown",
    )
    mail_of(ours.id, "old", status="failed", body=None, error="no connection to the mail server: x")
    mail_of(ours.id, "gone", status="sent", body=None, sent_at=now())
    mail_of(theirs.id, "theirs")
    write("nobodys", 1, "Body of the site's own")
    pages = {show: client.get(f"/mail?show={show}").text for show in ("queued", "failed", "sent", "x")}
    found = {show: sorted(re.findall(r"Subject (\w+)", page)) for show, page in pages.items()}
    assert found == {
        "queued": ["busy", "new"],
        "failed": ["dead", "old"],
        "sent": ["gone"],
        "x": ["busy", "new"],
    }
    assert all("Body" not in page and "zoe@secret" not in page for page in pages.values())
    assert "z…@secret.example" in pages["queued"]
    assert "The mail server did not take the mail. (451)" in pages["queued"]
    assert "does not take mail for this address. (550)" in pages["failed"]
    assert pages["failed"].count("/again") == 1
    assert "No mail server is set up" in pages["queued"]
    assert "Nothing waits" in sign_in(make.organiser()).get("/mail").text
    assert sign_in(make.user(("facilitator", ours))).get("/mail").status_code == 403


def test_what_was_given_up_is_tried_again_by_its_own_organisation(
    app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    ours = make.organisation()
    client = sign_in(make.user(("owner", ours)))
    row = mail_of(ours.id, "dead", status="failed", attempts=9, error="recipient refused: 550 x")
    assert sign_in(make.organiser()).post(f"/mail/{row.id}/again").status_code == 404
    assert "tried again within a minute" in client.post(f"/mail/{row.id}/again", follow_redirects=True).text
    db.session.refresh(row)
    assert (row.status, row.attempts, row.due_at, row.error) == ("queued", 0, now(), "")
    assert "taken up again already" in client.post(f"/mail/{row.id}/again", follow_redirects=True).text
    row.status, row.body = "failed", None
    db.session.commit()
    assert "has been erased" in client.post(f"/mail/{row.id}/again", follow_redirects=True).text

from __future__ import annotations

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import select

from planner.base.db import db, unit_of_work
from planner.outbox.models import Message
from planner.outbox.rules import Content, Facts, Link, Paragraph
from planner.outbox.service import queue, queue_letter, withdraw_all


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


def test_html_says_the_same_and_takes_no_markup_from_anybody(app: Flask) -> None:
    content = Content(
        "Moved <b>",
        (
            Paragraph(("Hello <script>alert(1)</script>,\nyou",)),
            Facts(("Series & <i>", "Join: https://a.example/x")),
            Paragraph((Link('https://a.example/?a=1&b="2"', "Your <seat>"),)),
        ),
        "Hub <x>",
        ("End: ", Link("https://a.example/end")),
    )
    with unit_of_work():
        queue_letter(
            "k", "a@example.test", content, language="en", organisation_id=7, unsubscribe="https://e.example"
        )
    message = db.session.scalars(select(Message)).one()
    html = message.html or ""
    assert "<title>Moved &lt;b&gt;</title>" in html
    assert "<p>Hello &lt;script&gt;alert(1)&lt;/script&gt;,<br>you</p>" in html
    assert '<strong>Series &amp; &lt;i&gt;</strong>Join: <a href="https://a.example/x">' in html
    assert '<a class="button" href="https://a.example/?a=1&amp;b=&#34;2&#34;">Your &lt;seat&gt;</a>' in html
    assert (html.count("<script"), html.count("src=")) == (0, 0)
    assert (message.organisation_id, message.unsubscribe) == (7, "https://e.example")
    assert "Hub <x>\nEnd: https://a.example/end\n" in (message.body or "")


def test_what_has_not_left_is_taken_back_by_the_beginning_of_its_key(app: Flask) -> None:
    with unit_of_work():
        for key in ("reminder:1:2", "reminder:1%:3", "reminder:11:2", "reminder:1:9"):
            queue_letter(key, "a@example.test", Content("s", ()))
    db.session.scalars(select(Message).where(Message.key == "reminder:1:9")).one().attempts = 1
    with unit_of_work():
        withdraw_all("reminder:1:")
    kept = db.session.scalars(select(Message.key)).all()
    assert set(kept) == {"reminder:11:2", "reminder:1%:3", "reminder:1:9"}


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

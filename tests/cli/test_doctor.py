from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from planner.base.clock import now
from planner.base.config import Settings
from planner.base.db import db
from planner.cli import doctor
from planner.outbox.models import Message


def test_doctor_says_each_finding_and_fails_when_something_needs_attention(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["planner", "doctor"])
    assert result.exit_code == 1
    lines = [line.split(None, 1) for line in result.output.splitlines()]
    assert [(mark, words[:14]) for mark, words in lines] == [
        ("ok", "The settings c"),
        ("LOOK", "SITE_URL is ht"),
        ("ok", "The database ("),
        ("ok", "The outbox is "),
        ("ok", "What calendars"),
        ("ok", "Every row of p"),
        ("LOOK", "MAIL_SERVER is"),
        lines_disk(result.output),
    ]


def lines_disk(output: str) -> tuple[str, str]:
    mark, words = output.splitlines()[-1].split(None, 1)
    assert "GB are free" in words
    return mark, words[:14]


def test_demo_needs_nothing(app: Flask) -> None:
    settings = Settings(demo=True)
    assert all(f.is_well for f in [*doctor.look_at_settings(settings), doctor.look_at_mail(settings)])


@pytest.mark.parametrize(
    ("status", "minutes", "well"),
    [("queued", 9, True), ("queued", 11, False), ("failed", 60, False), ("sent", 60, True)],
)
def test_outbox_that_stands_still_is_seen(app: Flask, status: str, minutes: int, well: bool) -> None:
    due = now() - timedelta(minutes=minutes)
    db.session.add(Message(key="k", recipient="a@example.test", subject="s", status=status, due_at=due))
    db.session.commit()
    assert doctor.look_at_outbox().is_well is well


def test_database_without_migrations_is_seen(app: Flask) -> None:
    db.session.execute(db.text("DELETE FROM alembic_version"))
    assert "lacks migrations" in doctor.look_at_database().sentence


def test_full_disk_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 10**18)
    assert doctor.look_at_disk(Path.cwd()).is_well is False


def test_sender_address_that_nobody_owns_is_seen() -> None:
    settings = Settings(site_url="https://s.se", mail_server="m.example")
    assert [f.is_well for f in doctor.look_at_settings(settings)] == [True, False]

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, func, select

from planner.base.db import db
from planner.calendars.models import StoredEvent
from tests import factories as make


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredEvent)) or 0


def rebuild(app: Flask, *arguments: str) -> int:
    result = app.test_cli_runner().invoke(args=["planner", "calendars", "rebuild", *arguments])
    assert result.exit_code == 0
    return stored()


def test_a_rebuild_makes_again_what_is_missing_and_if_due_only_once(app: Flask) -> None:
    make.training(make.published_series())
    before = stored()
    assert before > 0
    db.session.execute(delete(StoredEvent))
    db.session.commit()
    assert rebuild(app, "--if-due") == before
    db.session.execute(delete(StoredEvent))
    db.session.commit()
    assert rebuild(app, "--if-due") == 0
    assert rebuild(app) == before

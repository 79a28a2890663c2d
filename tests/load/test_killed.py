from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from rich.console import Console

from planner.attendance.models import PresenceEntry
from planner.base.db import db
from tests.load import killed
from tests.load.servers import settings_for


@pytest.mark.committed
def test_marks_sent_again_while_the_server_is_killed_are_each_there_once(
    committed_app: Flask, at: Callable[[datetime], Any]
) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    with at(datetime.now(UTC)):  # the server that is killed has a clock of its own
        result = killed.run(settings_for(url), committed_app, 3, Console(file=io.StringIO()))
    assert result.broken == []
    assert (result.marks, result.answers) == (6, 6 * killed.TIMES)
    assert result.kills >= 3


def test_a_mark_that_was_answered_and_is_lost_is_found(app: Flask) -> None:
    books = killed.Books(answered={"00000000-0000-4000-8000-000000000001": killed.TIMES - 1})
    assert db.session.query(PresenceEntry).count() == 0
    assert killed.check(books, 1) == [
        "answered and not there: 00000000-0000-4000-8000-000000000001",
        f"answered {killed.TIMES - 1} times of {killed.TIMES}: 00000000-0000-4000-8000-000000000001",
        "0 entries for 2 marks",
    ]

"""What goes wrong gets a page in the site's own look that says what to do, and a line in the log with its number."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask, abort
from flask.testing import FlaskClient

from planner.base.db import db, unit_of_work
from planner.directory.models import Organisation
from planner.web.access import public
from tests.conftest import new_client, on_postgresql


@pytest.fixture
def site(committed_app: Flask) -> Flask:
    """A site with views that fail in ways a test can bring about."""

    @public
    def write() -> str:
        with unit_of_work():
            db.session.add(Organisation(name="Ours", kind="region", about="x" * 2000))
        return "written"

    @public
    def break_down() -> str:
        raise ZeroDivisionError("secret detail")

    @public
    def too_large() -> str:
        abort(413)

    for view in (write, break_down, too_large):
        committed_app.add_url_rule(f"/test/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    return committed_app


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return new_client(site)


def assert_page(text: str, *words: str) -> None:
    assert "Stegvis" in text
    assert "Traceback" not in text
    for word in words:
        assert word in text


def test_an_unknown_address(browser: FlaskClient) -> None:
    answer = browser.get("/no/such/page")
    assert answer.status_code == 404
    assert_page(answer.text, "There is nothing at this address")


def test_a_mistake_of_ours_shows_a_number_that_the_log_has_too(
    browser: FlaskClient, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = browser.get("/test/break_down")
    assert answer.status_code == 500
    assert_page(answer.text, "Something went wrong on our side")
    assert "secret detail" not in answer.text
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(logged) == 1
    assert re.search(r"\b[0-9a-f]{8}\b", answer.text)


def test_a_file_too_large(browser: FlaskClient) -> None:
    answer = browser.post("/test/too_large")
    assert answer.status_code == 413
    assert_page(answer.text, "The file is too large")


def test_a_form_without_its_token_is_refused_in_words(site: Flask, browser: FlaskClient) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    answer = browser.post("/sign-in", data={"email": "a@b.test", "password": "x"})
    assert answer.status_code == 400
    assert_page(answer.text, "The form had been open too long")


def test_a_locked_or_lost_database_gets_a_page_and_works_again_afterwards(
    site: Flask, browser: FlaskClient
) -> None:
    """On SQLite another programme holds the write lock; on PostgreSQL the server cuts the connection."""
    fail = _cut_connection if on_postgresql() else _hold_lock
    with fail():
        answer = browser.post("/test/write")
    assert answer.status_code == 503
    expected = (
        "The database cannot be reached right now" if on_postgresql() else "The database is busy right now"
    )
    assert_page(answer.text, expected, "Nothing was saved")
    assert browser.post("/test/write").text == "written"


@contextmanager
def _hold_lock() -> Iterator[None]:
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    sa.event.listen(db.engine, "checkout", _be_impatient)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "checkout", _be_impatient)
        other.execute("ROLLBACK")
        other.close()


def _be_impatient(connection: sqlite3.Connection, *_rest: object) -> None:
    connection.execute("PRAGMA busy_timeout=50")


@contextmanager
def _cut_connection() -> Iterator[None]:
    def cut(connection: sa.Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO organisation"):
            pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
            engine = sa.create_engine(db.engine.url)
            with engine.connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            engine.dispose()

    sa.event.listen(db.engine, "before_cursor_execute", cut)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", cut)


def test_a_full_disk_gets_a_page(site: Flask, browser: FlaskClient) -> None:
    """SQLite is told that no page is left; for PostgreSQL the application's own disk is full."""
    if on_postgresql():
        site.view_functions["write"] = public(_no_space)
    else:
        sa.event.listen(db.engine, "checkout", _leave_no_page)
    answers = [browser.post("/test/write") for _ in range(20)]
    if not on_postgresql():
        sa.event.remove(db.engine, "checkout", _leave_no_page)
    refused = [answer for answer in answers if answer.status_code != 200]
    assert {answer.status_code for answer in refused} == {507}
    assert_page(refused[0].text, "The disk is full")


def _leave_no_page(connection: sqlite3.Connection, *_rest: object) -> None:
    connection.execute("PRAGMA max_page_count=1")


def _no_space() -> str:
    raise OSError(errno.ENOSPC, "No space left on device")

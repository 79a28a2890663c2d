"""One database made by the migrations per run; each test runs in a transaction that is rolled back.

TEST_DATABASE chooses it: `sqlite` (a file in a temporary folder, the default) or `postgresql` (a private server
that the tests start themselves, or TEST_DATABASE_URL). A test marked `committed` gets a database of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings as hypothesis_settings

from planner.accounts.models import User
from planner.accounts.service import start_sign_in
from planner.app import create_app
from planner.attendance.queries import list_differences
from planner.base import clock
from planner.base.config import Settings
from planner.base.db import db

# A Tuesday in week 41, before the change to winter time; every test's "now" unless it says otherwise.
NOW = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


# A slow moment of the machine is no fault of the code; tests that must be quick measure it themselves.
hypothesis_settings.register_profile("planner", deadline=None)
hypothesis_settings.load_profile("planner")


def on_postgresql() -> bool:
    """Whether this run is against PostgreSQL."""
    return os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty database."""
    if not on_postgresql():
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
        return
    from tests.postgres import private_postgres  # noqa: PLC0415 - not needed, nor installed, for SQLite alone

    with private_postgres() as url:
        yield url


def make_app(url: str, **changes: Any) -> Flask:
    """An application over `url` with settings fit for tests."""
    settings = {"database_url": url, "secret_key": "test-secret-" * 4, "rate_limits": False, **changes}
    app = create_app(Settings(**settings))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = FreshContextClient
    return app


def close_connections() -> None:
    """Close what this application's engines hold open: both the writing one and the reading one."""
    for engine in db.engines.values():
        engine.dispose()


class FreshContextClient(FlaskClient):
    """Gives every request an application context of its own, as a server would."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.expire_all()
        return answer


@pytest.fixture(scope="session")
def migrated_app(server_url: str) -> Iterator[Flask]:
    app = make_app(server_url)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        close_connections()


@pytest.fixture(autouse=True)
def at() -> Iterator[Callable[[datetime], Any]]:
    """Hold the clock at NOW; call the fixture's value with an instant to hold it elsewhere inside `with`."""
    with clock.frozen(NOW):
        yield clock.frozen


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application with an open context, inside a transaction that never commits."""
    with migrated_app.app_context():
        engine = db.engine
        with engine.connect() as connection:
            outer = connection.begin()
            migrated_app.extensions["calendars.shelf"].clear()
            with _bound_to(migrated_app, connection):
                yield migrated_app
                db.session.remove()
            outer.rollback()


@contextmanager
def _bound_to(app: Flask, connection: sa.Connection) -> Iterator[None]:
    """Make every session of `app` work inside `connection`, each commit a savepoint of it."""
    engines = db._app_engines[app]
    before = dict(engines)
    engines.update(dict.fromkeys(before, connection))
    factory = db.session.session_factory
    factory.configure(join_transaction_mode="create_savepoint")
    db.session.remove()
    try:
        yield
    finally:
        db.session.remove()
        engines.update(before)
        factory.configure(join_transaction_mode="conditional_savepoint")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with; it speaks English."""
    return new_client(app)


def new_client(app: Flask) -> FlaskClient:
    """A browser of its own."""
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """Give a browser in which this user is signed in."""
    return partial(signed_in, app)


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser of its own in which this user is signed in."""
    client = new_client(app)
    token = start_sign_in(user, client="test")
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


class QueryCount:
    """How many statements ran while counting; `statements` has their texts."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], Any]:
    """A context manager that counts SELECT, INSERT, UPDATE and DELETE statements."""

    @contextmanager
    def counting() -> Iterator[QueryCount]:
        count = QueryCount()

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                count.statements.append(statement)

        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            yield count
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)

    return counting


@pytest.fixture
def committed_app(tmp_path: Path, server_url: str) -> Iterator[Flask]:
    """An application over a database of its own, where commits are real; for tests of concurrency."""
    if on_postgresql():
        engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
        name = f"committed_{os.urandom(4).hex()}"
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        url = sa.make_url(server_url).set(database=name).render_as_string(hide_password=False)
    else:
        url = f"sqlite:///{tmp_path / 'committed.db'}"
    app = make_app(url)
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        assert list(list_differences()) == []
        db.session.remove()
        close_connections()
    if on_postgresql():
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()

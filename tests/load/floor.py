"""The floor: the least Flask code that does the same as a feed, a mark or a roll, to measure the real one against.

Its tables lie beside the application's in the same database: a version per feed, found by a unique index,
the finished bytes of each event, and people to mark. Nothing else runs: no session, no language, no log, no headers.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)

metadata = MetaData()
version = Table(
    "floor_version",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("version", Integer, nullable=False),
)
events = Table(
    "floor_event",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
people = Table(
    "floor_person",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("company", String(200), nullable=False),
    Column("verdict", String(10), nullable=False),
)
ROLL = """<!doctype html><title>Roll</title><form method="post"><ul>
{% for row in rows %}<li id="row-{{ row.key }}"><h2>{{ row.name }}</h2><span>{{ row.company }}</span>
{% for verdict in ("present", "late", "excused", "absent") %}<label><input type="radio" name="verdict-{{ row.key }}"
value="{{ verdict }}"{% if row.verdict == verdict %} checked{% endif %}>{{ verdict }}</label>{% endfor %}</li>
{% endfor %}</ul></form>"""


def store_people(connection: Connection, names: dict[str, str]) -> None:
    """Put in these people, by key, to be marked."""
    metadata.create_all(connection)
    rows = [{"key": key, "name": name, "company": "AB", "verdict": ""} for key, name in names.items()]
    connection.execute(insert(people), rows)


def store(connection: Connection, feeds: dict[str, list[bytes]]) -> None:
    """Make the floor's tables and put in these feeds: by key, each as head, events and end."""
    metadata.create_all(connection)
    for key, parts in feeds.items():
        connection.execute(insert(version), [{"key": key, "version": 1}])
        rows = [{"key": key, "position": at, "bytes": part} for at, part in enumerate(parts)]
        connection.execute(insert(events), rows)


def parts_of(body: bytes) -> list[bytes]:
    """A feed's bytes cut before each event, so that joining them gives the feed."""
    first, *others = body.split(b"BEGIN:VEVENT\r\n")
    return [first, *(b"BEGIN:VEVENT\r\n" + part for part in others)]


def _as_the_application(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def create_app(url: str) -> Flask:
    """The floor over the database at this address."""
    app = Flask("floor", static_folder=None)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    if engine.dialect.name == "sqlite":
        # A commit is to be as safe as the application's, no more: that is most of what it costs.
        event.listen(engine, "connect", _as_the_application)
    finished: dict[str, tuple[int, bytes]] = {}

    def version_of(connection: Connection, key: str) -> int:
        return connection.execute(select(version.c.version).where(version.c.key == key)).scalar_one()

    def joined(connection: Connection, key: str) -> bytes:
        query = select(events.c.bytes).where(events.c.key == key).order_by(events.c.position)
        return b"".join(connection.scalars(query))

    def answer(body: bytes, number: int) -> Response:
        return Response(body, content_type="text/calendar; charset=utf-8", headers={"ETag": f'W/"{number}"'})

    @app.get("/unchanged/<key>.ics")
    def unchanged(key: str) -> Response:
        with engine.connect() as connection:
            tag = f'W/"{version_of(connection, key)}"'
        known = request.headers.get("If-None-Match") == tag
        return Response(status=304 if known else 200, headers={"ETag": tag})

    @app.get("/warm/<key>.ics")
    def warm(key: str) -> Response:
        with engine.connect() as connection:
            number = version_of(connection, key)
            if finished.get(key, (0,))[0] != number:
                finished[key] = (number, joined(connection, key))
        return answer(finished[key][1], number)

    @app.get("/joined/<key>.ics")
    def stored(key: str) -> Response:
        with engine.connect() as connection:
            return answer(joined(connection, key), version_of(connection, key))

    @app.post("/mark/<key>")
    def mark(key: str) -> Response:
        # Committed by itself: AUTOCOMMIT.
        with engine.connect() as connection:
            connection.execute(update(people).where(people.c.key == key).values(verdict="present"))
        return Response("{}", content_type="application/json")

    roll_template = app.jinja_env.from_string(ROLL)

    @app.get("/roll/<int:size>")
    def roll(size: int) -> str:
        with engine.connect() as connection:
            rows = connection.execute(select(people).order_by(people.c.key).limit(size)).all()
        return roll_template.render(rows=rows)

    @app.get("/ready")
    def ready() -> str:
        return "ready"

    return app


# gunicorn imports this name; without an address the module is only read for its tables.
app = create_app(os.environ["FLOOR_DATABASE_URL"]) if "FLOOR_DATABASE_URL" in os.environ else None

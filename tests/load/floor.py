"""The floor: the least Flask code that does the same as a feed, to measure the real one against.

Its two tables lie beside the application's in the same database: a version per feed, found by a unique index,
and the finished bytes of each event. Nothing else runs: no session, no language, no log, no headers.
"""

from __future__ import annotations

import os

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
    insert,
    select,
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


def create_app(url: str) -> Flask:
    """The floor over the database at this address."""
    app = Flask("floor", static_folder=None)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
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

    @app.get("/ready")
    def ready() -> str:
        return "ready"

    return app


# gunicorn imports this name; without an address the module is only read for its tables.
app = create_app(os.environ["FLOOR_DATABASE_URL"]) if "FLOOR_DATABASE_URL" in os.environ else None

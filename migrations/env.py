"""Runs migrations over the application's own engine, on SQLite and PostgreSQL."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, DateTime

from planner.base.types import UtcDateTime

database = current_app.extensions["migrate"].db


def render_item(kind, item, _autogen_context):
    """Write our column types as what they are in the database, so that old migrations need no code of ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return f"sa.{DateTime(timezone=True)!r}"
    return False


def migrate(connection: Connection) -> None:
    """Run in one transaction; SQLite checks foreign keys at the end only, since batch mode rebuilds tables."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    options = {**current_app.extensions["migrate"].configure_args, "render_item": render_item}
    context.configure(connection=connection, target_metadata=database.metadata, **options)
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


with database.engine.connect() as connection:
    migrate(connection)

"""The database handle, the base of all models and the one place that commits.

SQLite is set up as a server would be: write-ahead log, foreign keys, a busy timeout, and transactions that
SQLAlchemy begins itself (pysqlite's own habit of beginning late breaks savepoints). A unit of work on SQLite
begins IMMEDIATE: a reader that turned writer half-way would otherwise meet "database is locked" at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, Engine, MetaData, Select, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry, relationship
from sqlalchemy.orm.exc import StaleDataError

from planner.base.errors import PlannerError

AnySelect: TypeAlias = Select[*tuple[Any, ...]]

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_commit", default=None)

# Foreign and unique keys, as PostgreSQL and SQLite name them.
_TAKEN = frozenset(
    (
        "23503",
        "23505",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_UNIQUE",
    )
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Model(DeclarativeBase):
    """Base of every table. Relationships are never loaded by accident: queries name what they load."""

    metadata = METADATA
    registry = registry(
        metadata=METADATA,
        type_annotation_map={list[dict[str, Any]]: JSON, dict[str, Any]: JSON, list[str]: JSON},
    )


db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})


def rel(*args: Any, **options: Any) -> Any:
    """A relationship that must be loaded by name (`lazy="raise_on_sql"`)."""
    options.setdefault("lazy", "raise_on_sql")
    return relationship(*args, **options)


class Revised:
    """Mixin: a row two people may edit at once. `revision` rises with every change (see web/forms.EditForm)."""

    revision: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - declared_attr hands in the class
        return {"version_id_col": cls.revision}


class SavedMeanwhileError(PlannerError):
    """Someone else saved the same row between our reading and our writing it."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction: commits at the end, rolls back on any exception.

    Raises SavedMeanwhileError when a row changed, came or went under us. Functions given to `after_commit` inside run
    once the commit has succeeded, and not at all otherwise. Does not nest.
    """
    if _writing.get():
        raise RuntimeError("units of work do not nest")
    session = db.session
    session.commit()  # ends the reading transaction, so that a writing one can begin; nothing is pending
    callbacks: list[Callable[[], None]] = []
    flag, hooks = _writing.set(True), _after_commit.set(callbacks)
    try:
        yield
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise SavedMeanwhileError from error
    except IntegrityError as error:
        session.rollback()
        if _was_taken(error):
            raise SavedMeanwhileError from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        _after_commit.reset(hooks)
        _writing.reset(flag)
    for callback in callbacks:
        callback()


def _was_taken(error: IntegrityError) -> bool:
    """Whether what we wrote met a row that came, or missed one that went, at the same moment.

    Services look before they write, so that is what a key's refusal means; other constraints are mistakes of ours.
    """
    told = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    return told in _TAKEN


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the present unit of work has committed; at once when there is none."""
    hooks = _after_commit.get()
    if hooks is None:
        callback()
    else:
        hooks.append(callback)


READING = "reading"  # the bind whose connections begin no transaction


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for single statements that read: each sees what is committed, and nothing has to be ended."""
    bind = db.engines[READING]
    if isinstance(bind, Connection):  # tests keep everything inside one transaction
        yield bind
        return
    with bind.connect() as connection:
        yield connection


def do_not_compile() -> None:
    """Keep PostgreSQL from compiling the statements of this transaction: long reports take longer that way."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL jit = off"))


def upsert(table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may say ON CONFLICT, for the database in use."""
    maker = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return maker.insert(table)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    # 20 s: SQLite lets whoever tries at the right moment write, so among many writers one may be unlucky for long.
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=20000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    if connection.dialect.name == "sqlite" and not connection.get_execution_options().get(READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")

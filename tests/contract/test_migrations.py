"""The migrations make exactly the tables that the models describe, and can be taken back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from planner.base.config import ROOT
from planner.base.db import METADATA, db


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[Any]:
    """What a new migration would have to change."""
    with db.engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), METADATA)


def test_migrations_and_models_agree(committed_app: Flask) -> None:
    assert tables() == set(METADATA.tables)
    assert differences() == []


def test_migrations_go_down_and_up_again(committed_app: Flask) -> None:
    db.session.remove()
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert differences() == []


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1

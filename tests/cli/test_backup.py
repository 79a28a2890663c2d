from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from planner.cli.backup import copy, pg_dump
from tests.conftest import on_postgresql


def run(app: Flask, file: Path) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["planner", "backup", str(file)])
    return result.exit_code, result.output


@pytest.mark.committed
def test_backup_holds_the_whole_database(committed_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    code, output = run(committed_app, file)
    if on_postgresql():
        assert (code, "pg_dump --format=custom" in output, file.exists()) == (1, True, False)
        return
    assert code == 0
    with closing(sqlite3.connect(file)) as copied:
        assert copied.execute("SELECT count(*) FROM municipality").fetchone() == (290,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not file.with_name("copy.db.part").exists()
    code, output = run(committed_app, file)
    assert (code, "is there already" in output) == (1, True)


def test_a_broken_source_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "broken.db", tmp_path / "copy.db"
    source.write_bytes(b"this is no database, and long enough to be read as a header" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        copy(source, target)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.db"]


def test_pg_dump_command_has_no_password() -> None:
    command = pg_dump(make_url("postgresql+psycopg://eva:hidden@db.example/plan"), Path("a b.dump"))
    assert command == "pg_dump --format=custom '--file=a b.dump' --dbname=postgresql://eva@db.example/plan"

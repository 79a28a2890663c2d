"""`flask planner backup FILE`: a whole copy of the database while the site runs."""

from __future__ import annotations

import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.engine import URL

from planner.base.db import db
from planner.cli.group import group

PAGES_AT_A_TIME = 512


@group.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE; for PostgreSQL, say which command does it."""
    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        raise click.ClickException(f"PostgreSQL brings its own tool. Run:\n{pg_dump(url, file)}")
    if file.exists():
        raise click.ClickException(f"{file} is there already. Choose another name, or move it away first.")
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}. Make it first.")
    try:
        copy(Path(str(url.database)), file)
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"The copy could not be made: {error}. {file} was not written.") from error
    click.echo(f"{file} holds the whole database, {file.stat().st_size / 1_000_000:.1f} MB.")


def copy(source: Path, target: Path) -> None:
    """Copy a SQLite database that may be in use. `target` appears only once it is whole and checked."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    # Readable by its owner alone from the first byte: it holds people's data.
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(part)) as new:
            _copy_pages(old, new)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _copy_pages(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    with click.progressbar(length=100, label="Copying") as bar:

        def show(_status: int, remaining: int, total: int) -> None:
            bar.update(round(100 * (total - remaining) / max(total, 1)) - bar.pos)

        old.backup(new, pages=PAGES_AT_A_TIME, progress=show)


def pg_dump(url: URL, file: Path) -> str:
    """The command that copies a PostgreSQL database; without the password, which pg_dump asks for."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", f"--dbname={plain}"])

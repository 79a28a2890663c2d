"""The set-up of both programmes: a temporary database and gunicorn beside it, all gone at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.base.config import ROOT, Settings
from tests.load.client import fetch, request_bytes

WORKERS = 2
SECRET = "load-test-secret-" * 3


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """End what is inside after so many seconds, and as Ctrl-C does when the system asks the process to stop."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    def time_is_up(*_: Any) -> None:
        raise TimeoutError(f"not done within {seconds} s")

    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored under nohup
        signal.signal(signal.SIGHUP, stop)
    signal.signal(signal.SIGALRM, time_is_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


@contextmanager
def temporary_database(*, postgresql: bool) -> Iterator[str]:
    """The address of an empty database that is removed at the end."""
    if postgresql:
        from tests.postgres import private_postgres  # noqa: PLC0415 - its package is not needed for SQLite

        with private_postgres() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="load-", ignore_cleanup_errors=True) as home:
        yield f"sqlite:///{Path(home) / 'load.db'}"


def settings_for(database_url: str) -> Settings:
    """The settings of the application in a run: those of a real site, without rate limits."""
    return Settings(database_url=database_url, secret_key=SECRET, rate_limits=False)


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings for a process of its own."""
    return {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PLANNER_DEMO": "0",
        "RATE_LIMITS": "0",
        "SITE_URL": settings.site_url,
        "LOG_LEVEL": settings.log_level,
    }


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn: where it listens, and its main process."""

    port: int
    pid: int

    def processor_seconds(self) -> float | None:
        """The processor time that its workers have used up to now; None where the system does not tell."""
        try:
            workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in workers) / 1e9
        except OSError:
            return None


@contextmanager
def serving(
    target: str, environment: Mapping[str, str], ready: str, workers: int = WORKERS
) -> Iterator[Server]:
    """gunicorn with so many sync workers on a free local port, up once it has answered `ready` (a path)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", f"--workers={workers}",
        "--worker-class=sync", "--timeout=120", "--graceful-timeout=5", "--log-level=warning",
        "--no-control-socket", target,
    ]  # fmt: skip
    # A session of its own: Ctrl-C reaches this programme alone, which then ends its children by their ids.
    process = subprocess.Popen(
        command, cwd=ROOT, env=dict(environment), start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(process, port, ready, target)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, ready: str, target: str) -> None:
    """Return when both workers have most likely answered; RuntimeError when the server does not come up."""
    deadline, answers = time.monotonic() + 60, 0
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answers += fetch(port, request_bytes(ready)).status == 200
        except OSError:
            time.sleep(0.1)
        if answers >= 10 * WORKERS:
            return
    raise RuntimeError(f"gunicorn did not come up; try it by hand: gunicorn {target}")

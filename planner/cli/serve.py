"""The site and its worker on one machine, from an empty checkout on: what `python3 run.py` hands over to.

It prepares what a first start lacks (secret key, tables, demo), starts two programmes and holds them
until one ends or a signal comes. Standard library only; the application runs in the programmes.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


class StartError(Exception):
    """Something the person at the keyboard can mend; carries the sentence they read."""


def main() -> int:
    """The exit code: 0 after Ctrl-C or a signal, 1 after a sentence that says what went wrong."""
    signal.signal(signal.SIGTERM, _stop_on_signal)
    if os.name != "nt" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # ignored under nohup
        signal.signal(signal.SIGHUP, _stop_on_signal)
    try:
        return serve(os.environ.get("HOST") or "127.0.0.1", port_number(os.environ.get("PORT") or "8000"))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def _stop_on_signal(*_: object) -> None:
    raise KeyboardInterrupt


def serve(host: str, port: int) -> int:
    """Prepare the database, then hold site and worker; 1 when one of them ended by itself."""
    check_port(host, port)
    environment = settings(os.environ, host, port, ROOT / "var")
    prepare([*FLASK, "db", "upgrade"], environment)
    if environment["PLANNER_DEMO"] == "1":
        prepare([*FLASK, "planner", "demo", "--if-empty"], environment)
    prepare([*FLASK, "planner", "calendars", "rebuild", "--if-due"], environment)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in {
            "The site": server(host, port),
            "The worker": [*FLASK, "planner", "worker"],
        }.items():
            running[name] = start(command, environment)
        return hold(running, host, port, f"The planner is at {environment['SITE_URL']}. Ctrl-C stops it.")
    finally:
        stop(list(running.values()))


def port_number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError("PORT must be a number from 1 to 65535, for example: PORT=8001 python3 run.py")
    return int(text)


def check_port(host: str, port: int) -> None:
    """Raise `StartError` when nothing can listen there, before anything else is done."""
    with socket.socket() as probe:
        if os.name != "nt":  # there it would allow a second listener
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"Nothing can listen on {host} port {port} ({error.strerror}). If another programme has the "
                f"port, choose a free one, for example: PORT={port + 1} python3 run.py"
            ) from None


def settings(given: Mapping[str, str], host: str, port: int, var: Path) -> dict[str, str]:
    """The environment of both programmes; what the person has set stands.

    A database that someone named is theirs, so the demo is loaded there only when PLANNER_DEMO=1 asks for it.
    """
    environment = dict(given)
    environment.setdefault("PLANNER_DEMO", "0" if environment.get("DATABASE_URL") else "1")
    environment.setdefault("SITE_URL", f"http://{_shown(host)}:{port}")
    var.mkdir(exist_ok=True)
    if not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = secret_key(var / "secret-key")
    return environment


def _shown(host: str) -> str:
    """The name that a browser on this machine can use; 0.0.0.0 means every network it is on."""
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound


def secret_key(file: Path) -> str:
    """The key kept in `file`, made at the first call and readable by its owner alone."""
    if not file.exists():
        with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_hex(32))
    return file.read_text().strip()


def prepare(command: list[str], environment: Mapping[str, str]) -> None:
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        raise StartError(f"The lines above say what went wrong with: {' '.join(command[1:])}")


def server(host: str, port: int) -> list[str]:
    if os.name == "nt":
        return [sys.executable, "-m", "waitress", f"--listen={host}:{port}", "--threads=8", "wsgi:app"]
    size = ["--workers=2", "--threads=4", "--graceful-timeout=5"]
    quiet = ["--log-level=warning", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", f"--bind={host}:{port}", *size, *quiet, "wsgi:app"]


def start(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C reaches this programme alone, which then stops both in order.
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def hold(running: Mapping[str, subprocess.Popen[bytes]], host: str, port: int, greeting: str) -> int:
    """Greet once the site answers, and wait; 1 after naming the programmes that ended by themselves."""
    is_greeted = False
    while all(process.poll() is None for process in running.values()):
        if not is_greeted and _answers(_shown(host), port):
            print(f"\n{greeting}", flush=True)
            is_greeted = True
        time.sleep(0.2)
    for name, process in running.items():
        if process.returncode is not None:
            print(f"{name} ended by itself (exit code {process.returncode}).", file=sys.stderr)
    return 1


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End them as a system's stop does; those that have not ended after ten seconds are killed."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())

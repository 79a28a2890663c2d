#!/usr/bin/env python3
"""Set up and start the planner, or check it, with the standard library alone.

    python3 run.py                 make .venv, the database and the demo; start the site and its worker
    python3 run.py test            everything that checks the project
    python3 run.py test --fast     format, lint, types, import contracts and the tests on SQLite

Both may be run again at any time. HOST, PORT and the other settings come from the environment (README.md).
This file is also read by Pythons that are too old for the rest, so it uses no syntax newer than 3.6.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = (ROOT / ".venv").resolve()  # it may be a link, shared by several checkouts
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
USAGE = "Usage: python3 run.py | python3 run.py test [--fast]"


class SetupError(Exception):
    """Something the person at the keyboard can mend; carries the sentence they read."""


def main(arguments: "list[str]") -> int:
    """Hand over to the site or to the tests; an exit code only when it comes to neither."""
    try:
        check_python(sys.version_info[:3], importlib.util.find_spec("ensurepip") is not None)
        if arguments not in ([], ["test"], ["test", "--fast"]):
            raise SetupError(USAGE)  # noqa: TRY301 - one place prints every sentence
        install(ROOT / "requirements.txt")
        if not arguments:
            return hand_over(["-m", "planner.cli.serve"])
        install(ROOT / "requirements-dev.txt")
        return hand_over(["-m", "tests.run_all", *arguments[1:]])
    except SetupError as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.")
    return 1


def check_python(version: "tuple[int, ...]", has_ensurepip: bool) -> None:
    """Raise `SetupError` when this Python is too old or cannot make a virtual environment."""
    found = ".".join(str(part) for part in version)
    if version[:2] < OLDEST:
        raise SetupError(
            f"The planner needs Python 3.11 or later and this is {found}. Install a newer one "
            "(https://www.python.org/downloads/ or your system's packages), "
            "then start with it, for example: python3.11 run.py"
        )
    if not has_ensurepip:
        raise SetupError(
            "This Python lacks the part that makes virtual environments. Install it, for example: "
            f"apt install python{version[0]}.{version[1]}-venv. Then run the same command again."
        )


def install(requirements: Path, venv: Path = VENV, python: Path = PYTHON) -> bool:
    """Make the environment hold what the hash-locked file lists; False when it already does."""
    locked = requirements.read_bytes() + str(sys.version_info[:2]).encode()
    digest = hashlib.sha256(locked).hexdigest()
    stamp = venv / (requirements.name + ".sha256")
    if python.exists() and stamp.exists() and stamp.read_text() == digest:
        return False
    print(f"Installing what {requirements.name} lists: once, a minute or two ...", flush=True)
    step([sys.executable, "-m", "venv", *([] if python.exists() else ["--clear"]), str(venv)])
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
    step([*pip, "--require-hashes", "-r", str(requirements)])
    stamp.write_text(digest)
    return True


def step(command: "list[str]") -> None:
    """Run one preparation to its end; `SetupError` when it fails (its own output says why)."""
    if subprocess.run(command, cwd=str(ROOT), check=False).returncode != 0:
        raise SetupError(f"The lines above say what went wrong with: {' '.join(command)}")


def hand_over(arguments: "list[str]") -> int:
    """Go on in the environment's Python, which takes over this process and with it Ctrl-C and signals."""
    os.chdir(str(ROOT))
    command = [str(PYTHON), *arguments]
    if os.name != "nt":  # where nothing can be taken over
        os.execv(command[0], command)
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

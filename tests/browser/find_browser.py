"""A Chromium for the browser journeys: the system's, the test tool's own, or one installed now."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/snap/bin/chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
)
MISSING = (
    "The browser journeys need Chromium and none could be installed here. Install it, for example "
    "`apt install chromium` or `.venv/bin/python -m playwright install chromium`, or set TEST_BROWSER "
    "to the path of a Chromium or Chrome."
)


class NoBrowserError(RuntimeError):
    """No Chromium is here and none could be installed; carries the sentence the developer reads."""


def find_or_install_browser() -> Path:
    """The path of a Chromium that starts, installed now when there is none; `NoBrowserError` otherwise."""
    if found := find_browser():
        return found
    for command in _installers():
        _say(f"No Chromium found. Installing one: {' '.join(command)}")
        subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        if found := find_browser():
            return found
    raise NoBrowserError(MISSING)


def find_browser() -> Path | None:
    """The path of a Chromium that starts; TEST_BROWSER names one outright."""
    return next((path for path in _candidates() if _starts(path)), None)


def launch_arguments() -> list[str]:
    """What Chromium must be told to start in a test: root and small containers need both."""
    return ["--no-sandbox", "--disable-dev-shm-usage"]


def _candidates() -> Iterator[Path]:
    if given := os.environ.get("TEST_BROWSER"):
        yield Path(given)
        return
    yield from (Path(found) for name in COMMANDS if (found := shutil.which(name)))
    yield from (Path(place) for place in PLACES)
    if own := _own_of_the_test_tool():
        yield own


def _own_of_the_test_tool() -> Path | None:
    # A process of its own: asked inside a test run, this would leave an event loop behind.
    ask = (
        "from playwright.sync_api import sync_playwright as s\n"
        "with s() as tool: print(tool.chromium.executable_path)"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip()) if answer.stdout.strip() else None


def _starts(path: Path) -> bool:
    """Whether it is there and runs; some systems have a stand-in that only says where to get the real one."""
    if not path.is_file() or os.name == "nt":  # on Windows `--version` would open a window
        return path.is_file()
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _installers() -> Iterator[list[str]]:
    """What to try, in order, each only where it can work."""
    may_install = os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get") is not None
    if may_install:
        yield ["apt-get", "update", "-qq"]
        yield ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    parts = ["--with-deps"] if may_install else []
    yield [sys.executable, "-m", "playwright", "install", *parts, "chromium"]


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()

"""Everything that checks the project, in one run: python3 run.py test [--fast].

Each step is a process with a log of its own, two at a time. All steps run whatever happens; the last line
counts them together as `N passed, N failed`, a check (format, types ...) as one and a skipped test as failed.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.browser.find_browser import NoBrowserError, find_or_install_browser

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
SIDE_BY_SIDE = 2
LONGEST_SECONDS = 20 * 60  # a step that hangs is ended and counted as failed
# Set for a running site, these would change what the tests see.
NOT_PASSED_ON = (
    "DATABASE_URL",
    "SECRET_KEY",
    "PLANNER_DEMO",
    "SITE_URL",
    "HOST",
    "PORT",
    "FLASK_APP",
    "FLASK_DEBUG",
)


@dataclass(frozen=True)
class Step:
    """One command; `environment` is added to ours, `is_suite` means that pytest counts its tests."""

    name: str
    command: list[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    is_suite: bool = False


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: int
    failed: int
    seconds: float
    output: str
    is_suite: bool = False


def python(*arguments: str) -> list[str]:
    return [sys.executable, "-m", *arguments]


CHECKS = [
    Step("format", python("ruff", "format", "--check", ".")),
    Step("lint", python("ruff", "check", ".")),
    Step("import contracts", [str(SCRIPTS / "lint-imports")]),
    Step("types", python("mypy")),
]
TEMPLATES = Step("templates", python("djlint", "templates", "--lint", "--quiet"))
SQLITE = Step("SQLite", python("pytest", "-m", "not browser"), {"TEST_DATABASE": "sqlite"}, is_suite=True)
QUICK = Step(
    "SQLite", python("pytest", "-m", "not browser and not thorough"), SQLITE.environment, is_suite=True
)
POSTGRESQL = Step(
    "PostgreSQL", python("pytest", "-m", "not browser"), {"TEST_DATABASE": "postgresql"}, is_suite=True
)
BROWSER = Step("browser", python("pytest", "-m", "browser"), {"TEST_DATABASE": "sqlite"}, is_suite=True)


class Run:
    """The processes of one run, and the temporary directory that all their files go to."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stopped = False
        # The tests' PostgreSQL may run as another user and must reach its own directory in here.
        scratch.chmod(0o711)
        (scratch / "home").mkdir()

    def environment(self, step: Step) -> dict[str, str]:
        """Ours, with temporary files and a suite's home inside `scratch` so that nothing else is touched."""
        ours = {key: value for key, value in os.environ.items() if key not in NOT_PASSED_ON}
        inside = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(self.scratch))
        if step.is_suite:
            inside["HOME"] = str(self.scratch / "home")
        return ours | inside | dict(step.environment)

    def do(self, step: Step) -> Outcome:
        """Run one step to its end and read what came out of it."""
        started = time.monotonic()
        log, report = self.scratch / f"{step.name}.log", self.scratch / f"{step.name}.xml"
        command = [*step.command, f"--junitxml={report}"] if step.is_suite else step.command
        with log.open("wb") as output:
            code = self._run(command, step, output.fileno())
        seconds, text = time.monotonic() - started, log.read_text(errors="replace").rstrip()
        if not step.is_suite:
            return Outcome(step.name, int(code == 0), int(code != 0), seconds, text)
        passed, failed, remarks = read_report(report, code)
        return Outcome(step.name, passed, failed, seconds, "\n".join([text, *remarks]), is_suite=True)

    def _run(self, command: list[str], step: Step, output: int) -> int:
        if self.stopped:
            return 1
        try:
            # A session of its own: Ctrl-C reaches this programme alone, which passes it on once.
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment(step), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            os.write(output, f"{command[0]}: {error.strerror}. `python3 run.py test` installs it.\n".encode())
            return 1
        self.processes.append(process)
        try:
            return process.wait(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            os.write(output, f"Ended after {LONGEST_SECONDS // 60} minutes.\n".encode())
            interrupt(process)
            return 1

    def stop(self) -> None:
        self.stopped = True
        interrupt(*self.processes)


def interrupt(*processes: subprocess.Popen[bytes]) -> None:
    """Ask them to end as Ctrl-C does, so that a suite stops its database; kill what will not."""
    for process in processes:
        if process.poll() is None:
            process.terminate() if os.name == "nt" else process.send_signal(signal.SIGINT)
    for process in processes:
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def read_report(report: Path, code: int) -> tuple[int, int, list[str]]:
    """Passed and failed tests of pytest's JUnit report, and what the numbers alone would hide.

    A skipped (or expected to fail) test counts as failed, and so does a suite that ended badly without one.
    """
    if not report.exists():
        return 0, 1, [f"The suite gave no report (exit code {code})."]
    cases = ElementTree.parse(report).getroot().iter("testcase")
    bad: dict[str, bool] = {}
    remarks = []
    for case in cases:
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            remarks.append(f"Skipped, which counts as failed: {name} ({skipped.get('message')})")
        is_bad = skipped is not None or case.find("failure") is not None or case.find("error") is not None
        bad[name] = bad.get(name, False) or is_bad
    failed = sum(bad.values())
    if code != 0 and failed == 0:
        failed = 1
        remarks.append(
            "No test was found." if not bad else f"Every test passed, but pytest ended with {code}."
        )
    return len(bad) - sum(bad.values()), failed, remarks


def tell(outcome: Outcome) -> None:
    verdict = "FAILED" if outcome.failed else "ok"
    print(f"\n=== {outcome.name}: {verdict} ({outcome.seconds:.1f} s)", flush=True)
    if outcome.failed or outcome.is_suite:
        print(outcome.output, flush=True)


def do_together(run: Run, steps: Iterable[Step]) -> list[Outcome]:
    """The outcomes, each told as it comes."""
    outcomes = []
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        try:
            for future in as_completed([pool.submit(run.do, step) for step in steps]):
                outcomes.append(future.result())
                tell(outcomes[-1])
        except BaseException:
            run.stop()
            raise
    return outcomes


def do_browser(run: Run) -> Outcome:
    """The browser journeys' outcome, after a browser was found or installed."""
    started = time.monotonic()
    try:
        path = find_or_install_browser()
    except NoBrowserError as problem:
        return Outcome("browser", 0, 1, time.monotonic() - started, str(problem), is_suite=True)
    with_path = {**BROWSER.environment, "TEST_BROWSER": str(path)}
    return run.do(Step(BROWSER.name, BROWSER.command, with_path, is_suite=True))


def summary(outcomes: list[Outcome]) -> list[str]:
    """The last two lines: tests by database and in the browser, and the sum of everything."""
    checks = [outcome for outcome in outcomes if not outcome.is_suite]
    parts = [("checks", sum(check.passed for check in checks), sum(check.failed for check in checks))]
    order = [SQLITE.name, POSTGRESQL.name, BROWSER.name]
    suites = sorted((one for one in outcomes if one.is_suite), key=lambda one: order.index(one.name))
    parts += [(suite.name, suite.passed, suite.failed) for suite in suites]
    texts = [f"{name}: {ok} passed" + (f", {bad} failed" if bad else "") for name, ok, bad in parts]
    return [
        " · ".join(texts),
        f"{sum(ok for _, ok, _ in parts)} passed, {sum(bad for _, _, bad in parts)} failed",
    ]


def main(fast: bool) -> int:
    """Run the steps, the fast ones or all; 0 when nothing failed."""
    with tempfile.TemporaryDirectory(prefix="planner-", ignore_cleanup_errors=True) as scratch:
        run = Run(Path(scratch))
        # The long suite first when it shares the two lanes with the checks; else what fails quickly first.
        steps = [QUICK, *CHECKS] if fast else [*CHECKS, TEMPLATES, SQLITE, POSTGRESQL]
        print(f"Running, {SIDE_BY_SIDE} at a time: {', '.join(step.name for step in steps)}", flush=True)
        outcomes = do_together(run, steps)
        if not fast:
            outcomes.append(do_browser(run))
            tell(outcomes[-1])
    print("", *summary(outcomes), sep="\n")
    return int(any(outcome.failed for outcome in outcomes))


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Both: a shell starts background commands with SIGINT ignored, and the suites would inherit that.
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main(fast="--fast" in sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped before the end.")
        sys.exit(130)

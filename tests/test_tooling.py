"""run.py and what it hands over to: sentences instead of tracebacks, and nothing done twice."""

import ast
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

import run
from planner.cli import serve
from tests import run_all
from tests.browser import find_browser

ROOT = Path(run.__file__).parent


@pytest.mark.parametrize("version", [(3, 6, 8), (3, 10, 14)])
def test_run_refuses_an_old_python_with_a_sentence(version):
    with pytest.raises(run.SetupError) as problem:
        run.check_python(version, has_ensurepip=True)
    assert str(problem.value) == (
        f"The planner needs Python 3.11 or later and this is {'.'.join(map(str, version))}. "
        "Install a newer one (https://www.python.org/downloads/ or your system's packages), "
        "then start with it, for example: python3.11 run.py"
    )


def test_run_names_the_package_when_venv_is_missing():
    with pytest.raises(run.SetupError, match=r"apt install python3\.12-venv"):
        run.check_python((3, 12, 1), has_ensurepip=False)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2)])
def test_run_accepts_a_python_that_is_new_enough(version):
    run.check_python(version, has_ensurepip=True)


def test_run_parses_on_old_pythons():
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"), feature_version=(3, 6))
    modern = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.NamedExpr | ast.Match)]
    unquoted = [
        annotation.lineno
        for node in ast.walk(tree)
        for annotation in [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(annotation, ast.BinOp | ast.Subscript)
    ]
    assert (modern, unquoted) == ([], [])


@pytest.fixture
def steps(monkeypatch):
    """The commands that run.py would have run."""
    done = []
    monkeypatch.setattr(run, "step", done.append)
    return done


@pytest.fixture
def place(tmp_path):
    """A requirements file and an environment that has a Python."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("flask==3.1.2\n")
    (tmp_path / ".venv").mkdir()
    python = tmp_path / ".venv" / "python"
    python.touch()
    return requirements, tmp_path / ".venv", python


def test_install_does_nothing_the_second_time(steps, place):
    assert (run.install(*place), run.install(*place)) == (True, False)
    assert [command[1:4] for command in steps] == [["-m", "venv", str(place[1])], ["-m", "pip", "install"]]
    assert steps[1][-3:] == ["--require-hashes", "-r", str(place[0])]


def test_install_runs_again_when_the_requirements_change(steps, place):
    run.install(*place)
    place[0].write_text("flask==3.1.3\n")
    assert run.install(*place)


def test_install_is_not_remembered_when_it_fails(monkeypatch, steps, place):
    def fail(command):
        raise run.SetupError("no network")

    with monkeypatch.context() as broken:
        broken.setattr(run, "step", fail)
        with pytest.raises(run.SetupError):
            run.install(*place)
    assert run.install(*place)


def test_install_makes_the_environment_anew_when_its_python_is_gone(steps, place):
    run.install(*place)
    place[2].unlink()
    assert run.install(*place)
    assert steps[2] == [sys.executable, "-m", "venv", "--clear", str(place[1])]


def test_step_that_fails_is_a_problem():
    with pytest.raises(run.SetupError, match="The lines above say"):
        run.step([sys.executable, "-c", "raise SystemExit(3)"])


def test_check_port_says_how_to_choose_another():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(serve.StartError) as error:
            serve.check_port("127.0.0.1", port)
    assert str(error.value) == (
        f"Nothing can listen on 127.0.0.1 port {port} (Address already in use). If another programme has the "
        f"port, choose a free one, for example: PORT={port + 1} python3 run.py"
    )
    serve.check_port("127.0.0.1", port)


@pytest.mark.parametrize("text", ["", "0", "65536", "http", "-1", "80.5", "²"])
def test_port_number_refuses_what_is_no_port(text):
    with pytest.raises(serve.StartError, match="PORT must be a number"):
        serve.port_number(text)


def test_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    file = tmp_path / "secret-key"
    key = serve.secret_key(file)
    assert (len(key), serve.secret_key(file), file.stat().st_mode & 0o777) == (64, key, 0o600)


@pytest.mark.parametrize(
    ("given", "demo"),
    [
        ({}, "1"),
        ({"DATABASE_URL": "sqlite:///mine.db"}, "0"),
        ({"DATABASE_URL": "sqlite:///mine.db", "PLANNER_DEMO": "1"}, "1"),
        ({"PLANNER_DEMO": "0"}, "0"),
    ],
)
def test_settings_load_the_demo_only_into_a_database_of_our_own(tmp_path, given, demo):
    assert serve.settings(given, "0.0.0.0", 8000, tmp_path) == {
        **given,
        "PLANNER_DEMO": demo,
        "SITE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": (tmp_path / "secret-key").read_text(),
    }


def test_settings_keep_what_was_set(tmp_path):
    given = {"SITE_URL": "https://plan.example.se", "SECRET_KEY": "mine", "PLANNER_DEMO": "1"}
    assert serve.settings(given, "127.0.0.1", 8000, tmp_path) == given


def test_prepare_that_fails_is_a_sentence():
    with pytest.raises(serve.StartError, match="The lines above say"):
        serve.prepare([sys.executable, "-c", "raise SystemExit(3)"], os.environ)


def test_hold_names_the_programme_that_ended_and_stop_ends_the_other(capsys):
    running = {
        "The site": serve.start([sys.executable, "-c", "import signal; signal.pause()"], os.environ),
        "The worker": serve.start([sys.executable, "-c", "raise SystemExit(7)"], os.environ),
    }
    try:
        assert serve.hold(running, "127.0.0.1", 1, "never said") == 1
    finally:
        serve.stop(list(running.values()))
    assert capsys.readouterr() == ("", "The worker ended by itself (exit code 7).\n")
    assert running["The site"].returncode == -signal.SIGTERM


def test_unknown_verb_gets_the_usage(capsys):
    assert run.main(["dance"]) == 1
    assert capsys.readouterr().err == run.USAGE + "\n"


def report(tmp_path, body):
    file = tmp_path / "report.xml"
    file.write_text(f"<testsuites><testsuite>{body}</testsuite></testsuites>")
    return file


PASS = '<testcase classname="a" name="b"/>'
FAIL = '<testcase classname="a" name="c"><failure/></testcase>'
TEARDOWN = '<testcase classname="a" name="b"><error/></testcase>'
SKIP = '<testcase classname="a" name="d"><skipped message="no reason"/></testcase>'


@pytest.mark.parametrize(
    ("body", "code", "expected"),
    [
        (PASS, 0, (1, 0, [])),
        (PASS + FAIL, 1, (1, 1, [])),
        (PASS + TEARDOWN, 1, (0, 1, [])),
        (PASS + SKIP, 0, (1, 1, ["Skipped, which counts as failed: a.d (no reason)"])),
        (PASS, 3, (1, 1, ["Every test passed, but pytest ended with 3."])),
        ("", 5, (0, 1, ["No test was found."])),
    ],
)
def test_read_report_counts(tmp_path, body, code, expected):
    assert run_all.read_report(report(tmp_path, body), code) == expected


def test_read_report_of_a_suite_that_crashed(tmp_path):
    assert run_all.read_report(tmp_path / "none.xml", -11) == (
        0,
        1,
        ["The suite gave no report (exit code -11)."],
    )


def outcome(name, passed, failed, is_suite=True):
    return run_all.Outcome(name, passed, failed, 1.0, "", is_suite)


def test_summary_ends_with_the_sum_of_everything():
    outcomes = [
        outcome("format", 1, 0, is_suite=False),
        outcome("PostgreSQL", 411, 1),
        outcome("SQLite", 412, 0),
        outcome("types", 0, 1, is_suite=False),
        outcome("browser", 14, 0),
    ]
    assert run_all.summary(outcomes) == [
        "checks: 1 passed, 1 failed · SQLite: 412 passed"
        " · PostgreSQL: 411 passed, 1 failed · browser: 14 passed",
        "838 passed, 2 failed",
    ]


def test_find_browser_takes_the_first_that_starts(monkeypatch, tmp_path):
    for name, code in [("chromium", 1), ("google-chrome", 0)]:
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.delenv("TEST_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_browser.find_browser() == tmp_path / "google-chrome"


def test_no_browser_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("TEST_BROWSER", str(tmp_path / "none"))
    monkeypatch.setattr(find_browser, "_installers", lambda: iter(()))
    with pytest.raises(find_browser.NoBrowserError, match="Install it, for example"):
        find_browser.find_or_install_browser()

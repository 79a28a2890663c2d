from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from planner.base.clock import now
from planner.base.config import ROOT, Settings
from planner.base.db import db
from planner.cli.worker import jobs_for, work
from planner.directory.models import ImportBatch
from planner.outbox.models import Message
from tests import factories as make
from tests.exchange.common import BASE, publish, scene


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    logger = logging.getLogger("planner.worker")
    for level in ("warning", "error"):
        monkeypatch.setattr(logger, level, lambda message, *_args, **_kw: lines.append(message))
    return lines


def test_work_goes_on_after_a_database_error_and_a_failing_job(app: Flask, log: list[str]) -> None:
    stop, rounds = threading.Event(), []

    def job() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError("SELECT 1", None, Exception("gone"))
        if len(rounds) == 2:
            raise ValueError
        if len(rounds) == 4:
            stop.set()
        return len(rounds) % 2

    work(app, [job], stop, idle=0.001)
    assert len(rounds) == 4
    assert log == ["the database did not answer; trying again", "a job failed; trying again"]


def test_without_a_mail_server_mail_stays_queued_and_the_log_says_so_once(app: Flask, log: list[str]) -> None:
    db.session.add(Message(key="k", recipient="a@example.test", subject="s", body="b"))
    db.session.commit()
    assert app.test_cli_runner().invoke(args=["planner", "worker", "--once"]).exit_code == 0
    assert [(m.status, m.body) for m in db.session.query(Message)] == [("queued", "b")]
    assert len(log) == 1
    assert jobs_for(Settings(demo=True)) != ()
    assert len(log) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_worker_ends_cleanly_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    environment: dict[str, Any] = {
        **os.environ, "PLANNER_DEMO": "1", "DATABASE_URL": f"sqlite:///{tmp_path / 'w.db'}", "FLASK_APP": "wsgi",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "planner", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        assert worker.stderr is not None
        worker.stderr.readline()  # the database has no tables: the worker says so, and waits for them
        worker.send_signal(number)
        assert worker.wait(timeout=60) == 0
    finally:
        worker.kill()
        worker.communicate()


def test_lists_that_nobody_accepted_are_thrown_away(app: Flask) -> None:
    for key, hours in (("old", 25), ("new", 1)):
        created_at = now() - timedelta(hours=hours)
        kept = {"key": key, "filename": "f", "rows": [], "left_out": [], "created_at": created_at}
        db.session.add(ImportBatch(municipality_code="1885", **kept))
    db.session.commit()
    for job in jobs_for(Settings(demo=True)):
        job()
    assert [batch.key for batch in db.session.query(ImportBatch)] == ["new"]


def test_newer_versions_of_templates_are_told_of(app: Flask, log: list[str]) -> None:
    here = scene(make.LINDESBERG)
    publish(here, replace(BASE, title="Two"))
    for _ in range(2):
        assert app.test_cli_runner().invoke(args=["planner", "worker", "--once"]).exit_code == 0
    [mail] = db.session.query(Message).all()
    assert (mail.recipient, mail.status) == (here.account.email, "queued")
    assert f"/series/{here.series_id}/update" in mail.body

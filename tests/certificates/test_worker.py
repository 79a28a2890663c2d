"""The worker is killed in the middle of a zip: another goes on, and every certificate is in it once."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from planner.base import clock
from planner.base.clock import now
from planner.base.config import ROOT
from planner.base.db import db, unit_of_work
from planner.jobs.models import Job, JobPiece
from planner.jobs.service import start_job
from tests.certificates.common import issued, participant, ruled, scene
from tests.conftest import signed_in

pytestmark = pytest.mark.committed
COUNT = 8
LONGEST = 60.0


@pytest.fixture(autouse=True)
def at() -> Callable[..., Any]:
    """The worker has a clock of its own, so this one goes on too."""
    return clock.frozen


@contextmanager
def worker(app: Flask) -> Iterator[subprocess.Popen[bytes]]:
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    environment = {**os.environ, "PLANNER_DEMO": "1", "DATABASE_URL": url, "FLASK_APP": "wsgi"}
    command = [sys.executable, "-m", "flask", "planner", "worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(reached: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not reached():
        db.session.rollback()
        assert time.monotonic() - began < LONGEST
        time.sleep(0.02)
    db.session.rollback()


def pieces() -> int:
    return db.session.scalar(select(func.count()).select_from(JobPiece)) or 0


def test_a_killed_worker_loses_nothing_and_doubles_nothing(committed_app: Flask) -> None:
    here = scene()
    ruled(here)
    made = issued(here, *(participant(here, 120, 120, name=f"Person {number}") for number in range(COUNT)))
    with unit_of_work():
        values = {"ids": [one.id for one in made]}
        job = start_job("certificates", "All", "all.zip", values, language="sv", by=here.viewer)
    with worker(committed_app) as first:
        wait_until(lambda: pieces() >= 2)
        first.send_signal(signal.SIGKILL)
    assert 2 <= pieces() < COUNT
    with unit_of_work():  # as if its lease had run out
        db.session.execute(update(Job).values(due_at=now()))
    with worker(committed_app):
        wait_until(lambda: db.session.scalar(select(Job.status)) == "finished")
    client = signed_in(committed_app, here.organiser)
    with zipfile.ZipFile(io.BytesIO(client.get(f"/jobs/{job.key}/file").data)) as package:
        assert package.testzip() is None
        assert sorted(package.namelist()) == sorted(f"{one.content['name']} {one.code}.pdf" for one in made)

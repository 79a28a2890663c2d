"""A real subscriber, vdirsyncer, against the running site: the calendar it keeps equals the plan after each change.

It is a programme of its own, in a process of its own, with its folders in a temporary place. It throws the
feed's UIDs away and names each event by its content, so that UIDs are not compared here.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from planner.base.db import db, unit_of_work
from planner.base.viewer import Viewer
from planner.calendars import queries, service
from planner.calendars.models import Feed
from planner.calendars.rules import FeedWish
from planner.directory.models import Company
from planner.series import service as series_service
from planner.series.models import TrainingSession
from planner.series.queries import get_series, get_training
from planner.series.service.sessions import details_of
from tests import factories as make
from tests.calendars.readers import read_icalendar
from tests.serving import free_listener, serving

Kept = list[tuple[datetime, datetime, str, str]]
PAIR = """
[pair {name}]
a = "{name}_site"
b = "{name}_folder"
collections = null
[storage {name}_site]
type = "http"
url = "{address}"
[storage {name}_folder]
type = "filesystem"
path = "{folder}"
fileext = ".ics"
"""


@pytest.fixture
def site(committed_app: Flask) -> Iterator[str]:
    with free_listener() as listener, serving(committed_app, listener) as address:
        yield address


class Vdirsyncer:
    """One person's programme, which subscribes to feeds by name."""

    def __init__(self, folder: Path, feeds: dict[str, str]) -> None:
        self.folder = folder
        pairs = [
            PAIR.format(name=name, address=address, folder=folder / name) for name, address in feeds.items()
        ]
        for name in feeds:
            (folder / name).mkdir(parents=True)
        general = f'[general]\nstatus_path = "{folder / "status"}"\n'
        (folder / "config").write_text(general + "".join(pairs), encoding="utf-8")
        self.run("discover", *feeds)

    def run(self, *command: str) -> tuple[int, str]:
        """Exit status and everything it said."""
        environment = {**os.environ, "NO_PROXY": "*", "HOME": str(self.folder)}
        done = subprocess.run(
            [sys.executable, "-m", "vdirsyncer", "--config", str(self.folder / "config"), *command],
            capture_output=True, check=False, encoding="utf-8", env=environment, stdin=subprocess.DEVNULL,
            timeout=60,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def sync(self) -> None:
        assert self.run("sync")[0] == 0

    def kept(self, name: str) -> Kept:
        files = (self.folder / name).glob("*.ics")
        told = [event for file in files for event in read_icalendar(file.read_bytes())]
        return sorted((event.starts_at, event.ends_at, event.status, event.summary) for event in told)


def plan(*trainings: TrainingSession) -> Kept:
    return sorted(
        (
            training.starts_at,
            training.ends_at,
            "CANCELLED" if training.cancelled_at else "CONFIRMED",
            f"{'INSTÄLLT: ' if training.cancelled_at else ''}{training.step.title} · {training.series.title}",
        )
        for training in trainings
    )


def private_feed(company: Company, planner: Viewer, app: Flask) -> tuple[Feed, str]:
    secret = app.config["SECRET_KEY"]
    with unit_of_work():
        subject = queries.get_subject(planner, "company", str(company.id))
        feed = service.create_feed(subject, FeedWish(name="Kontoret"), by=planner, secret=secret)
    return feed, f"/feeds/{queries.feed_token(secret, feed)}.ics"


def changed(training: TrainingSession, planner: Viewer, change: Callable[[TrainingSession], None]) -> None:
    with unit_of_work():
        change(get_training(planner, training.id, to_edit=True))


@pytest.mark.committed
def test_vdirsyncer_keeps_what_is_planned_until_its_feed_is_revoked(
    committed_app: Flask, site: str, tmp_path: Path
) -> None:
    planner = make.viewer_of(make.organiser(make.LINDESBERG))
    company = make.company(name="Åkeriet")
    series = make.series(title="Ökad lönsamhet; i steg, \\ med 🎯")
    cohort = make.cohort(series, company)
    own, common = make.training(series, cohort_id=cohort.id), make.training(series)
    others = make.training(series, cohort_id=make.cohort(series).id)
    with unit_of_work():
        series_service.publish_series(get_series(planner, series.id, to_edit=True), by=planner)
    feed, path = private_feed(company, planner, committed_app)
    programme = Vdirsyncer(
        tmp_path / "programme",
        {"public": f"{site}/calendars/series/{series.key}.ics", "private": f"{site}{path}"},
    )

    def check(*told: TrainingSession) -> None:
        fresh = [get_training(planner, training.id) for training in told]
        expected = {"public": plan(*fresh), "private": plan(*fresh[:2])}
        assert {name: programme.kept(name) for name in expected} == expected

    def move(training: TrainingSession) -> None:
        details = details_of(training).shifted(training.starts_at + timedelta(days=20, hours=1))
        series_service.edit_session(training, details, by=planner, cohort=training.cohort)

    programme.sync()
    check(own, common, others)

    changed(own, planner, move)
    programme.sync()
    check(own, common, others)

    changed(common, planner, lambda it: series_service.cancel_session(it, "Sjukdom", by=planner))
    programme.sync()
    check(own, common, others)
    assert sorted(event[2] for event in programme.kept("private")) == ["CANCELLED", "CONFIRMED"]

    changed(common, planner, lambda it: series_service.restore_session(it, by=planner))
    programme.sync()
    check(own, common, others)

    before = programme.kept("private")
    with unit_of_work():
        service.revoke_feed(db.session.get_one(Feed, feed.id))
    changed(own, planner, move)
    status, said = programme.run("sync")
    assert (status, "private: NOT FOUND" in said) == (1, True), said
    assert programme.kept("private") == before
    assert programme.kept("public") == plan(*(get_training(planner, it.id) for it in (own, common, others)))

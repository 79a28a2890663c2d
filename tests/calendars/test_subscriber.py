"""A subscriber that keeps a calendar over HTTP, as programmes do: its state equals the plan after every change."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import icalendar
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.service import rename
from planner.base.db import db, unit_of_work
from planner.calendars import queries, service
from planner.calendars.rules import FeedWish
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from planner.series.queries import get_series, get_training
from planner.series.rules import SeriesTexts
from planner.series.service.sessions import details_of
from tests import factories as make


class Kept(NamedTuple):
    starts_at: datetime
    status: str
    sequence: int


class Subscriber:
    """Fetches with the last tag; takes an event only when SEQUENCE rose, as RFC 5546 section 2.1.5 lets it."""

    def __init__(self, client: FlaskClient, path: str) -> None:
        self.client, self.path, self.tag = client, path, ""
        self.state: dict[str, Kept] = {}
        self.words: dict[str, bytes] = {}
        self.status = 0

    def poll(self) -> dict[str, tuple[datetime, str]]:
        answer = self.client.get(self.path, headers={"If-None-Match": self.tag})
        self.status = answer.status_code
        if answer.status_code == 200:
            self.tag = answer.headers["ETag"]
            self._take(icalendar.Calendar.from_ical(answer.data))
        return {uid: (kept.starts_at, kept.status) for uid, kept in self.state.items()}

    def _take(self, calendar: Any) -> None:
        for event in calendar.events:
            told = Kept(event.start, str(event["STATUS"]), int(event["SEQUENCE"]))
            kept = self.state.get(event["UID"])
            if kept is None or told.sequence > kept.sequence:
                self.state[event["UID"]] = told
                self.words[event["UID"]] = event.to_ical()
            else:
                assert event.to_ical() == self.words[event["UID"]], (
                    "an event changed without raising SEQUENCE"
                )


def plan(*trainings: TrainingSession) -> dict[str, tuple[datetime, str]]:
    return {
        f"{training.uid}@stegvis.example": (
            training.starts_at, "CANCELLED" if training.cancelled_at else "CONFIRMED"
        )
        for training in trainings
    }  # fmt: skip


def test_a_subscriber_follows_publish_move_cancel_restore_and_revoke(app: Flask, client: FlaskClient) -> None:
    planner = make.viewer_of(make.organiser(make.LINDESBERG))
    company = make.company()
    series: Series = make.series()
    cohort = make.cohort(series, company)
    leader = make.user(name="Handledare Ett")
    first = make.training(series, cohort_id=cohort.id, facilitators=[leader])
    second = make.training(series)
    secret = app.config["SECRET_KEY"]
    with unit_of_work():
        subject = queries.get_subject(planner, "company", str(company.id))
        feed = service.create_feed(subject, FeedWish(name="Kontoret"), by=planner, secret=secret)
    subscriber = Subscriber(client, f"/feeds/{queries.feed_token(secret, feed)}.ics")
    assert subscriber.poll() == {}

    with unit_of_work():
        series_service.publish_series(get_series(planner, series.id, to_edit=True), by=planner)
    assert subscriber.poll() == plan(first, second)
    assert (subscriber.poll(), subscriber.status) == (plan(first, second), 304)

    with unit_of_work():
        moved = get_training(planner, first.id, to_edit=True)
        details = details_of(moved).shifted(moved.starts_at + timedelta(days=2))
        series_service.edit_session(moved, details, by=planner, cohort=moved.cohort)
    assert subscriber.poll() == plan(moved, second)

    with unit_of_work():
        cancelled = get_training(planner, second.id, to_edit=True)
        series_service.cancel_session(cancelled, "Sjukdom", by=planner)
    told = subscriber.poll()
    assert told == plan(moved, cancelled)
    assert sorted(status for _, status in told.values()) == ["CANCELLED", "CONFIRMED"]

    with unit_of_work():
        restored = get_training(planner, second.id, to_edit=True)
        series_service.restore_session(restored, by=planner)
    assert subscriber.poll() == plan(moved, restored)

    with unit_of_work():
        renamed = get_series(planner, series.id, to_edit=True)
        texts = SeriesTexts("Ett nytt namn")
        series_service.edit_series(renamed, texts, by=planner)
    assert subscriber.poll() == plan(moved, restored)
    assert subscriber.status == 200

    with unit_of_work():
        rename(leader, "Handledare Två")
    assert subscriber.poll() == plan(moved, restored)
    assert subscriber.status == 200

    with unit_of_work():
        service.revoke_feed(feed)
    db.session.expire_all()
    subscriber.poll()
    assert subscriber.status == 404

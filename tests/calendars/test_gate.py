"""Feeds answered in front of the application are answered as its views would, and logged as they log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client, EnvironBuilder
from werkzeug.wrappers import Response

from planner.base.db import unit_of_work
from planner.calendars import queries, service
from planner.calendars.routes.gate import FeedGate
from planner.calendars.rules import FeedWish
from planner.web.logs import JsonLines
from tests import factories as make

PATHS = tuple(
    f"/calendars/{rest}"
    for rest in (
        "series/okad.ics", "series/okad.ics?download=1&lang=en&lang=sv", "series/okad.ics?mode=%FF",
        "municipality/1885.ics?lang=en&mode=digital&open=1", "series/unknown.ics", "series/o%00k.ics",
        "series/%C3%B6kad.ics", "company/1.ics", "participant/1.ics", "nothing/1.ics",
    )
)  # fmt: skip
ENCODINGS = ("", "gzip", "br, gzip;q=0.5", "gzip;q=0", "gzip; q=0.0, br", "x-gzip", "*", "nogzip")


@pytest.fixture
def token(app: Flask) -> str:
    """A token that has been fetched lately, so that no fetch has to be noted."""
    series = make.published_series(title="Ökad lönsamhet", key="okad")
    make.training(series, mode="digital", join_url="https://meet.example/rum-8")
    company = make.company(name="Åkeriet")
    make.cohort(series, company)
    viewer = make.viewer_of(make.organiser(make.LINDESBERG))
    with unit_of_work():
        subject = queries.get_subject(viewer, "company", str(company.id))
        feed = service.create_feed(
            subject, FeedWish(name="Ekonomi"), by=viewer, secret=app.config["SECRET_KEY"]
        )
    token = queries.feed_token(app.config["SECRET_KEY"], feed)
    app.test_client().get(f"/feeds/{token}.ics")
    return token


def both(app: Flask, path: str, **asked: Any) -> Iterator[tuple[int, dict[str, str], bytes]]:
    """What the gate answers, and what the application behind it does."""
    gate: Any = app.wsgi_app
    assert isinstance(gate, FeedGate)
    for answering in (gate, gate._onward):
        with app.app_context():
            answer = Client(answering, Response).open(EnvironBuilder(path, **asked).get_environ())
        headers = dict(answer.headers)
        # What belongs to no body is said with it or left out, as a server likes.
        headers.pop("Content-Length", None)
        yield answer.status_code, headers, answer.data


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_gate_answers_as_the_views_do(app: Flask, token: str, scheme: str) -> None:
    statuses = set()
    for path, method, encoding in product(
        (*PATHS, "/feeds/no.ics", f"/feeds/{token}.ics", f"/feeds/{token}.ics?download=1"),
        ("GET", "HEAD", "POST"),
        ENCODINGS,
    ):
        known = ""
        for tag in ("", "*", '"other"', "known"):
            headers = {"Accept-Encoding": encoding, "If-None-Match": known if tag == "known" else tag}
            here, there = both(
                app, path, method=method, headers=headers, base_url=f"{scheme}://plan.example/"
            )
            assert here == there, (path, method, headers)
            known = known or here[1].get("ETag", "")
            statuses.add(here[0])
    assert statuses == {200, 304, 404, 405}


def test_a_feed_is_answered_without_the_application(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate: Any = app.wsgi_app
    monkeypatch.setattr(gate, "_onward", None)  # whatever is handed on fails
    for path in ("/calendars/series/okad.ics", f"/feeds/{token}.ics"):
        assert app.test_client().get(path).status_code == 200


def test_a_request_is_logged_by_its_route(app: Flask, token: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    app.logger.addHandler(handler)
    level, app.logger.level = app.logger.level, logging.INFO
    try:
        app.test_client().get(f"/feeds/{token}.ics")
        app.test_client().head("/calendars/series/okad.ics?lang=en", headers={"If-None-Match": "*"})
    finally:
        app.logger.removeHandler(handler)
        app.logger.level = level
    assert token not in written.getvalue()
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [(line["route"], line["method"], line["status"]) for line in lines] == [
        ("/feeds/<token>.ics", "GET", 200),
        ("/calendars/<scope>/<key>.ics", "HEAD", 304),
    ]
    assert all(line["request"] and line["ms"] >= 0 for line in lines)


def test_a_lost_database_is_answered_by_the_application(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(queries, "open_public", lost)
    assert app.test_client().get("/calendars/series/okad.ics").status_code == 503

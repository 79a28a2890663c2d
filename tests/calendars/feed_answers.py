"""Rows about how a feed is answered."""

from __future__ import annotations

import gzip
import logging
import re
from datetime import UTC, datetime, timedelta

from werkzeug.test import TestResponse

from planner.base.config import UID_DOMAIN
from planner.base.db import db, unit_of_work
from planner.calendars import service
from planner.calendars.models import Feed
from planner.series import service as series_service
from planner.series.models import TrainingSession
from planner.series.queries import get_series
from tests import factories as make
from tests.calendars.feed_site import ASKED, PRIVATE, Row, Site, rows_in
from tests.calendars.readers import read_icalendar, unfolded
from tests.conftest import NOW, new_client

ROWS: dict[str, Row] = {}
row = rows_in(ROWS)


@row
def bytes_(site: Site) -> None:
    world = site.world
    for name in ASKED:
        first = site.ask(name)
        with world.at(NOW + timedelta(days=2, hours=5)):
            others = [
                site.ask(name),
                site.ask(name, Host="other.example"),
                site.ask(name, User_Agent="Google-Calendar-Importer", Accept_Language="en", Cookie="a=b"),
                site.ask(name, X_Forwarded_Host="evil.example", X_Forwarded_For="192.0.2.1"),
                new_client(world.app).get(world.paths[name]),
            ]
        assert {other.data for other in others} == {first.data}, name
        assert {other.headers["ETag"] for other in others} == {first.headers["ETag"]}
        told = read_icalendar(first.data)
        order = [(event.starts_at, event.uid) for event in told]
        written = re.findall(r"^UID:(.*)$", "\n".join(unfolded(first.data)), re.MULTILINE)
        assert written == [uid for _, uid in sorted(order)], name
        assert not re.search(rb"evil\.example|other\.example", first.data)


@row
def http(site: Site) -> None:
    world = site.world
    assert site.ask("", path="/robots.txt").data == b"User-agent: *\nAllow: /\n"
    for name, path in world.paths.items():
        assert re.search(r"\.ics(\?(lang=en|mode=digital|open=1))?$", path)
        assert len(f"https://planera.a-rather-long-name.example{path}") < 256
        answer = site.ask(name, Cookie="session=made-up; language=en")
        seen = {header: answer.headers.get(header) for header in HEADERS}
        assert seen == {**HEADERS, "Access-Control-Allow-Origin": None if name in PRIVATE else "*"}, name
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.status_code == 200
    for name in ASKED:
        answer = site.ask(name)
        for sent in ({"Accept": "application/json"}, {"Accept": "text/html"}, {"User_Agent": ""}):
            assert site.ask(name, **sent).data == answer.data
        head = site.ask(name, "HEAD")
        same = set(answer.headers.keys()) - {"Date"}
        assert (head.status_code, head.data) == (200, b"")
        assert {key: head.headers.get(key) for key in same} == {key: answer.headers[key] for key in same}
        for verb in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "REPORT"):
            refused = site.ask(name, verb)
            assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD"), verb
            assert "Set-Cookie" not in refused.headers


HEADERS = {
    "Content-Type": "text/calendar; charset=utf-8",
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Encoding",
    "Location": None,
    "Set-Cookie": None,
    "Content-Encoding": None,
    "Access-Control-Allow-Origin": "*",
}


@row
def validators(site: Site) -> None:
    always = "Fri, 01 Jan 2100 00:00:00 GMT"
    for name in ASKED:
        plain = site.ask(name)
        tag = plain.headers["ETag"]
        assert re.fullmatch(r'W/"[0-9a-zA-Z_-]{16,}"', tag)
        assert "Last-Modified" not in plain.headers
        strong = tag.removeprefix("W/")
        for known in (tag, strong, "*", f'"a", {tag}', f'W/"x,y" ,{strong},"b"'):
            for encoding in ("gzip", "identity"):
                answer = site.ask(name, If_None_Match=known, Accept_Encoding=encoding)
                assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag), known
                assert (answer.headers["Vary"], answer.content_type) == ("Accept-Encoding", None)
        for unknown in ('W/"other"', strong.strip('"'), ""):
            answer = site.ask(name, If_None_Match=unknown, If_Modified_Since=always)
            assert (answer.status_code, answer.data) == (200, plain.data), unknown
        assert site.ask(name, "HEAD", If_None_Match=tag).status_code == 304
        zipped = site.ask(name, Accept_Encoding="br, gzip;q=0.8")
        assert (zipped.headers["Content-Encoding"], zipped.headers["Vary"]) == ("gzip", "Accept-Encoding")
        assert gzip.decompress(zipped.data) == plain.data
        assert zipped.headers["ETag"] == tag
        assert zipped.data == site.ask(name, Accept_Encoding="gzip").data
        assert site.ask(name, Accept_Encoding="gzip;q=0").data == plain.data


@row
def tokens(site: Site) -> None:
    world = site.world
    feed = world.subscribe("revoked", "company", world.company.id, [])
    gone = world.paths.pop("revoked")
    del world.told["revoked"]
    paths = {name: path for name, path in world.paths.items() if name in PRIVATE}
    stored = "\n".join(str(list(row_)) for row_ in db.session.execute(db.select(Feed.__table__)))
    with everything_logged() as logged:
        for name, path in paths.items():
            token = path.removeprefix("/feeds/").removesuffix(".ics")
            assert re.fullmatch("[a-z2-7]{26,}", token), "at least 128 bits of base32"
            answer = site.ask(name)
            assert token not in f"{answer.data.decode()}{answer.headers}{stored}"
            altered = path.replace(token, token[::-1])
            wrong = [altered, "/feeds/x.ics", "/feeds/%00.ics", f"/calendars/company/{world.company.id}.ics"]
            assert {_told(site.ask("", path=path_)) for path_ in wrong} == {NOT_FOUND}, name
        assert site.ask("", path=gone).status_code == 200
        with unit_of_work():
            service.revoke_feed(db.session.get_one(Feed, feed.id))
        assert _told(site.ask("", path=gone)) == NOT_FOUND
        assert _told(site.ask("", path=gone, If_None_Match="*")) == NOT_FOUND
    assert len(set(paths.values())) == len(PRIVATE)
    tokens_ = [path.split("/")[2].removesuffix(".ics") for path in (*paths.values(), gone)]
    assert len(logged) > 10
    assert not [line for line in logged if any(token in line for token in tokens_)]


NOT_FOUND = (404, b"There is no calendar at this address.\n", "text/plain; charset=utf-8", "no-store", None)


def _told(answer: TestResponse) -> tuple[object, ...]:
    names = ("Content-Type", "Cache-Control", "Set-Cookie")
    return (answer.status_code, answer.data, *(answer.headers.get(name) for name in names))


class everything_logged:  # noqa: N801 - used as a context manager
    """Every record's message and data while inside, from the site's loggers and from the root's."""

    def __enter__(self) -> list[str]:
        self.told: list[str] = []
        self.handler = logging.Handler()
        self.handler.emit = lambda record: self.told.append(f"{record.getMessage()} {record.__dict__}")
        self.loggers = [logging.getLogger(), logging.getLogger("planner"), logging.getLogger("werkzeug")]
        for logger in self.loggers:
            logger.addHandler(self.handler)
        return self.told

    def __exit__(self, *_: object) -> None:
        for logger in self.loggers:
            logger.removeHandler(self.handler)


@row
def size(site: Site) -> None:
    # The last row, since its large series would make every later answer slow.
    world = site.world
    start = datetime(2026, 10, 13, 20, tzinfo=UTC)
    for days, told in ((90, True), (91, False)):
        with world.at(start + timedelta(days=days)):
            assert (f"golden-new-0@{UID_DOMAIN}" in site.events("series_new", anew=True)) is told, days
    series = make.series(world.hub, steps=1, title="Stor", key="golden-large")
    series.steps[0].goals = series.steps[0].preparation = "åäöåäöåäö " * 399
    far = NOW + timedelta(days=3650)
    values = {"series_id": series.id, "step_id": series.steps[0].id, "mode": "on_site"}
    db.session.add_all(
        TrainingSession(uid=f"golden-large-{n}", starts_at=far, ends_at=far + timedelta(hours=1), **values)
        for n in range(52)
    )
    db.session.commit()
    with unit_of_work():
        series_service.publish_series(get_series(world.planner, series.id, to_edit=True), by=world.planner)
    path = "/calendars/series/golden-large.ics"
    with warnings_of("planner.calendars") as warned:
        answer = site.ask("", path=path)
        small = site.ask("series_new")
    assert answer.data.count(b"BEGIN:VEVENT") == 52
    assert len(answer.data) > 800_000 > len(small.data)
    assert len(warned) == 1
    assert "Google" in warned[0]


class warnings_of:  # noqa: N801 - used as a context manager
    """The warnings logged under a name while inside."""

    def __init__(self, name: str) -> None:
        self.logger, self.told = logging.getLogger(name), []
        self.handler = logging.Handler(logging.WARNING)
        self.handler.emit = lambda record: self.told.append(record.getMessage())

    def __enter__(self) -> list[str]:
        self.logger.addHandler(self.handler)
        return self.told

    def __exit__(self, *_: object) -> None:
        self.logger.removeHandler(self.handler)

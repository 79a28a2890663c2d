"""Rows about what a feed says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from planner.accounts.models import User
from planner.accounts.service import rename
from planner.base.config import UID_DOMAIN
from planner.base.db import db, unit_of_work
from planner.directory.models import Room
from planner.directory.service import edit_room
from planner.series import service as series_service
from planner.series.queries import get_series
from tests import factories as make
from tests.calendars.feed_site import PRIVATE, Row, Site, rows_in
from tests.calendars.readers import Told, assert_well_folded, read_icalendar
from tests.calendars.world import LINK

ROWS: dict[str, Row] = {}
row = rows_in(ROWS)

ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Stockholm",
    "BEGIN:STANDARD",
    "DTSTART:19701025T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    "TZNAME:CET",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:19700329T020000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
    "TZNAME:CEST",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
]


@row
def method(site: Site) -> None:
    for name in site.world.paths:
        assert not [line for line in site.lines(name) if line.startswith("METHOD")], name


@row
def time(site: Site) -> None:
    for name in site.world.paths:
        for event in site.events(name).values():
            times = {key: value for key, value in event.items() if key.startswith(("DTSTART", "DTEND"))}
            if "clock_change-2@" in event["UID"].replace("-golden", ""):  # the hour that comes twice
                assert times == {"DTSTART": "20261025T003000Z", "DTEND": "20261025T011500Z"}
                continue
            assert list(times) == ["DTSTART;TZID=Europe/Stockholm", "DTEND;TZID=Europe/Stockholm"]
            assert all(re.fullmatch(r"\d{8}T\d{6}", value) for value in times.values())
            assert "DURATION" not in event
    assert site.event("series_new", "new")["DTSTART;TZID=Europe/Stockholm"] == "20261013T130000"


@row
def vtimezone(site: Site) -> None:
    for name in site.world.paths:
        lines = site.lines(name)
        at = lines.index("BEGIN:VTIMEZONE")
        assert lines[at : at + len(ZONE)] == ZONE, name
        assert "BEGIN:VEVENT" not in lines[:at]
        assert lines.count("BEGIN:VTIMEZONE") == 1
    assert "BEGIN:VEVENT" not in site.lines("series_empty")


@row
def events(site: Site) -> None:
    trainings = site.world.trainings()
    for name, told in site.world.told.items():
        lines = site.lines(name)
        uids = [line.removeprefix("UID:") for line in lines if line.startswith("UID:")]
        assert sorted(uids) == sorted(f"{trainings[number].uid}@{UID_DOMAIN}" for number in told), name
        assert len(uids) == lines.count("BEGIN:VEVENT")
        outside = [line for line in lines if line not in ZONE]
        assert not [line for line in outside if re.match("RRULE|RDATE|RECURRENCE-ID|EXDATE", line)]
        assert all(8 <= len(uid) <= 255 and uid.isascii() for uid in uids)


@row
def stamps(site: Site) -> None:
    world = site.world
    for name in world.paths:
        for event in site.events(name).values():
            assert event["DTSTAMP"] == event["LAST-MODIFIED"]
            assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
            assert re.fullmatch(r"\d+", event["SEQUENCE"])
    moved = site.event("series_moved", "moved")
    assert (moved["SEQUENCE"], moved["DTSTAMP"]) == ("2", "20261006T090000Z")

    def rename_room() -> None:
        room = db.session.get_one(Room, world.room.id)
        edit_room(room, "Stora salen", room.capacity, by=world.planner)

    def rename_leader() -> None:
        rename(db.session.get_one(User, world.leader.id), "Handledare Östen")

    for change in (rename_room, rename_leader):
        before = {name: site.event(name, "hybrid") for name in ("series_hybrid", "company", "county")}
        with unit_of_work():
            change()
        for name, was in before.items():
            now_told = site.event(name, "hybrid", anew=True)
            assert int(now_told["SEQUENCE"]) == int(was["SEQUENCE"]) + 1, (name, change)
            assert now_told["LAST-MODIFIED"] > was["LAST-MODIFIED"]


@row
def cancelled(site: Site) -> None:
    world = site.world
    for name, word in (
        ("county", "INSTÄLLT"),
        ("municipality_english", "CANCELLED"),
        ("facilitator", "INSTÄLLT"),
    ):
        event = site.event(name, "cancelled")
        assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
        assert event["SUMMARY"].startswith(f"{word}: Step 1")
        assert not [key for key in event if key.startswith("CONFERENCE")]
    day = datetime(2026, 10, 13, 20, tzinfo=UTC)
    for days, told in ((30, True), (31, False)):
        with world.at(day + timedelta(days=days)):
            assert (
                f"golden-cancelled-0@{UID_DOMAIN}" in site.events("series_cancelled", anew=True)
            ) is told, days


@row
def people(site: Site) -> None:
    for name in site.world.paths:
        lines = site.lines(name)
        assert not [line for line in lines if re.match("ATTENDEE|ORGANIZER|CONTACT|.*mailto:", line)]
        addresses = re.findall(r"[\w.+-]+@[\w.-]+", "\n".join(lines))
        assert {address.split("@")[1] for address in addresses} <= {UID_DOMAIN}
        classes = {event["CLASS"] for event in site.events(name).values()}
        assert classes <= {"PRIVATE" if name in PRIVATE else "PUBLIC"}, name
        assert bool(re.search("Handledare [ÅÖ]s", "\n".join(lines))) is (
            name in PRIVATE and name != "company_brief"
        )


@row
def joining_link(site: Site) -> None:
    uri = "https://meet.example/rum/%C3%A5tta?kod=a;b,c"
    assert uri.endswith(LINK.split("?")[1])
    for name in site.world.paths:
        body = "\n".join(site.lines(name))
        assert ("meet.example" in body) is (name in PRIVATE), name
    hybrid, digital = (site.event("company", "hybrid", number) for number in (0, 1))
    escaped = uri.replace(";", r"\;").replace(",", r"\,")
    for event in (hybrid, digital):
        (conference,) = (key for key in event if key.startswith("CONFERENCE"))
        assert conference.startswith("CONFERENCE;VALUE=URI")
        assert event[conference] == uri
        assert f"Anslut: {escaped}" in event["DESCRIPTION"]
    assert (digital["LOCATION"], "Masugnen" in hybrid["LOCATION"]) == (escaped, True)
    world = site.world
    world.subscribe("municipality_by_token", "municipality", make.LINDESBERG, [])
    assert "meet.example" not in "\n".join(site.lines("municipality_by_token"))
    del world.paths["municipality_by_token"], world.told["municipality_by_token"]


@row
def text(site: Site) -> None:
    world = site.world
    for name in world.paths:
        assert_well_folded(site.body(name))
        assert ("BEGIN:VALARM" in site.lines(name)) is name.endswith("reminder")
    series = make.series(world.hub, steps=1, title="t" * 100 + "å" * 100, key="golden-long")
    step = series.steps[0]
    step.title, step.goals, step.preparation = "😀" * 190, "<b>mål</b> " * 363, "å😀 " * 1300
    place = make.venue(name="V " * 95, address="Öst " * 72)
    make.training(series, uid="golden-long-0", room_id=make.room(place).id, note="o " * 500)
    with unit_of_work():
        series_service.publish_series(get_series(world.planner, series.id, to_edit=True), by=world.planner)
    answer = site.ask("", path="/calendars/series/golden-long.ics")
    assert_well_folded(answer.data)
    told: Told
    (told,) = read_icalendar(answer.data)
    assert 240 < _length(told.summary) <= 255
    assert 240 < _length(told.location) <= 255
    assert 7900 < _length(told.description) < 8000
    assert "X-ALT-DESC" not in answer.data.decode()


def _length(words: str) -> int:
    """In UTF-16 units, as Outlook counts: never fewer than characters."""
    return len(words.encode("utf-16-le")) // 2


@row
def calendar(site: Site) -> None:
    unwanted = ("VLOCATION", "STYLED-DESCRIPTION", "VAVAILABILITY", "PARTICIPANT", "BEGIN:VTODO")
    for name in site.world.paths:
        lines = site.lines(name)
        head = dict(line.split(":", 1) for line in lines[1 : lines.index("BEGIN:VTIMEZONE")])
        assert head["NAME"] == head["X-WR-CALNAME"] != ""
        assert head["VERSION"] == "2.0"
        assert head["X-WR-TIMEZONE"] == "Europe/Stockholm"
        assert head["REFRESH-INTERVAL;VALUE=DURATION"] == head["X-PUBLISHED-TTL"] == "PT1H"
        assert re.fullmatch("[a-z]+", head["COLOR"])
        assert "UID" not in head
        assert not [line for line in lines if any(word in line for word in unwanted)]
    for event in site.events("county").values():
        (apple,) = (key for key in event if key.startswith("X-APPLE-STRUCTURED")) if "GEO" in event else ("",)
        assert bool(apple) is ("Masugnen" in event["LOCATION"])
        if apple:
            assert event["GEO"] == "59.593812;15.228349"
            assert event[apple] == "geo:59.593812,15.228349"
            assert f'X-TITLE="{event["LOCATION"]}"' == re.sub(
                ",", r"\,", re.search('X-TITLE="[^"]*"', apple)[0]
            )

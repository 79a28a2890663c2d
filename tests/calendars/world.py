"""A small fixed world whose feeds are kept as golden files: fixed UIDs, fixed moments, one series per situation.

Everything that a feed tells goes in through the services, as it would from a page, so that whatever stands
between a change and a feed (stamps, stored bytes) is in the way here too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from planner.accounts.models import User
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role, Viewer
from planner.calendars import queries, service
from planner.calendars.models import Feed
from planner.calendars.rules import Detail, FeedWish, ScopeKind, Variant
from planner.directory.models import Company, Organisation, Person, Room
from planner.series import service as series_service
from planner.series.models import Series, TrainingSession
from planner.series.queries import get_series, get_training
from planner.series.service.sessions import details_of
from tests import factories as make
from tests.conftest import NOW

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LINK = "https://meet.example/rum/åtta?kod=a;b,c"
PUNCTUATED = 'Pris, kvalitet; C:\\Nya\\ny\\;mapp: "a" = b\noch nästa rad\\'
# One letter more each time: whichever octet the fold comes at, some letter lies across it.
FOLDED = ["x" * n + "åäöÅÄÖéü" * 12 for n in range(4)]
EMOJI = "Träff 👩🏽‍💻 om robotar 🤖 " + "👨‍👩‍👧‍👦" * 12

# A series for each.
SITUATIONS = ("new", "moved", "cancelled", "hybrid", "clock_change", "fold", "emoji", "punctuation", "empty")


def local(*when: int, fold: int = 0) -> datetime:
    """This moment on Stockholm's wall clock, in UTC; `fold` 1 is the second time the hour comes."""
    return datetime(*when, fold=fold, tzinfo=STOCKHOLM).astimezone(UTC)  # type: ignore[arg-type]


CLOCK_CHANGES = [
    (local(2026, 10, 20, 13), local(2026, 10, 20, 15)),
    (local(2026, 10, 24, 22), local(2026, 10, 25, 6)),
    (local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 15, fold=1)),
    (local(2026, 10, 27, 13), local(2026, 10, 27, 15)),
    (local(2027, 3, 28, 1, 30), local(2027, 3, 28, 3, 30)),
    (local(2027, 3, 30, 13), local(2027, 3, 30, 15)),
]


@dataclass
class World:
    """What the world is made of. `paths` are its feeds by name, `told` the ids of the sessions that each tells."""

    app: Flask
    at: Callable[[datetime], Any]
    planner: Viewer
    hub: Organisation
    company: Company
    participant: Person
    helper: Organisation
    leader: User
    room: Room
    series: dict[str, Series] = field(default_factory=dict)
    sessions: dict[str, list[int]] = field(default_factory=dict)
    cohort_id: int = 0
    paths: dict[str, str] = field(default_factory=dict)
    told: dict[str, list[int]] = field(default_factory=dict)

    def of(self, *names: str) -> list[int]:
        """The ids of the sessions of these series."""
        return [training_id for name in names for training_id in self.sessions[name]]

    def trainings(self) -> dict[int, TrainingSession]:
        """Every session as it stands, by id."""
        ids = [training_id for kept in self.sessions.values() for training_id in kept]
        return {training_id: get_training(self.planner, training_id) for training_id in ids}

    def publish(self, name: str, scope: str, key: object, told: list[int], query: str = "") -> None:
        """Name a feed that has a readable address."""
        self.paths[name], self.told[name] = f"/calendars/{scope}/{key}.ics{query}", told

    def subscribe(self, name: str, scope: str, key: object, told: list[int], **shows: Any) -> Feed:
        """A feed with a token, of something the planner may subscribe to."""
        secret = self.app.config["SECRET_KEY"]
        with unit_of_work():
            subject = queries.get_subject(self.planner, scope, str(key))
            feed = service.create_feed(subject, FeedWish(name=name, **shows), by=self.planner, secret=secret)
        self.paths[name], self.told[name] = f"/feeds/{queries.feed_token(secret, feed)}.ics", told
        return feed

    def subscribe_participant(self, name: str, told: list[int]) -> Feed:
        """The participant's feed of their own seats, made by their personal link."""
        secret, person = self.app.config["SECRET_KEY"], self.participant
        with unit_of_work():
            feed = service.feed_for_person(
                person, ScopeKind.PARTICIPANT, str(person.id), FeedWish(name=name), secret=secret
            )
        self.paths[name], self.told[name] = f"/feeds/{queries.feed_token(secret, feed)}.ics", told
        return feed

    def change(self, training_id: int, change: Callable[[TrainingSession], None]) -> None:
        """Do something with a session in a unit of work, as a page would."""
        with unit_of_work():
            change(get_training(self.planner, training_id, to_edit=True))

    def move(self, training_id: int, by: timedelta) -> None:
        """Move a session."""

        def shift(training: TrainingSession) -> None:
            details = details_of(training).shifted(training.starts_at + by)
            series_service.edit_session(training, details, by=self.planner, cohort=training.cohort)

        self.change(training_id, shift)

    def cancel(self, training_id: int) -> None:
        """Cancel a session."""
        self.change(
            training_id,
            lambda training: series_service.cancel_session(training, "Handledaren är sjuk", by=self.planner),
        )


def build_world(app: Flask, at: Callable[[datetime], Any]) -> World:
    """Lindesberg's municipality with Nora as its neighbour: a series for each situation, and their feeds."""
    hub = make.organisation(make.LINDESBERG, make.NORA, kind="municipality", name="Lindesbergs kommun")
    planner = make.viewer_of(make.user((Role.organiser, hub), name="Planerare Ett"))
    place = make.venue(
        name="Masugnen", address="Kristinavägen 1, Lindesberg", latitude=59.593812, longitude=15.228349
    )
    company = make.company(name="Åkeriet, Öst & Väst")
    participant = make.person(company, name="Deltagare Ett")
    helper = make.organisation(make.LINDESBERG, kind="support_actor", name="Industriell utveckling")
    leader = make.user((Role.facilitator, hub), (Role.facilitator, helper), name="Handledare Åsa")
    room = make.room(place, name="Salen")
    world = World(app, at, planner, hub, company, participant, helper, leader, room)
    _place(world)
    _book(world)
    for name in SITUATIONS:
        with unit_of_work():
            series = get_series(planner, world.series[name].id, to_edit=True)
            series_service.publish_series(series, by=planner)
    with at(NOW + timedelta(hours=1)):
        world.move(world.sessions["moved"][0], timedelta(days=14, hours=-4))
    with at(NOW + timedelta(days=1)):
        world.cancel(world.sessions["cancelled"][0])
    _list_feeds(world)
    return world


def _place(world: World) -> None:
    titles = {"punctuation": PUNCTUATED, "emoji": EMOJI}
    for name in (*SITUATIONS, "draft"):
        code = make.NORA if name == "clock_change" else make.LINDESBERG
        world.series[name] = make.series(
            world.hub,
            code,
            key=f"golden-{name}".replace("_", "-"),
            title=titles.get(name, f"Serie {name}"),
            competences=["1.1"] if name in {"new", "hybrid"} else ["4.2"],
        )
        world.sessions[name] = []
    world.cohort_id = make.cohort(world.series["hybrid"], world.company, name="Grupp ett").id
    start, led = local(2026, 10, 13, 13), {"facilitators": [world.leader]}
    remote = {"join_url": LINK}
    _session(world, "new", start)
    _session(world, "draft", start)
    _session(world, "moved", start)
    _session(world, "cancelled", start, mode="hybrid", **led, **remote)
    full = {"seats_on_site": 1, "seats_remote": 0}
    _session(world, "hybrid", start, mode="hybrid", cohort_id=world.cohort_id, **full, **led, **remote)
    _session(world, "hybrid", start + timedelta(days=7), mode="digital", room_id=None, **remote)
    for starts_at, ends_at in CLOCK_CHANGES:
        _session(world, "clock_change", starts_at, minutes=(ends_at - starts_at) // timedelta(minutes=1))
    for n, note in enumerate(FOLDED):
        _session(world, "fold", start + timedelta(days=n), note=note)
    _session(world, "emoji", start, note="🎯 Mål 1\n🎯 Mål 2")
    _session(world, "punctuation", start, note=f"{PUNCTUATED}\r\nNästa rad\n\n\n\nC:\\Nya")


def _book(world: World) -> None:
    for training_id in (world.sessions["hybrid"][0], *world.sessions["cancelled"]):
        make.seat(db.session.get_one(TrainingSession, training_id), world.participant)


def _session(world: World, name: str, starts_at: datetime, **values: Any) -> None:
    kept = world.sessions[name]
    values = {"room_id": world.room.id, "uid": f"golden-{name}-{len(kept)}", **values}
    kept.append(make.training(world.series[name], starts_at, **values).id)


def _list_feeds(world: World) -> None:
    everywhere = world.of(*SITUATIONS)
    here = world.of(*(name for name in SITUATIONS if name != "clock_change"))
    own, open_to_all = world.sessions["hybrid"]
    for name in SITUATIONS:
        world.publish(f"series_{name}", "series", world.series[name].key, world.of(name))
    world.publish("municipality", "municipality", make.LINDESBERG, here)
    world.publish("municipality_english", "municipality", make.LINDESBERG, here, "?lang=en")
    world.publish("coordinated", "coordinated", make.LINDESBERG, everywhere)
    world.publish("county", "county", "18", everywhere)
    world.publish("municipality_digital", "municipality", make.LINDESBERG, [open_to_all], "?mode=digital")
    free = [number for number in here if number != own]
    world.publish("municipality_open", "municipality", make.LINDESBERG, free, "?open=1")
    world.publish("session", "session", "golden-new-0", world.of("new"))
    world.publish("organisation", "organisation", world.hub.id, everywhere)
    world.publish("competence_area", "competence_area", "1", world.of("new", "hybrid"))
    world.subscribe("company", "company", world.company.id, [own, open_to_all])
    shows = {"variant": Variant(language="en", reminder_minutes=60)}
    world.subscribe("company_english_reminder", "company", world.company.id, [own, open_to_all], **shows)
    brief = {"variant": Variant(detail=Detail.BRIEF)}
    world.subscribe("company_brief", "company", world.company.id, [own, open_to_all], **brief)
    world.subscribe("facilitator", "facilitator", world.leader.id, [own, *world.of("cancelled")])
    world.publish("support_actor", "support_actor", world.helper.id, [own, *world.of("cancelled")])
    world.subscribe_participant("participant", [own, *world.of("cancelled")])
    world.subscribe("cohort", "cohort", world.cohort_id, [own])

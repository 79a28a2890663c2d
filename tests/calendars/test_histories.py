"""Any history of changes: what feeds read stays true, versions move with it, and no event goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

import icalendar
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import selectinload

from planner.accounts.models import User
from planner.accounts.service import rename
from planner.attendance.rules import Place
from planner.attendance.service import book_seat, cancel_seat, enrol
from planner.base import clock
from planner.base.clock import now, today
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.calendars import queries
from planner.calendars.ical import LIBRARY, finished_event
from planner.calendars.models import CalendarMember, StoredEvent
from planner.calendars.queries import FeedBody
from planner.calendars.rules import (
    NARROWING_SCOPES,
    STORED_VARIANTS,
    Narrowing,
    ScopeKind,
    SubjectKey,
    Variant,
    event_id,
    mark,
    source,
)
from planner.directory.models import Company, Organisation, Person, Room, Venue
from planner.directory.rules import VenueDetails
from planner.directory.service import edit_room, edit_venue
from planner.series import service as series_service
from planner.series.models import Cohort, Series, TrainingSession
from planner.series.queries import get_series, get_training
from planner.series.rules import SeriesTexts, SessionDetails, StepTexts
from planner.series.service.sessions import details_of
from planner.series_templates.rules import Mode
from tests import factories as make
from tests.calendars.common import feed_bytes
from tests.conftest import NOW

DIGITAL, OPEN = Narrowing(mode=Mode.DIGITAL), Narrowing(open_seats=True)


@dataclass
class World:
    """A small one: a series with two cohorts, three companies, two leaders, two people, and sessions as they come."""

    viewer: Viewer
    organisation: Organisation
    series: Series
    cohorts: list[Cohort]
    companies: list[Company]
    leaders: list[User]
    people: list[Person]
    venue: Venue
    room: Room
    trainings: list[int] = field(default_factory=list)
    names: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))

    def name(self, what: str) -> str:
        return f"{what} {next(self.names)}"

    def subjects(self) -> list[SubjectKey]:
        ids = {
            ScopeKind.COHORT: self.cohorts,
            ScopeKind.COMPANY: self.companies,
            ScopeKind.FACILITATOR: self.leaders,
            ScopeKind.PARTICIPANT: self.people,
            ScopeKind.ORGANISATION: [self.organisation],
        }
        keyed = [SubjectKey(scope, str(row.id)) for scope, rows in ids.items() for row in rows]
        codes = [SubjectKey(ScopeKind.MUNICIPALITY, code) for code in (make.LINDESBERG, make.NORA)]
        return [
            *keyed, *codes, SubjectKey(ScopeKind.SERIES, self.series.key), SubjectKey(ScopeKind.COUNTY, "18"),
            SubjectKey(ScopeKind.COORDINATED, make.LINDESBERG), SubjectKey(ScopeKind.COMPETENCE_AREA, "1"),
        ]  # fmt: skip


def world() -> World:
    hub = make.organisation(make.LINDESBERG, make.NORA, kind="municipality", home_code=make.LINDESBERG)
    user = make.user(("owner", hub))
    companies = [make.company() for _ in range(3)]
    series = make.published_series(hub, competences=["1.1"])
    venue = make.venue()
    return World(
        make.viewer_of(user), hub, series,
        [make.cohort(series, companies[0]), make.cohort(series, companies[1])],
        companies, [make.user(("facilitator", hub)) for _ in range(2)],
        [make.person(company) for company in companies[:2]], venue, make.room(venue),
    )  # fmt: skip


# --- what may happen: each takes the world and two small numbers that choose ---


def place(world: World, which: int, how: int) -> None:
    series = get_series(world.viewer, world.series.id, to_edit=True)
    at = now() + timedelta(days=1 + how, hours=which)
    cohort = ([None, *series.cohorts])[which % 3]
    mode = list(Mode)[how % 3]
    details = SessionDetails(
        at, at + timedelta(hours=2), mode, world.room.id, "https://meet.example/rum", 1, 1,
        facilitator_ids=tuple(user.id for user in world.leaders[: how % 3]),
    )  # fmt: skip
    made = series_service.place_session(series, series.steps[0], cohort, details, by=world.viewer)
    world.trainings.append(made.id)


def edit(change: Callable[[World, TrainingSession, int], None]) -> Callable[[World, int, int], None]:
    def step(world: World, which: int, how: int) -> None:
        if world.trainings:
            id_ = world.trainings[which % len(world.trainings)]
            change(world, get_training(world.viewer, id_, to_edit=True), how)

    step.__name__ = change.__name__
    return step


@edit
def move(world: World, training: TrainingSession, how: int) -> None:
    details = details_of(training).shifted(training.starts_at + timedelta(days=how - 3))
    series_service.edit_session(training, details, by=world.viewer, cohort=training.cohort)


@edit
def change_cohort(world: World, training: TrainingSession, how: int) -> None:
    cohort = ([None, *world.cohorts])[how % 3]
    cohort = db.session.get(Cohort, cohort.id) if cohort else None
    series_service.edit_session(training, details_of(training), by=world.viewer, cohort=cohort)


@edit
def change_leaders(world: World, training: TrainingSession, how: int) -> None:
    details = details_of(training)
    leaders = tuple(user.id for n, user in enumerate(world.leaders) if how >> n & 1)
    changed = SessionDetails(
        details.starts_at, details.ends_at, list(Mode)[how % 3], details.room_id, details.join_url, 1, 1,
        details.note, leaders,
    )  # fmt: skip
    series_service.edit_session(training, changed, by=world.viewer, cohort=training.cohort)


@edit
def cancel(world: World, training: TrainingSession, _how: int) -> None:
    series_service.cancel_session(training, "Sjukdom", by=world.viewer)


@edit
def restore(world: World, training: TrainingSession, _how: int) -> None:
    series_service.restore_session(training, by=world.viewer)


@edit
def book(world: World, training: TrainingSession, how: int) -> None:
    person = db.session.get_one(Person, world.people[how % 2].id)
    book_seat(training, person, Place.remote if training.mode == "digital" else Place.on_site)


@edit
def withdraw(world: World, training: TrainingSession, how: int) -> None:
    cancel_seat(training, db.session.get_one(Person, world.people[how % 2].id))


def enrol_someone(world: World, which: int, how: int) -> None:
    series = get_series(world.viewer, world.series.id, to_edit=True)
    enrol(series, [(db.session.get_one(Person, world.people[which % 2].id), series.cohorts[how % 2])])


def change_companies(world: World, which: int, how: int) -> None:
    series = get_series(world.viewer, world.series.id, to_edit=True)
    cohort = series.cohorts[which % 2]
    companies = [db.session.get_one(Company, row.id) for n, row in enumerate(world.companies) if how >> n & 1]
    series_service.edit_cohort(cohort, series, cohort.name, companies, note="")


def change_neighbours(world: World, which: int, how: int) -> None:
    series = get_series(world.viewer, world.series.id, to_edit=True)
    title = world.name("Serie") if how % 2 else series.title
    texts = SeriesTexts(title, competences=("1.1",) if which % 2 else ("2.1",))
    neighbours = make.municipalities(make.NORA) if how % 3 else []
    series_service.edit_series(series, texts, by=world.viewer, neighbours=neighbours)


def rename_leader(world: World, which: int, _how: int) -> None:
    rename(db.session.get_one(User, world.leaders[which % 2].id), world.name("Handledare"))


def rename_things(world: World, which: int, _how: int) -> None:
    rows = [world.organisation, world.companies[0], world.cohorts[0]]
    row = rows[which % 3]
    db.session.get_one(type(row), row.id).name = world.name("Namn")


def rename_place(world: World, which: int, how: int) -> None:
    """The venue, its address or the room: all of them stand in LOCATION."""
    if which % 2:
        room = db.session.scalars(
            sa.select(Room).where(Room.id == world.room.id).options(selectinload(Room.venue))
        ).one()
        edit_room(room, world.name("Rum"), room.capacity, by=world.viewer)
        return
    venue = db.session.get_one(Venue, world.venue.id)
    name, address = (world.name("Hus"), venue.address) if how % 2 else (venue.name, world.name("Gatan"))
    details = VenueDetails(name, venue.municipality_code, address, position="59.59, 15.23" if how % 3 else "")
    edit_venue(venue, details, by=world.viewer)


def rename_step(world: World, which: int, how: int) -> None:
    series = get_series(world.viewer, world.series.id, to_edit=True)
    step = series.steps[which % len(series.steps)]
    texts = StepTexts(world.name("Steg"), step.minutes, Mode(step.mode), goals=f"Mål {how}")
    series_service.edit_step(step, texts, by=world.viewer)


def change_served(world: World, _which: int, how: int) -> None:
    organisation = db.session.scalars(
        sa.select(Organisation)
        .where(Organisation.id == world.organisation.id)
        .options(selectinload(Organisation.municipalities))
        .execution_options(populate_existing=True)
    ).one()
    organisation.municipalities = make.municipalities(make.LINDESBERG, *([make.NORA] if how % 2 else []))


STEPS = [
    place, place, move, change_cohort, change_leaders, cancel, restore, book, withdraw, enrol_someone,
    change_companies, change_neighbours, rename_leader, rename_things, rename_place, rename_step,
    change_served,
]  # fmt: skip


# --- what must hold after each ---


class Seen(NamedTuple):
    feed: FeedBody
    version: int


class Watcher:
    """Reads every subject's feeds and holds each reading against the one before."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen: dict[tuple[SubjectKey, Variant, Narrowing], Seen] = {}
        self.sequences: dict[tuple[SubjectKey, Narrowing, str], tuple[int, bytes]] = {}

    def look(self) -> None:
        for subject in self.world.subjects():
            private = not ScopeKind(subject.scope).is_public
            for narrowing in (Narrowing(), DIGITAL, OPEN):
                self._compare(subject, Variant(private=private), narrowing)
        self._stored_is_fresh()

    def _compare(self, subject: SubjectKey, variant: Variant, narrowing: Narrowing) -> None:
        key = (subject, variant, narrowing)
        stamp = queries.stamp_of(subject)
        now_ = Seen(queries.read_feed(subject, variant, narrowing, today(), stamp), stamp.version)
        found = queries.find_subject(ScopeKind(subject.scope), subject.key)
        assert stamp.name in {None, found.name if found else None}
        before = self.seen.get(key)
        if before is not None:
            differs = before.feed.body != now_.feed.body
            assert differs == (before.feed.tag != now_.feed.tag)
            assert not differs or now_.version > before.version, f"{subject} changed, its version did not"
        self.seen[key] = now_
        self._events_go_forward(subject, narrowing, now_.feed.body)

    def _events_go_forward(self, subject: SubjectKey, narrowing: Narrowing, body: bytes) -> None:
        events = icalendar.Calendar.from_ical(body).events
        uids = [str(event["UID"]) for event in events]
        assert len(set(uids)) == len(uids)
        known = {uid for place, kept, uid in self.sequences if (place, kept) == (subject, narrowing)}
        assert known <= set(uids), "a session vanished instead of being cancelled"
        for event in events:
            sequence, written = int(event["SEQUENCE"]), event.to_ical()
            before, as_written = self.sequences.get((subject, narrowing, str(event["UID"])), (-1, b""))
            assert sequence > before or written == as_written, "an event changed without raising SEQUENCE"
            self.sequences[subject, narrowing, str(event["UID"])] = sequence, written

    def _stored_is_fresh(self) -> None:
        ids = self.world.trainings
        members = {
            (SubjectKey(scope, key), id_)
            for scope, key, id_ in db.session.execute(
                sa.select(CalendarMember.scope, CalendarMember.key, CalendarMember.training_id)
            )
        }
        assert members == queries.find_members(ids)
        for id_, entry in queries.entries_of(ids).items():
            for variant in STORED_VARIANTS:
                row = db.session.scalars(
                    sa.select(StoredEvent)
                    .where(StoredEvent.id == event_id(variant.number, id_))
                    .execution_options(populate_existing=True)
                ).one()
                made = finished_event(entry, variant)
                assert (row.mark, row.body, row.alarm, row.source) == (
                    mark(entry, made), made.body, made.alarm, source(entry, LIBRARY),
                )  # fmt: skip


@contextmanager
def savepoint() -> Iterator[None]:
    """Whatever an example writes is gone after it."""
    db.session.remove()
    connection: Any = db.engine  # in a test it is the one connection that everything happens in
    outer = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        outer.rollback()


HISTORY = st.lists(
    st.tuples(st.sampled_from(STEPS), st.integers(0, 5), st.integers(0, 7)), min_size=1, max_size=12
)


@pytest.mark.usefixtures("app")
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=HISTORY)
@example(history=[(place, 0, 0), (rename_place, 1, 0), (rename_place, 0, 1), (rename_place, 0, 2)])
def test_feeds_stay_true_through_any_history(history: list[tuple[Any, int, int]]) -> None:
    with savepoint():
        check(history)


def check(history: list[tuple[Any, int, int]]) -> None:
    here = world()
    watcher = Watcher(here)
    watcher.look()
    for number, (step, which, how) in enumerate(history):
        db.session.expire_all()
        with clock.frozen(NOW + timedelta(hours=number)):
            try:
                with unit_of_work():
                    step(here, which, how)
            except RefusedError:
                here.trainings = list(db.session.scalars(sa.select(TrainingSession.id)))
            watcher.look()


@pytest.mark.usefixtures("app")
def test_a_narrowed_feed_keeps_what_fits_and_tells_what_no_longer_does() -> None:
    here = world()
    for how in range(3):
        with unit_of_work():
            place(here, 0, how)  # on site, digital, hybrid
    subject = SubjectKey(ScopeKind.SERIES, here.series.key)

    def told(narrowing: Narrowing) -> dict[str, str]:
        db.session.expire_all()
        body = feed_bytes(subject.scope, subject.key, Variant(), narrowing)
        return {
            str(event["UID"]).split("@")[0]: str(event["STATUS"])
            for event in icalendar.Calendar.from_ical(body).events
        }

    uids = [db.session.get_one(TrainingSession, id_).uid for id_ in here.trainings]
    digital = next(n for n in range(3) if list(Mode)[n] is Mode.DIGITAL)
    assert told(DIGITAL) == {uids[digital]: "CONFIRMED"}
    assert told(OPEN) == dict.fromkeys(uids, "CONFIRMED")
    with unit_of_work():
        change_leaders(here, digital, (digital + 1) % 3)  # no longer digital
        book(here, list(Mode).index(Mode.ON_SITE), 0)  # the only seat there
    assert told(DIGITAL) == {uids[digital]: "CANCELLED"}
    assert told(OPEN)[uids[list(Mode).index(Mode.ON_SITE)]] == "CANCELLED"
    assert set(told(Narrowing()).values()) == {"CONFIRMED"}


def test_the_narrowing_scopes_have_no_address(app: Flask) -> None:
    assert NARROWING_SCOPES.isdisjoint(set(ScopeKind))

from __future__ import annotations

from typing import Any

from flask import Flask

from planner.base.db import db
from planner.base.interval import Interval
from planner.scheduling import queries
from planner.scheduling.rules import NEW, Booking, Party, Proposal, Room, Source
from planner.series.rules import SessionDetails
from tests import factories as make
from tests.scheduling.common import Scene, details, scene, utc


def booking_for(here: Scene, made: SessionDetails, cohort_id: int | None = None) -> Booking:
    proposed = Proposal(NEW, here.series.id, cohort_id, "Step 1", here.series.title, made)
    return queries.bookings_of([proposed])[0]


def test_bookings_of_names_room_people_and_companies(app: Flask) -> None:
    here = scene()
    made = details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id, facilitator_ids=(here.account.id,))
    assert booking_for(here, made, here.cohort.id) == Booking(
        NEW,
        Interval(utc(10, 13, 11), utc(10, 13, 13)),
        "Step 1",
        here.series.title,
        (Party(here.account.id, "Olle Planner"),),
        Room(here.room.id, "Hyttan", 20),
        (Party(here.company.id, "Verkstaden AB"),),
    )


def test_a_session_open_to_all_takes_up_the_companies_of_every_cohort(app: Flask) -> None:
    here = scene()
    other = make.company(name="Bageriet AB")
    make.cohort(here.series, other, here.company, name="Food")
    booking = booking_for(here, details(utc(10, 13, 11), utc(10, 13, 13)))
    assert booking.companies == (Party(other.id, "Bageriet AB"), Party(here.company.id, "Verkstaden AB"))


def found(here: Scene, booking: Booking) -> list[tuple[str, str]]:
    return [(b.title, b.series_title) for b in queries.bookings_in_the_way(here.viewer, [booking])]


def test_bookings_that_overlap_and_share_something_are_found(app: Flask) -> None:
    here = scene(title="Ours")
    asked = booking_for(here, details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id))
    make.training(here.series, utc(10, 13, 10), room_id=here.room.id)
    make.training(here.series, utc(10, 13, 9), room_id=here.room.id)  # ends as ours begins
    make.training(here.series, utc(10, 13, 12), room_id=make.room().id, cohort_id=make.cohort(here.series).id)
    make.training(here.series, utc(10, 13, 12), room_id=here.room.id, cancelled_at=utc(10, 1, 1))
    assert found(here, asked) == [("Step 1", "Ours")]


def test_another_municipalitys_draft_is_a_time_without_a_title(app: Flask) -> None:
    here = scene()
    there = make.series(code=make.OREBRO, title="Secret")
    training = make.training(there, utc(10, 13, 12), room_id=here.room.id)
    asked = booking_for(here, details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id))
    found = queries.bookings_in_the_way(here.viewer, [asked])
    assert [(b.title, b.series_title, b.source) for b in found] == [("", "", Source())]
    assert found[0].interval == Interval(training.starts_at, training.ends_at)


def test_a_published_session_elsewhere_is_told_of_by_its_public_page(app: Flask) -> None:
    here = scene()
    there = make.published_series(code=make.OREBRO, title="Open", key="open")
    make.training(there, utc(10, 13, 12), room_id=here.room.id)
    asked = booking_for(here, details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id))
    found = queries.bookings_in_the_way(here.viewer, [asked])
    assert [(b.series_title, b.source) for b in found] == [("Open", Source(None, "open"))]


def test_a_company_is_found_in_another_series_cohort_and_open_session(app: Flask) -> None:
    here = scene()
    nora = make.published_series(code=make.NORA, title="Nora")
    cohort = make.cohort(nora, here.company)
    make.training(nora, utc(10, 13, 11), cohort_id=cohort.id)
    make.training(nora, utc(10, 13, 12))
    asked = booking_for(here, details(utc(10, 13, 11), utc(10, 13, 13)), here.cohort.id)
    assert found(here, asked) == [("Step 1", "Nora"), ("Step 1", "Nora")]


def test_bookings_take_as_many_queries_for_one_as_for_three(app: Flask, count_queries: Any) -> None:
    here = scene()
    asked = booking_for(
        here,
        details(utc(10, 13, 11), utc(10, 13, 13), room_id=here.room.id, facilitator_ids=(here.account.id,)),
        here.cohort.id,
    )

    def count() -> int:
        db.session.expire_all()
        with count_queries() as counted:
            queries.bookings_in_the_way(here.viewer, [asked])
        return len(counted)

    make.training(here.series, utc(10, 13, 12), room_id=here.room.id, facilitators=[here.account])
    once = count()
    for _ in range(2):
        other = make.published_series(code=make.NORA)
        make.training(
            other, utc(10, 13, 12), room_id=here.room.id, cohort_id=make.cohort(other, here.company).id
        )
    assert (once, count()) == (3, 3)


def test_rooms_and_facilitators_keep_what_the_session_already_has(app: Flask) -> None:
    here = scene()
    far_room = make.room(make.venue(make.STOCKHOLM))
    guest = make.user(name="Guest")
    rooms = queries.choosable_rooms(here.viewer, here.series, far_room.id)
    assert [room.id for room in rooms] == [here.room.id, far_room.id]
    people = queries.choosable_facilitators(here.viewer, here.series, [guest])
    assert [user.name for user in people] == ["Guest", "Olle Planner"]


def test_placed_leaves_out_cancelled(app: Flask) -> None:
    here = scene()
    make.training(here.series, utc(10, 13, 11), cohort_id=here.cohort.id)
    make.training(here.series, utc(10, 20, 11), cancelled_at=utc(10, 1, 1))
    placed = queries.list_placed(here.series)
    assert [(one.step_id, one.cohort_id) for one in placed] == [(here.series.steps[0].id, here.cohort.id)]

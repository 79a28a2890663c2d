from __future__ import annotations

from datetime import timedelta

import pytest

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Role
from planner.directory.queries import get_room, list_organisations_of
from planner.directory.rules import VenueDetails
from planner.directory.service import venues
from planner.series import queries, service
from planner.series.models import Series, TrainingSession
from planner.series.queries import SessionFilter
from planner.series.rules import SeriesTexts, SessionDetails, StepTexts
from planner.series.service.sessions import details_of
from planner.series_templates.rules import Mode
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")


def plan() -> tuple[Series, TrainingSession]:
    series = make.published_series(steps=3)
    details = SessionDetails(now() + timedelta(days=7), now() + timedelta(days=7, hours=2), Mode.DIGITAL)
    shown = loaded(series)
    return shown, service.place_session(shown, shown.steps[0], None, details, by=PLANNER)


PLANNER = make.Viewer(None, "Planner")


def loaded(series: Series) -> Series:
    found = db.session.scalar(
        queries.select(Series)
        .where(Series.id == series.id)
        .options(*queries.SERIES_LOADS)
        .execution_options(populate_existing=True)
    )
    assert found is not None
    return found


def test_a_new_session_starts_at_sequence_zero_with_a_uid_of_its_own() -> None:
    _, first = plan()
    _, second = plan()
    assert (first.sequence, second.sequence) == (0, 0)
    assert first.uid != second.uid


def test_every_change_calendars_show_raises_sequence_and_stamp_and_keeps_uid() -> None:
    series, training = plan()
    uid, seen = training.uid, [(training.sequence, training.revised_at)]
    later = details_of(training).shifted(training.starts_at + timedelta(days=1))
    service.edit_session(training, later, by=PLANNER)
    seen.append((training.sequence, training.revised_at))
    service.cancel_session(training, "Ill", by=PLANNER)
    seen.append((training.sequence, training.revised_at))
    service.restore_session(training, by=PLANNER)
    seen.append((training.sequence, training.revised_at))
    service.edit_step(series.steps[0], StepTexts("New title", 120, Mode.ON_SITE), by=PLANNER)
    seen.append((training.sequence, training.revised_at))
    service.edit_series(series, SeriesTexts("New name"), by=PLANNER)
    seen.append((training.sequence, training.revised_at))
    assert [sequence for sequence, _ in seen] == [0, 1, 2, 3, 4, 5]
    assert [at for _, at in seen] == sorted({at.replace(microsecond=0) for _, at in seen} | {seen[0][1]})
    assert training.uid == uid


def test_an_edit_that_changes_nothing_visible_keeps_the_sequence() -> None:
    _, training = plan()
    details = details_of(training)
    service.edit_session(training, details, by=PLANNER)
    assert (training.sequence, queries.list_changes(training)[0].what) == (0, "placed")


def test_cancelling_takes_a_reason_and_happens_once() -> None:
    _, training = plan()
    with pytest.raises(RefusedError) as refusal:
        service.cancel_session(training, "", by=PLANNER)
    assert refusal.value.field == "reason"
    service.cancel_session(training, "Ill", by=PLANNER)
    with pytest.raises(RefusedError):
        service.cancel_session(training, "Ill", by=PLANNER)


def test_mode_decides_what_is_kept() -> None:
    _, training = plan()
    room = make.room()
    details = SessionDetails(
        training.starts_at, training.ends_at, Mode.ON_SITE, room.id, "https://x.test", 10, 5
    )
    service.edit_session(training, details, by=PLANNER)
    assert (training.room_id, training.join_url, training.seats_on_site, training.seats_remote) == (
        room.id, "", 10, None,
    )  # fmt: skip


def test_steps_move_and_close_up() -> None:
    series = loaded(make.series(steps=4))
    service.move_step(series, series.steps[3], 1, by=PLANNER)
    assert [(step.key, step.position) for step in series.steps] == [
        ("s4", 1),
        ("s1", 2),
        ("s2", 3),
        ("s3", 4),
    ]
    service.remove_step(series, series.steps[1])
    assert [(step.key, step.position) for step in series.steps] == [("s4", 1), ("s2", 2), ("s3", 3)]


def test_a_step_with_sessions_stays() -> None:
    series, _ = plan()
    with pytest.raises(RefusedError):
        service.remove_step(series, series.steps[0])


def test_publishing_needs_a_step_and_the_right() -> None:
    empty = loaded(make.series(steps=0))
    planner = make.viewer_of(make.organiser(make.LINDESBERG))
    with pytest.raises(RefusedError):
        service.publish_series(empty, by=planner)
    stranger = make.viewer_of(make.organiser(make.OREBRO))
    with pytest.raises(NotAllowedError):
        service.publish_series(loaded(make.series()), by=stranger)


def test_a_published_series_with_sessions_stays_published() -> None:
    series, _ = plan()
    with pytest.raises(RefusedError):
        service.unpublish_series(series)


def test_a_series_is_made_only_where_ones_organisation_serves() -> None:
    planner = make.organiser(make.LINDESBERG)
    viewer = make.viewer_of(planner)
    organisation = list_organisations_of(viewer.organisations())[0]
    (nora,) = make.municipalities(make.NORA)
    with pytest.raises(NotAllowedError):
        service.create_series(SeriesTexts("X"), organisation, nora, by=viewer)


def test_cohort_names_are_unique_in_a_series() -> None:
    series = loaded(make.series())
    service.create_cohort(series, "Industry", [])
    with pytest.raises(RefusedError) as refusal:
        service.create_cohort(series, "INDUSTRY", [])
    assert refusal.value.field == "name"


def test_session_filter_narrows_each_way() -> None:
    company, other = make.company(), make.company()
    leader = make.user((Role.facilitator, make.organisation()))
    series = make.published_series(competences=["1.1"])
    cohort = make.cohort(series, company)
    closed = make.training(series, cohort_id=cohort.id, mode="digital")
    open_one = make.training(series, now() + timedelta(days=9), facilitators=[leader])
    draft = make.training(make.series())
    assert uids(SessionFilter(series_id=series.id)) == [closed.uid, open_one.uid]
    assert uids(SessionFilter(company_id=company.id)) == [closed.uid, open_one.uid]
    assert uids(SessionFilter(company_id=other.id)) == []
    assert uids(SessionFilter(facilitator_id=leader.id)) == [open_one.uid]
    assert uids(SessionFilter(mode="digital", series_id=series.id)) == [closed.uid]
    assert uids(SessionFilter(competence_id="1.1")) == [closed.uid, open_one.uid]
    assert uids(SessionFilter(competence_id="2.1")) == []
    assert uids(SessionFilter(municipality_codes=frozenset({make.NORA}))) == []
    assert uids(SessionFilter(county_code="18", after=now() + timedelta(days=8))) == [open_one.uid]
    assert draft.uid not in uids(SessionFilter())
    assert draft.uid in uids(SessionFilter(published_only=False))


def uids(wanted: SessionFilter) -> list[str]:
    return [training.uid for training in queries.list_trainings(wanted)]


@pytest.mark.parametrize("count", [1, 3])
def test_listing_sessions_takes_the_same_statements_whatever_their_number(count: int, count_queries) -> None:  # type: ignore[no-untyped-def]
    series = make.published_series()
    cohort = make.cohort(series, make.company())
    leader = make.user()
    for day in range(count):
        start = now() + timedelta(days=day + 1)
        make.training(series, start, cohort_id=cohort.id, room_id=make.room().id, facilitators=[leader])
    db.session.expunge_all()
    with count_queries() as counted:
        queries.list_trainings(SessionFilter(series_id=series.id))
    assert len(counted) == 4


def test_a_renamed_venue_or_room_reaches_the_sessions_there_and_no_others() -> None:
    planner = make.viewer_of(make.organiser(make.LINDESBERG))
    place = make.venue(name="Old")
    room, elsewhere = make.room(place), make.room()
    series = make.published_series()
    there, other = make.training(series, room_id=room.id), make.training(series, room_id=elsewhere.id)
    venues.edit_venue(place, VenueDetails("New", make.LINDESBERG), by=planner)
    venues.edit_room(get_room(planner, room.id), "Big hall", 20, by=planner)
    venues.edit_room(get_room(planner, room.id), "Big hall", 30, by=planner)
    assert (there.sequence, other.sequence) == (2, 0)

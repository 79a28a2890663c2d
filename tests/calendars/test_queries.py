"""What each scope's feed tells, and to whom it may be given."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.viewer import ANONYMOUS, Role
from planner.calendars import queries
from planner.calendars.rules import ScopeKind, Variant
from planner.series.models import TrainingSession
from tests import factories as make
from tests.calendars.common import feed_bytes

pytestmark = pytest.mark.usefixtures("app")
LINK = "https://meet.example/rum-8"


def uids(scope: ScopeKind, key: object) -> list[str]:
    body = feed_bytes(scope, str(key), Variant(private=not scope.is_public))
    return [str(event["UID"]).split("@")[0] for event in icalendar.Calendar.from_ical(body).events]


def test_each_scope_tells_its_own_sessions_in_time_order() -> None:
    hub = make.organisation(make.LINDESBERG, make.NORA, kind="municipality")
    company, other = make.company(), make.company()
    leader = make.user((Role.facilitator, hub))
    here = make.published_series(hub, make.LINDESBERG, competences=["1.1", "4.2"])
    there = make.published_series(code=make.NORA, competences=["2.1"])
    far = make.published_series(code=make.STOCKHOLM)
    cohort, second = make.cohort(here, company), make.cohort(here, other)
    at = now() + timedelta(days=3)
    a = make.training(here, at, cohort_id=cohort.id)
    b = make.training(here, at + timedelta(days=1), cohort_id=second.id)
    c = make.training(here, at + timedelta(days=2), facilitators=[leader])
    d = make.training(there, at + timedelta(days=3))
    make.training(far, at)
    expected = {
        (ScopeKind.SERIES, here.key): [a, b, c],
        (ScopeKind.COHORT, cohort.id): [a],
        (ScopeKind.MUNICIPALITY, make.LINDESBERG): [a, b, c],
        (ScopeKind.MUNICIPALITY, make.NORA): [d],
        (ScopeKind.COORDINATED, make.LINDESBERG): [a, b, c, d],
        (ScopeKind.COUNTY, "18"): [a, b, c, d],
        (ScopeKind.ORGANISATION, hub.id): [a, b, c],
        (ScopeKind.COMPANY, company.id): [a, c],
        (ScopeKind.FACILITATOR, leader.id): [c],
        (ScopeKind.COMPETENCE_AREA, "1"): [a, b, c],
        (ScopeKind.COMPETENCE_AREA, "4.2"): [a, b, c],
        (ScopeKind.COMPETENCE_AREA, "2"): [d],
        (ScopeKind.COMPETENCE_AREA, "5"): [],
    }
    told = {(scope, key): uids(scope, key) for scope, key in expected}
    assert told == {place: [training.uid for training in those] for place, those in expected.items()}


def test_a_neighbour_sees_the_series_it_takes_part_in() -> None:
    series = make.published_series(neighbours=make.municipalities(make.NORA))
    training = make.training(series)
    assert uids(ScopeKind.MUNICIPALITY, make.NORA) == [training.uid]


def test_a_draft_is_in_no_feed() -> None:
    hub = make.organisation()
    company, leader = make.company(), make.user((Role.facilitator, hub))
    draft = make.series(hub, competences=["1.1"])
    cohort = make.cohort(draft, company)
    make.training(draft, cohort_id=cohort.id, facilitators=[leader])
    assert queries.find_subject(ScopeKind.SERIES, draft.key) is None
    places = [
        (ScopeKind.COHORT, cohort.id), (ScopeKind.MUNICIPALITY, make.LINDESBERG), (ScopeKind.COUNTY, "18"),
        (ScopeKind.COORDINATED, make.LINDESBERG), (ScopeKind.ORGANISATION, hub.id),
        (ScopeKind.COMPANY, company.id), (ScopeKind.FACILITATOR, leader.id), (ScopeKind.COMPETENCE_AREA, "1"),
    ]  # fmt: skip
    assert [uids(scope, key) for scope, key in places] == [[]] * len(places)


@pytest.mark.parametrize(
    ("scope", "key"),
    [
        (ScopeKind.SERIES, "no-such-series"),
        (ScopeKind.MUNICIPALITY, "9999"),
        (ScopeKind.COUNTY, "99"),
        (ScopeKind.ORGANISATION, "99999999999999999999"),
        (ScopeKind.ORGANISATION, "-1"),
        (ScopeKind.COMPANY, "x"),
        (ScopeKind.COMPETENCE_AREA, "9"),
        (ScopeKind.SESSION, "1"),
        (ScopeKind.MUNICIPALITY, "å" * 500),
        (ScopeKind.MUNICIPALITY, ""),
        (ScopeKind.SERIES, "a\x00b"),
    ],
)
def test_no_subject_for_an_unknown_key(scope: ScopeKind, key: str) -> None:
    assert queries.find_subject(scope, key) is None


def test_an_id_is_written_one_way_only() -> None:
    company = make.company()
    assert queries.find_subject(ScopeKind.COMPANY, f"0{company.id}") is None


def test_an_entry_says_what_the_session_is() -> None:
    venue = make.venue(
        name="Masugnen", address="Kristinavägen 1, Lindesberg", latitude=59.59, longitude=15.22
    )
    leader = make.user(name="Åsa Öberg")
    series = make.published_series(title="Digital kompetens")
    training = make.training(
        series, mode="hybrid", room_id=make.room(venue, name="Salen").id, join_url=LINK, note="Ta med lunch",
        facilitators=[leader], sequence=4,
    )  # fmt: skip
    subject = queries.find_subject(ScopeKind.SERIES, series.key)
    assert subject is not None
    entry = queries.entry_of(training)
    assert (entry.uid, entry.sequence, entry.revised_at) == (
        f"{training.uid}@stegvis.example", 4, training.revised_at,
    )  # fmt: skip
    assert (entry.summary, entry.step) == ("Step 1 · Digital kompetens", "1. Step 1")
    assert entry.place == "Salen, Masugnen, Kristinavägen 1, Lindesberg"
    assert entry.position == (59.59, 15.22)
    assert (entry.facilitators, entry.join_url, entry.note) == (("Åsa Öberg",), LINK, "Ta med lunch")
    assert entry.categories == ("Lindesberg",)
    assert subject.title("sv") == "Digital kompetens, Lindesberg"


def test_joining_links_and_names_are_told_in_private_feeds_only() -> None:
    company, leader = make.company(), make.user(name="Handledare Ett")
    series = make.published_series()
    cohort = make.cohort(series, company)
    make.training(series, mode="digital", join_url=LINK, cohort_id=cohort.id, facilitators=[leader])
    public = feed_bytes(ScopeKind.SERIES, series.key, Variant())
    private = feed_bytes(ScopeKind.COMPANY, str(company.id), Variant(private=True))
    told = [
        (LINK.encode() in body.replace(b"\r\n ", b""), b"Handledare Ett" in body)
        for body in (public, private)
    ]
    assert told == [(False, False), (True, True)]


@pytest.mark.parametrize(("days", "told"), [(30, True), (31, False)])
def test_a_cancelled_session_is_kept_thirty_days(
    days: int, told: bool, at: Callable[[datetime], Any]
) -> None:
    series = make.published_series()
    starts_at = now() + timedelta(days=7)
    training = make.training(series, starts_at, cancelled_at=now(), cancel_reason="Sjukdom")
    held = make.training(series, starts_at)
    with at(starts_at + timedelta(days=days)):
        kept = [training.uid] if told else []
        assert sorted(uids(ScopeKind.SERIES, series.key)) == sorted([*kept, held.uid])


def test_the_window_is_ninety_days_back_and_all_ahead() -> None:
    series = make.published_series()
    old = datetime(2026, 7, 7, 22, tzinfo=UTC)  # midnight between 7 and 8 July, 90 days before 6 October
    kept = make.training(series, old)
    make.training(series, old - timedelta(minutes=1))
    ahead = make.training(series, now() + timedelta(days=900))
    assert uids(ScopeKind.SERIES, series.key) == [kept.uid, ahead.uid]


def test_equal_data_gives_equal_bytes_all_day(at: Callable[[datetime], Any]) -> None:
    series = make.published_series(title="Åtgärder för ökad lönsamhet")
    for n in range(3):
        make.training(series, now() + timedelta(days=n))
    morning = feed_bytes(ScopeKind.SERIES, series.key, Variant())
    with at(datetime(2026, 10, 6, 21, 59, tzinfo=UTC)):
        night = feed_bytes(ScopeKind.SERIES, series.key, Variant())
    assert morning == night
    assert "Åtgärder för ökad lönsamhet".encode() in morning.replace(b"\r\n ", b"")


def test_a_feed_takes_the_same_number_of_statements_whatever_its_size(
    count_queries: Callable[[], Any],
) -> None:
    taken = []
    series = make.published_series()
    leader = make.user()
    for _count in range(3):
        make.training(series, room_id=make.room().id, facilitators=[leader])
        with count_queries() as statements:
            feed_bytes(ScopeKind.SERIES, series.key, Variant())
        taken.append(len(statements))
    assert taken[0] == taken[2] <= 5


def who_may(scope: ScopeKind, key: object, *users: User) -> list[bool]:
    subject = queries.find_subject(scope, str(key))
    assert subject is not None
    viewers = [make.viewer_of(user) for user in users]
    return [queries.may_subscribe(viewer, subject) for viewer in (ANONYMOUS, *viewers)]


def test_who_may_have_a_companys_feed() -> None:
    hub, away = make.organisation(make.LINDESBERG), make.organisation(make.OREBRO)
    roles = [make.user((role, hub)) for role in Role]  # owner, organiser, facilitator, guide, reader
    elsewhere = make.user((Role.owner, away))
    expected = [False, True, True, False, True, False, False]
    assert who_may(ScopeKind.COMPANY, make.company().id, *roles, elsewhere) == expected


def test_who_may_have_a_facilitators_feed() -> None:
    hub, away = make.organisation(), make.organisation()
    own = make.user((Role.facilitator, hub))
    others = [make.user((role, hub)) for role in (Role.owner, Role.organiser, Role.facilitator, Role.guide)]
    elsewhere = make.user((Role.owner, away))
    assert who_may(ScopeKind.FACILITATOR, own.id, own, *others, elsewhere) == [
        False, True, True, True, False, False, False,
    ]  # fmt: skip


def test_who_may_have_a_cohorts_feed() -> None:
    hub = make.organisation(make.LINDESBERG)
    cohort = make.cohort(make.published_series(hub))
    users = make.user((Role.organiser, hub)), make.organiser(make.LINDESBERG), make.organiser(make.NORA)
    assert who_may(ScopeKind.COHORT, cohort.id, *users) == [False, True, True, False]


def test_anyone_may_have_a_public_one(app: Flask) -> None:
    assert who_may(ScopeKind.COUNTY, "18") == [True]


def test_trainings_are_entries_with_any_text() -> None:
    series = make.published_series(title="a" * 200)
    training: TrainingSession = make.training(series, note="rad ett\r\n\x07rad; två, \\n")
    body = feed_bytes(ScopeKind.SERIES, series.key, Variant())
    assert training.uid.encode() in body
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))

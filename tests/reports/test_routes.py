from __future__ import annotations

import csv
import io
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from planner.accounts.models import User
from planner.attendance import service
from planner.attendance.models import Presence
from planner.attendance.rules import MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role, Viewer
from planner.directory.models import Company, Person
from planner.reports import queries
from planner.reports.rules import Figure, FigureFilter, Level
from planner.series.models import TrainingSession
from tests import factories as make

SignIn = Callable[[User], FlaskClient]
EVERYTHING = FigureFilter()


def note(training: TrainingSession, person: Person, minutes: int = 120, place: str = "on_site") -> None:
    verdict = Verdict.present if minutes else Verdict.absent
    wanted = MarkInput(verdict, minutes, Place(place), str(uuid.uuid4()))
    with unit_of_work():
        service.mark(training, person, wanted, by=Viewer(None, "Anna"), via=Via.roster)


def held(days: int = 7, **values: Any) -> TrainingSession:
    return make.training(make.published_series(), now() - timedelta(days=days), mode="hybrid", **values)


def crowd(training: TrainingSession, count: int, company: Company, minutes: int = 120) -> list[Person]:
    people = [make.person(company) for _ in range(count)]
    for person in people:
        note(training, person, minutes)
    return people


def planner_of(*codes: str) -> Viewer:
    return make.viewer_of(make.organiser(*codes))


def told(rows: list[Figure]) -> list[tuple[str, int, int, int, int]]:
    return [(row.name, row.sessions, row.expected, row.attended, row.minutes) for row in rows]


def figures(viewer: Viewer, level: Level, wanted: FigureFilter = EVERYTHING) -> list[Figure]:
    return queries.list_figures(viewer, level, wanted)[0]


def test_figures_count_who_was_expected_who_came_and_how_long(app: Flask) -> None:
    training = held()
    company = make.company(name="Bruket")
    here, away, never = (make.person(company) for _ in range(3))
    for person in (here, away, never):
        enrolment = make.enrolment(training.series, person)
        enrolment.created_at = now() - timedelta(days=30)
    late = make.person(company)
    make.enrolment(training.series, late)  # enrolled when it was over: did not stay away
    db.session.commit()
    note(training, here, 100, "remote")
    note(training, away, 0)
    [row] = figures(planner_of(), Level.company)
    assert told([row]) == [("Bruket", 1, 3, 1, 100)]
    assert (row.persons, row.attendees, row.on_site, row.remote, row.share) == (3, 1, 0, 1, 1 / 3)


def test_sessions_coming_or_cancelled_count_nowhere(app: Flask) -> None:
    series = make.published_series()
    make.enrolment(series, make.person()).created_at = now() - timedelta(days=30)
    make.training(series, now() + timedelta(days=1))
    make.training(series, now() - timedelta(days=3), cancelled_at=now())
    db.session.commit()
    assert queries.list_figures(planner_of(), Level.session, EVERYTHING) == ([], None, set())


def test_person_counts_to_the_companys_municipality(app: Flask) -> None:
    training = held()
    guest = make.person(make.company(make.NORA))
    guest.municipality_code = make.LINDESBERG
    db.session.commit()
    note(training, guest, 60)
    note(training, make.person(code=make.LINDESBERG), 30)
    viewer = planner_of(make.LINDESBERG, make.NORA)
    assert [(r.name, r.minutes) for r in figures(viewer, Level.municipality)] == [
        ("Lindesberg", 30),
        ("Nora", 60),
    ]
    assert [(r.name, r.detail) for r in figures(viewer, Level.company)][1] == (
        "Utan företag",
        "Lindesberg",
    )


def test_figures_are_of_own_series_and_own_people(app: Flask) -> None:
    own_series, elsewhere = (
        held(),
        make.training(make.published_series(code=make.OREBRO), now() - timedelta(days=2)),
    )
    note(own_series, make.person(make.company(make.STOCKHOLM)), 10)
    note(elsewhere, make.person(make.company(make.LINDESBERG)), 20)
    note(elsewhere, make.person(make.company(make.OREBRO)), 40)
    assert sum(row.minutes for row in figures(planner_of(), Level.municipality)) == 30
    wanted = FigureFilter(municipality=make.LINDESBERG)
    assert [row.minutes for row in figures(planner_of(), Level.municipality, wanted)] == [20]


def test_period_is_of_local_days_both_included(app: Flask) -> None:
    training = make.training(make.published_series(), now().replace(day=1, hour=22, minute=30), minutes=60)
    note(training, make.person(), 60)  # 00:30 on 2 October in Stockholm
    second = (now() + timedelta()).date().replace(day=2)
    first = second.replace(day=1)
    assert len(figures(planner_of(), Level.session, FigureFilter(second, second))) == 1
    assert figures(planner_of(), Level.session, FigureFilter(None, first)) == []


marks = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 240)), max_size=12)


@given(marks=marks)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hours_add_up_from_person_to_county(app: Flask, marks: list[tuple[int, int, int]]) -> None:
    if "world" not in app.extensions or app.extensions["world"][0] is not db.session.connection():
        codes = (make.LINDESBERG, make.LINDESBERG, make.NORA, make.STOCKHOLM)
        companies = [make.company(code) for code in codes]
        people = [make.person(company) for company in companies]
        people += [make.person(code=make.NORA), make.person(companies[0])]
        world = people, [held(7), held(14)], planner_of(make.LINDESBERG, make.NORA, make.STOCKHOLM)
        app.extensions["world"] = db.session.connection(), *world
    _connection, people, trainings, viewer = app.extensions["world"]
    db.session.execute(delete(Presence))
    true: dict[tuple[int, int], int] = {}
    for who, when, minutes in marks:
        if (who, when) not in true:
            true[who, when] = minutes
            note_fresh(trainings[when], people[who], minutes)
    rows = {level: figures(viewer, level) for level in Level}
    assert {level: sum(row.minutes for row in found) for level, found in rows.items()} == {
        level: sum(true.values()) for level in Level
    }
    for finer, coarser in ((Level.session, Level.series), (Level.company, Level.municipality)):
        sums: dict[Any, int] = defaultdict(int)
        for row in rows[finer]:
            sums[row.parent] += row.minutes
        assert sums == {row.key: row.minutes for row in rows[coarser]}
    assert sum(row.minutes for row in rows[Level.county]) == sum(true.values())


def note_fresh(training: TrainingSession, person: Person, minutes: int) -> None:
    """A current row with a line of its own, whatever the ledger had before."""
    from planner.attendance.models import PresenceEntry  # noqa: PLC0415 - only here

    entry = PresenceEntry(
        id=str(uuid.uuid4()), training_id=training.id, person_id=person.id, verdict="present", minutes=minutes,
        place="on_site", via="roster", by_name="Anna", noted_at=now(), received_at=now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    row = Presence(
        training_id=training.id, person_id=person.id, entry_id=entry.id, verdict="present",
        minutes=minutes, place="on_site",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.expunge(row)


# --- what is hidden from those who only read -------------------------------------------------------


@pytest.fixture
def two_places(app: Flask) -> TrainingSession:
    """Six from Lindesberg's works, seven from its mill, and two from Nora."""
    training = held()
    crowd(training, 6, make.company(name="Bruket"))
    crowd(training, 7, make.company(name="Sågen"))
    crowd(training, 2, make.company(make.NORA, name="Lilla verkstan"), minutes=90)
    return training


def rows_of(client: FlaskClient, **asked: str) -> list[dict[str, str]]:
    answer = client.get("/figures.csv", query_string=asked)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("role", [Role.reader, Role.guide, Role.facilitator])
def test_sums_of_few_are_hidden_and_cannot_be_worked_out(
    two_places: TrainingSession, sign_in: SignIn, role: str
) -> None:
    client = sign_in(make.user((role, make.organisation(make.LINDESBERG, make.NORA))))
    page = client.get("/figures?by=municipality").text
    assert "Sums of fewer than 5 persons are hidden." in page
    hours = {row["Name"]: row["Participant hours"] for row in rows_of(client, by="municipality")}
    assert hours == {"Lindesberg": "hidden", "Nora": "<5", "In all": "29,00"}
    companies = {row["Name"]: row["Participant minutes"] for row in rows_of(client, by="company")}
    assert companies == {"Bruket": "hidden", "Lilla verkstan": "<5", "Sågen": "840", "In all": "1740"}
    narrowed = rows_of(client, by="municipality", municipality=make.LINDESBERG)
    assert {row["Name"]: row["Participant hours"] for row in narrowed} == {
        "Lindesberg": "hidden",
        "In all": "29,00",
    }
    assert [row["On site"] for row in narrowed] == ["hidden", ""]
    said = "is of all municipalities"
    assert said not in page
    assert said in client.get(f"/figures?municipality={make.LINDESBERG}").text


def test_few_in_all_are_hidden_in_all(app: Flask, sign_in: SignIn) -> None:
    crowd(held(), 4, make.company())
    client = sign_in(make.user((Role.reader, make.organisation())))
    for by in ("session", "series", "company", "municipality", "county"):
        shown = rows_of(client, by=by)
        assert {row["Present"] for row in shown} == {"<5"}
        assert "480" not in client.get(f"/figures?by={by}").text.split("<main")[1]


def test_planner_sees_small_sums(two_places: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser(make.LINDESBERG, make.NORA))
    hours = {row["Name"]: row["Participant hours"] for row in rows_of(client, by="municipality")}
    assert hours == {"Lindesberg": "26,00", "Nora": "3,00", "In all": "29,00"}


def test_planner_who_only_reads_elsewhere_is_a_reader(two_places: TrainingSession, sign_in: SignIn) -> None:
    account = make.user(
        (Role.organiser, make.organisation(make.LINDESBERG)), (Role.reader, make.organisation(make.NORA))
    )
    hours = {row["Name"]: row["Participant hours"] for row in rows_of(sign_in(account), by="municipality")}
    assert hours == {"Lindesberg": "hidden", "Nora": "<5", "In all": "29,00"}


# --- pages ----------------------------------------------------------------------------------------


def test_file_runs_no_formula(app: Flask, sign_in: SignIn) -> None:
    crowd(held(), 1, make.company(name="=cmd|' /C calc'!A0"))
    rows = rows_of(sign_in(make.organiser()), by="company")
    assert rows[0]["Name"] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [("v. 39 2026", "v. 40 2026", 2), ("v. 40 2026", "", 1), ("", "2026-09-27", 1), ("1 jan 2027", "", 0)],
)
def test_period_is_typed_as_days_or_weeks(
    app: Flask, sign_in: SignIn, starts: str, ends: str, expected: int
) -> None:
    for days in (13, 7):  # Wednesday of week 39 and Tuesday of week 40
        crowd(held(days), 1, make.company())
    rows = rows_of(sign_in(make.organiser()), by="session", starts=starts, ends=ends)
    assert len([row for row in rows if row["Date"]]) == expected


@pytest.mark.parametrize(
    "asked", [{"starts": "soon"}, {"ends": "v. 60"}, {"starts": "v. 40", "ends": "v. 39"}]
)
def test_period_that_cannot_be_read_comes_back_with_a_sentence(
    app: Flask, sign_in: SignIn, asked: dict[str, str]
) -> None:
    client = sign_in(make.organiser())
    for path in ("/figures", "/figures.csv"):
        answer = client.get(path, query_string=asked)
        assert answer.status_code == 422
        assert all(typed in answer.text for typed in asked.values())


def test_figures_are_for_those_with_a_role(app: Flask, sign_in: SignIn, client: FlaskClient) -> None:
    assert client.get("/figures").status_code == 302
    assert sign_in(make.user()).get("/figures.csv").status_code == 403


@pytest.mark.parametrize("by", ["session", "series", "company", "municipality", "county"])
@pytest.mark.parametrize("role", [Role.organiser, Role.reader])
def test_figures_cost_the_same_with_one_and_with_three(
    app: Flask, sign_in: SignIn, count_queries: Callable[[], Any], role: str, by: str
) -> None:
    client = sign_in(make.user((role, make.organisation(make.LINDESBERG, make.NORA))))
    costs = []
    for more in (1, 2):
        for _ in range(more):
            crowd(held(), 1, make.company(make.NORA))
        db.session.expunge_all()
        with count_queries() as count:
            assert client.get(f"/figures?by={by}").status_code == 200
        costs.append(len(count))
    assert costs[0] == costs[1]

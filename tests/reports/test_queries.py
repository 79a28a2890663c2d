"""Figures in full: what counts, that sums are the ledger's, and that settled ones are the same as fresh ones."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text

from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.rules import Mark, Verdict, current_mark
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role, Viewer
from planner.reports import queries, service
from planner.reports.models import FirstSupport, SeriesAccount, SettledSession, TemplateAccount
from planner.reports.rules import Figure, FigureFilter, Level
from tests import factories as make
from tests.reports.parts import crowd, held, note, planner_of

EVERYTHING = FigureFilter()
LEVELS = [level for level in Level if level is not Level.total]


def figures(viewer: Viewer, level: Level, wanted: FigureFilter = EVERYTHING) -> list[Figure]:
    return queries.list_figures(viewer, level, wanted)[0]


def settle() -> int:
    with unit_of_work():
        return service.settle_held()


def test_figures_count_who_had_a_seat_who_came_and_how_long(app: Flask) -> None:
    training = held(seats_on_site=10, seats_remote=5)
    company = make.company(name="Bruket")
    here, away, ill, never = (make.person(company) for _ in range(4))
    for person in (here, away, ill, never):
        make.enrolment(training.series, person).created_at = now() - timedelta(days=30)
    late, guest = make.person(company), make.person(make.company())
    make.enrolment(training.series, late)  # enrolled when it was over: did not stay away
    make.reserved_seat(training, company)
    db.session.commit()
    note(training, here, 100, "remote")
    note(training, guest, 50)
    note(training, away, 0)
    note(training, ill, 0, verdict=Verdict.excused)
    row = figures(planner_of(), Level.company)[0]
    assert (row.name, row.sessions, row.persons, row.companies) == ("Bruket", 1, 1, 1)
    counts = row.counts
    assert (counts.booked, counts.used, counts.excused, counts.no_shows) == (5, 1, 1, 3)
    assert (counts.on_site, counts.remote, counts.minutes_on_site, counts.minutes_remote) == (0, 1, 0, 100)
    total = queries.list_figures(planner_of(), Level.session, EVERYTHING)[1]
    assert total is not None
    assert (total.persons, total.companies, total.offered, total.counts.minutes) == (2, 2, 15, 150)
    assert total.counts.no_show_share == 3 / 5


def test_sessions_coming_or_cancelled_count_nowhere(app: Flask) -> None:
    series = make.published_series()
    make.enrolment(series, make.person()).created_at = now() - timedelta(days=30)
    make.training(series, now() + timedelta(days=1))
    make.training(series, now() - timedelta(days=3), cancelled_at=now())
    db.session.commit()
    assert queries.list_figures(planner_of(), Level.session, EVERYTHING) == ([], None)


def test_person_counts_to_the_companys_municipality(app: Flask) -> None:
    training = held()
    guest = make.person(make.company(make.NORA))
    guest.municipality_code = make.LINDESBERG
    db.session.commit()
    note(training, guest, 60)
    note(training, make.person(code=make.LINDESBERG), 30)
    viewer = planner_of(make.LINDESBERG, make.NORA)
    found = [(row.name, row.counts.minutes) for row in figures(viewer, Level.municipality)]
    assert found == [("Lindesberg", 30), ("Nora", 60)]
    assert [(r.name, r.detail) for r in figures(viewer, Level.company)][1] == ("Utan företag", "Lindesberg")


def test_figures_are_of_own_series_and_own_people(app: Flask) -> None:
    own_series = held()
    elsewhere = make.training(make.published_series(code=make.OREBRO), now() - timedelta(days=2))
    note(own_series, make.person(make.company(make.STOCKHOLM)), 10)
    note(elsewhere, make.person(make.company(make.LINDESBERG)), 20)
    note(elsewhere, make.person(make.company(make.OREBRO)), 40)
    assert sum(row.counts.minutes for row in figures(planner_of(), Level.municipality)) == 30
    assert sum(row.persons for row in figures(planner_of(), Level.session)) == 2
    wanted = FigureFilter(municipality=make.LINDESBERG)
    assert [row.counts.minutes for row in figures(planner_of(), Level.municipality, wanted)] == [20]
    assert [row.counts.minutes for row in figures(planner_of(), Level.county, FigureFilter(county="01"))] == [
        10
    ]


def test_period_is_of_local_days_both_included(app: Flask) -> None:
    training = make.training(make.published_series(), now().replace(day=1, hour=22, minute=30), minutes=60)
    note(training, make.person(), 60)  # 00:30 on 2 October in Stockholm
    second = now().date().replace(day=2)
    first = second.replace(day=1)
    assert len(figures(planner_of(), Level.session, FigureFilter(second, second))) == 1
    assert figures(planner_of(), Level.session, FigureFilter(None, first)) == []


def test_months_are_of_the_clock_on_the_wall(app: Flask) -> None:
    last_of_august = now().replace(month=8, day=31, hour=21, minute=0)
    for at in (
        last_of_august,
        last_of_august + timedelta(hours=2),
    ):  # 23:00, and 01:00 on the first of September
        note(make.training(make.published_series(), at, minutes=60), make.person(), 60)
    assert [row.name for row in figures(planner_of(), Level.month)] == ["Augusti 2026", "September 2026"]
    assert [(row.name, row.persons) for row in figures(planner_of(), Level.year)] == [("2026", 2)]


def test_series_are_told_apart_by_template_project_and_type(app: Flask) -> None:
    version = make.published_template()
    mine = make.published_series(template_version_id=version.id)
    plain, green = make.published_series(), make.published_series()
    db.session.add(TemplateAccount(template_id=version.template_id, training_type="technical"))
    db.session.add(SeriesAccount(series_id=green.id, training_type="green", project_id=None))
    db.session.commit()
    for n, series in enumerate((mine, plain, green), start=1):
        note(make.training(series, now() - timedelta(days=2)), make.person(), 10 * n)
    viewer = planner_of()
    kinds = {row.key[0]: row.counts.minutes for row in figures(viewer, Level.kind)}
    assert kinds == {"technical": 10, "green": 30, "": 20}
    assert [row.counts.minutes for row in figures(viewer, Level.series, FigureFilter(kind="technical"))] == [
        10
    ]
    assert [row.counts.minutes for row in figures(viewer, Level.series, FigureFilter(kind=""))] == [20]
    wanted = FigureFilter(template=version.template_id)
    assert [row.counts.minutes for row in figures(viewer, Level.template, wanted)] == [10]
    assert [row.counts.minutes for row in figures(viewer, Level.project, FigureFilter(project=0))] == [60]


def test_drop_off_is_told_step_by_step(app: Flask) -> None:
    series = make.published_series()
    sessions = [
        make.training(series, now() - timedelta(days=20 - 7 * n), step_id=series.steps[n].id)
        for n in range(2)
    ]
    stayed, left = make.person(), make.person()
    note(sessions[0], stayed)
    note(sessions[0], left)
    note(sessions[1], stayed)
    viewer = planner_of()
    assert [(row.name, row.persons) for row in figures(viewer, Level.step)] == [("Steg 1", 2), ("Steg 2", 1)]
    assert queries.list_steps_done(viewer, EVERYTHING) == (2, 1)


def test_a_company_keeps_the_size_it_had_when_it_was_first_supported(app: Flask) -> None:
    small, unknown = (
        make.company(size_class="small", sni_version="SNI2025", sni_division="25"),
        make.company(),
    )
    for company in (small, unknown):
        crowd(held(), 1, company)
    settle()
    small.size_class = unknown.size_class = "large"
    db.session.commit()
    viewer = planner_of()
    assert {r.key[0]: r.companies for r in figures(viewer, Level.size)} == {"small": 1, "": 1}
    note(held(1), make.person(unknown))
    settle()
    assert {r.key[0]: r.companies for r in figures(viewer, Level.size)} == {"small": 1, "large": 1}
    kept = db.session.scalars(select(FirstSupport).where(FirstSupport.company_id == unknown.id)).one()
    assert kept.supported_at == now() - timedelta(days=7)
    assert next((r.name, r.detail) for r in figures(viewer, Level.sector)) == ("25 Tillverkning", "SNI2025")


# --- settled sums --------------------------------------------------------------------------------


def told(viewer: Viewer) -> dict[Level, Any]:
    return {level: queries.list_figures(viewer, level, EVERYTHING) for level in LEVELS}


def test_settled_sums_are_the_same_as_fresh_ones(app: Flask) -> None:
    training = held()
    for company in (make.company(), make.company(make.NORA)):
        for person in crowd(training, 3, company):
            make.enrolment(training.series, person).created_at = now() - timedelta(days=30)
    make.reserved_seat(training, make.company())
    note(held(2), make.person(), 30, "remote")
    db.session.commit()
    viewer = planner_of()
    fresh = told(viewer)
    assert (len(queries.list_stale()), settle(), settle()) == (2, 2, 0)
    db.session.execute(text("UPDATE settled_session SET settled_at = settled_at"))
    assert told(viewer) == fresh


def test_what_is_entered_moved_or_changes_company_is_summed_again(app: Flask, at: Any) -> None:
    training = held()
    company = make.company()
    first, second = crowd(training, 2, company)
    viewer = planner_of()
    with at(now() + timedelta(hours=1)):
        settle()
        assert queries.list_stale() == []
        note(training, first, 60)
        assert [row.counts.minutes for row in figures(viewer, Level.session)] == [180]
        settle()
    with at(now() + timedelta(hours=2)):
        settle()
        assert queries.list_stale() == []
        second.company_id = None
        db.session.commit()
        assert [row.counts.minutes for row in figures(viewer, Level.company)] == [60, 120]
        settle()
        training.ends_at = training.ends_at + timedelta(minutes=1)
        db.session.commit()
        assert queries.list_stale() == [training.id]


def test_nothing_entered_is_missed_when_there_is_too_much_to_settle_at_once(app: Flask, at: Any) -> None:
    old, person = held(3), make.person()
    note(old, person, 120)
    with at(now() + timedelta(hours=1)):
        settle()
    with at(now() + timedelta(hours=2)):
        note(old, person, 30)
        for days in (1, 2):
            note(held(days), make.person())
    with at(now() + timedelta(days=1)), unit_of_work():
        assert [service.settle_held(most=1), service.settle_held(most=1), service.settle_held(most=1)] == [
            1,
            1,
            0,
        ]
    with at(now() + timedelta(days=1)):
        assert sorted(row.counts.minutes for row in figures(planner_of(), Level.session)) == [30, 120, 120]


marks = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 1), st.integers(0, 240), st.sampled_from(["on_site", "remote"])
    ),
    max_size=14,
)


@given(marks=marks, to_settle=st.integers(0, 2))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_total_is_the_fold_over_the_ledger(
    app: Flask, marks: list[tuple[int, int, int, str]], to_settle: int
) -> None:
    if "world" not in app.extensions or app.extensions["world"][0] is not db.session.connection():
        codes = (make.LINDESBERG, make.LINDESBERG, make.NORA, make.STOCKHOLM)
        companies = [make.company(code) for code in codes]
        people = [make.person(company) for company in companies]
        people += [make.person(code=make.NORA), make.person(companies[0])]
        world = people, [held(7), held(40)], planner_of(make.LINDESBERG, make.NORA, make.STOCKHOLM)
        app.extensions["world"] = db.session.connection(), *world
    _connection, people, trainings, viewer = app.extensions["world"]
    db.session.execute(delete(Presence))
    db.session.execute(text("DELETE FROM presence_entry"))
    db.session.execute(delete(SettledSession))
    for row in [each for each in db.session if isinstance(each, (Presence, PresenceEntry, SettledSession))]:
        db.session.expunge(row)
    for n, (who, when, minutes, place) in enumerate(marks):
        if to_settle and n == len(marks) // 2:
            settle()
        note(trainings[when], people[who], minutes, place)
    if to_settle == 2:
        settle()
    entries: dict[tuple[int, int], list[Mark]] = defaultdict(list)
    for entry in db.session.scalars(select(PresenceEntry)):
        mark = Mark(
            entry.id, Verdict(entry.verdict), entry.minutes, entry.place, entry.noted_at, entry.received_at
        )
        entries[entry.training_id, entry.person_id].append(mark)
    stands = {pair: current_mark(found) for pair, found in entries.items()}
    came = {pair: mark for pair, mark in stands.items() if mark and mark.verdict is Verdict.present}
    for level in LEVELS:
        rows, total = queries.list_figures(viewer, level, EVERYTHING)
        assert sum(row.counts.minutes for row in rows) == sum(mark.minutes for mark in came.values())
        assert sum(row.counts.on_site for row in rows) == sum(m.place == "on_site" for m in came.values())
        assert sum(row.counts.attended for row in rows) == len(came)
        assert total is None or total.persons == len({person for _training, person in came})
        assert total is None or total.counts.minutes == sum(mark.minutes for mark in came.values())


@pytest.mark.parametrize("level", LEVELS)
def test_figures_cost_the_same_with_one_and_with_three(app: Flask, count_queries: Any, level: Level) -> None:
    viewer = planner_of(make.LINDESBERG, make.NORA)
    costs = []
    for more in (1, 2):
        for _ in range(more):
            crowd(held(), 1, make.company(make.NORA))
        db.session.expunge_all()
        with count_queries() as count:
            figures(viewer, level)
        costs.append(len(count))
    assert costs[0] == costs[1]


def test_the_grid_that_is_kept_is_the_one_that_would_be_made(app: Flask, at: Any) -> None:
    training = held(21)
    crowd(training, 6, make.company(size_class="small"))
    person = crowd(training, 2, make.company(make.NORA))[0]
    reader = make.viewer_of(make.user((Role.reader, make.organisation(make.LINDESBERG, make.NORA))))

    def told() -> list[Any]:
        return [queries.list_published(reader, level, EVERYTHING) for level in queries.READERS]

    with at(now() + timedelta(hours=1)):
        fresh = told()
        settle()
        with unit_of_work():
            assert [service.keep_grid(), service.keep_grid()] == [True, False]
        assert told() == fresh
        note(held(1), make.person())  # of a month that runs: the grid is not touched
        settle()
        with unit_of_work():
            assert service.keep_grid() is False
        note(training, person, 0)
        assert told() != fresh

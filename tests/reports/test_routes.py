"""The figures as pages and files: what planners and readers see of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role
from planner.series.models import TrainingSession
from tests import factories as make
from tests.reports.parts import crowd, held

SignIn = Callable[[User], FlaskClient]
READERS = (
    "municipality",
    "county",
    "month",
    "year",
    "series",
    "template",
    "project",
    "kind",
    "size",
    "sector",
)


@pytest.fixture
def two_places(app: Flask) -> TrainingSession:
    """In a month that is over: six from Lindesberg's works, seven from its mill, and two from Nora."""
    training = held(21)
    crowd(training, 6, make.company(name="Bruket"))
    crowd(training, 7, make.company(name="Sågen"))
    crowd(training, 2, make.company(make.NORA, name="Lilla verkstan"), minutes=90)
    return training


def rows_of(client: FlaskClient, **asked: str) -> list[dict[str, str]]:
    answer = client.get("/figures.csv", query_string=asked)
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def column(rows: list[dict[str, str]], name: str) -> dict[str, str]:
    return {row["Name"]: row[name] for row in rows}


@pytest.mark.parametrize("role", [Role.reader, Role.guide, Role.facilitator])
def test_sums_of_few_are_hidden_and_cannot_be_worked_out(
    two_places: TrainingSession, sign_in: SignIn, role: str
) -> None:
    client = sign_in(make.user((role, make.organisation(make.LINDESBERG, make.NORA))))
    assert "Sums of fewer than 5 are hidden" in client.get("/figures").text
    rows = rows_of(client)
    together = {"Lindesberg": "hidden", "Nora": "hidden", "Not told apart": "29,00", "In all": "29,00"}
    assert column(rows, "Hours on site") == together
    assert column(rows, "Times on site") == {**together, "Not told apart": "15", "In all": "15"}
    assert column(rows_of(client, by="county"), "Times on site") == {"Örebro län": "15", "In all": "15"}
    narrowed = rows_of(client, municipality=make.LINDESBERG)
    assert column(narrowed, "Times on site") == {"Lindesberg": "hidden", "In all": "hidden"}
    # Thirteen from Lindesberg may be told of companies' people, which no other number takes in.
    assert column(rows, "Persons") == {
        "Lindesberg": "hidden",
        "Nora": "hidden",
        "Not told apart": "15",
        "In all": "15",
    }


def test_readers_see_months_that_are_over(app: Flask, sign_in: SignIn) -> None:
    crowd(held(3), 9, make.company())  # in October, which runs
    crowd(held(21), 8, make.company())
    client = sign_in(make.user((Role.reader, make.organisation())))
    assert column(rows_of(client, by="month"), "Times on site") == {"September 2026": "8", "In all": "8"}
    assert rows_of(client, starts="2026-09", ends="2026-09")[-1]["Times on site"] == "8"
    for typed in ("2026-10", "v. 40", "2026-09-15"):
        assert client.get("/figures", query_string={"starts": typed}).status_code == 422


@pytest.mark.parametrize("by", ["session", "company", "step", "total", "nothing"])
def test_readers_are_not_given_what_is_finer(two_places: TrainingSession, sign_in: SignIn, by: str) -> None:
    client = sign_in(make.user((Role.reader, make.organisation(make.LINDESBERG, make.NORA))))
    answer = client.get("/figures", query_string={"by": by})
    assert answer.status_code == 422
    assert not {"Bruket", "Sågen", "Lilla verkstan"} & set(answer.text.split())


def test_few_in_all_are_hidden_in_all(app: Flask, sign_in: SignIn) -> None:
    crowd(held(21), 4, make.company())
    client = sign_in(make.user((Role.reader, make.organisation())))
    for by in READERS:
        told = {
            value
            for row in rows_of(client, by=by)
            for name, value in row.items()
            if name[:4] in ("Time", "Hour")
        }
        assert told <= {"hidden", "0", "0,00"}
        assert "480" not in client.get(f"/figures?by={by}").text.split("<main")[1]


def test_no_number_of_a_reader_is_below_five(app: Flask, sign_in: SignIn) -> None:
    for n, code in enumerate((make.LINDESBERG, make.NORA, make.HALLEFORS, make.STOCKHOLM)):
        training = held(21 + n)
        for count in (1, 3, 6):
            for person in crowd(training, count, make.company(code, size_class="small")):
                make.enrolment(training.series, person).created_at = now() - timedelta(days=40)
            make.seat(training, make.person(code=code))
    codes = (make.LINDESBERG, make.NORA, make.HALLEFORS, make.STOCKHOLM)
    client = sign_in(make.user((Role.reader, make.organisation(*codes))))
    for by in READERS:
        for asked in ({}, {"municipality": make.NORA}, {"county": "18"}, {"starts": "2026-09"}):
            for row in rows_of(client, by=by, **asked):
                numbers = [v for name, v in row.items() if name not in ("Name", "Belongs to", "Date")]
                assert [
                    v
                    for v in numbers
                    if v not in ("hidden", "") and 0 < float(v.strip("≥ ").replace(",", ".")) < 5
                ] == []


def test_readers_of_different_places_see_parts_of_the_same_grid(
    two_places: TrainingSession, sign_in: SignIn
) -> None:
    """Had Lindesberg's thirteen been shown to who sees only Lindesberg, two readers could subtract."""
    only = sign_in(make.user((Role.reader, make.organisation(make.NORA))))
    assert column(rows_of(only), "Times on site") == {"Nora": "hidden", "In all": "hidden"}


def test_planner_sees_small_sums(two_places: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser(make.LINDESBERG, make.NORA))
    hours = column(rows_of(client, by="municipality"), "Hours in all")
    assert hours == {"Lindesberg": "26,00", "Nora": "3,00", "In all": "29,00"}


def test_planner_who_only_reads_elsewhere_is_a_reader(two_places: TrainingSession, sign_in: SignIn) -> None:
    account = make.user(
        (Role.organiser, make.organisation(make.LINDESBERG)), (Role.reader, make.organisation(make.NORA))
    )
    assert column(rows_of(sign_in(account)), "Times on site")["Nora"] == "hidden"


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


def test_a_chart_has_the_numbers_of_its_table(two_places: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser(make.LINDESBERG, make.NORA))
    page = client.get("/figures").text
    assert "<title>Lindesberg, Times on site: 13</title>" in page
    assert "<title>Nora, Times on site: 2</title>" in page
    assert 'style="' not in page
    assert "<title>September 2026, Times on site: 15</title>" in client.get("/figures?by=month").text
    reader = sign_in(make.user((Role.reader, make.organisation(make.LINDESBERG, make.NORA))))
    assert "<title>Not told apart, Times on site: 15</title>" in reader.get("/figures").text


@pytest.mark.parametrize("by", ["municipality", "month", "series", "year", "sector"])
def test_figures_of_readers_cost_the_same_with_one_and_with_three(
    app: Flask, sign_in: SignIn, count_queries: Callable[[], Any], by: str
) -> None:
    client = sign_in(make.user((Role.reader, make.organisation(make.LINDESBERG, make.NORA))))
    costs = []
    for more in (1, 2):
        for _ in range(more):
            crowd(held(21), 5, make.company(make.NORA))
        db.session.expunge_all()
        with count_queries() as count:
            assert client.get(f"/figures?by={by}").status_code == 200
        costs.append(len(count))
    assert costs[0] == costs[1]

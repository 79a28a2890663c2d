"""Figures and records of training as files: what is in them, read back by other programmes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.base.config import Settings
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Company, Person
from planner.directory.rules import person_token
from planner.reports.models import SeriesAccount
from planner.web.workbook import Heading, Sheet, workbook
from tests import factories as make
from tests.reports.parts import crowd, held, note

SignIn = Callable[[User], FlaskClient]


def read(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_workbook_has_a_sheet_for_everything_with_real_types(app: Flask, sign_in: SignIn) -> None:
    crowd(held(21, seats_on_site=9, seats_remote=0), 2, make.company(name="=1+1"), minutes=90)
    answer = sign_in(make.organiser()).get("/figures.xlsx?by=session")
    sheets = read(answer.data)
    assert len(sheets) == 13
    head, row, total = sheets["1 Session"]
    line = dict(zip(head, row, strict=True))
    assert (str(line["Date"])[:10], line["Persons"], line["Hours in all"]) == ("2026-09-15", 2, 3)
    assert dict(zip(head, total, strict=True))["Seats offered"] == 9
    assert sheets["8 Company"][1][0] == "=1+1"


def test_readers_workbook_says_what_is_hidden_in_words(app: Flask, sign_in: SignIn) -> None:
    crowd(held(21), 4, make.company())
    crowd(held(21), 6, make.company(make.NORA))
    client = sign_in(make.user((Role.reader, make.organisation(make.LINDESBERG, make.NORA))))
    sheets = read(client.get("/figures.xlsx").data)
    assert len(sheets) == 10
    assert not any("Company" in name.split() for name in sheets)
    head, *rows = sheets["1 Municipality"]
    assert [dict(zip(head, row, strict=True))["Times on site"] for row in rows] == [
        "hidden",
        "hidden",
        10,
        10,
    ]


@pytest.mark.parametrize("role", [Role.organiser, Role.reader])
def test_paper_is_a_pdf_of_the_same_figures(app: Flask, sign_in: SignIn, role: Role) -> None:
    crowd(held(21), 6, make.company())
    client = sign_in(make.user((role, make.organisation())))
    answer = client.get("/figures.pdf?by=month")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    for ending in ("pdf", "xlsx"):
        assert client.get(f"/figures.{ending}?starts=soon").status_code == 422


def test_a_long_sheet_takes_no_more_memory_than_a_short_one() -> None:
    import tracemalloc  # noqa: PLC0415 - only here

    def peak(rows: int) -> int:
        tracemalloc.start()
        headings = [Heading("Name"), Heading("Number", "number")]
        size = len(workbook([Sheet("Long", headings, (("x" * 20, n) for n in range(rows)))]))
        most = tracemalloc.get_traced_memory()[1] - size
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(20_000) < peak(2_000) + 300_000


def test_names_that_no_sheet_may_have_are_made_fit() -> None:
    sheets = read(workbook([Sheet("a/b: [c]*?'" + "x" * 40, [Heading("h")], [("=1",)])] * 2))
    assert [len(name) <= 31 for name in sheets] == [True, True]


# --- records of training ---------------------------------------------------------------------------


@pytest.fixture
def company(app: Flask) -> Company:
    """Two people who came in September, one of them once more in October."""
    company = make.company(name="Bruket", organisation_number="5599999008")
    september, october = held(21), held(3)
    first, second = crowd(september, 2, company, minutes=90)
    note(september, make.person(company), 0)
    note(september, make.person(make.company()))
    note(october, second, 60)
    db.session.add(
        SeriesAccount(series_id=september.series_id, provider="Skolan", price=850, is_external=True)
    )
    first.is_contact = True
    db.session.commit()
    return company


def test_record_tells_who_was_where_for_how_long(company: Company, sign_in: SignIn) -> None:
    client = sign_in(make.organiser())
    path = f"/companies/{company.id}/record"
    page = client.get(f"{path}?month=2026-09").text
    assert [word in page for word in ("559999-9008", "3 h", "1700 kronor", "Skolan")] == [True] * 4
    rows = list(
        csv.reader(
            io.StringIO(client.get(f"{path}?month=2026-09&as=csv").data.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert [row[3:] for row in rows[1:]] == [["2026-09-15", "90", "Skolan", "850", "external"]] * 2
    latest = client.get(f"{path}?as=csv").data.decode("utf-8-sig").splitlines()
    assert len(latest) == 2
    assert latest[1].endswith(";0;internal")
    (sheet,) = read(client.get(f"{path}?month=2026-09&as=xlsx").data).values()
    assert (sheet[1][3].date(), sheet[1][4]) == (date(2026, 9, 15), 90)
    assert client.get(f"{path}?month=2026-09&as=pdf").data.startswith(b"%PDF-")
    for odd in ("2026-13", "soon", "9999-99"):
        assert client.get(path, query_string={"month": odd}).status_code == 200


def test_record_is_the_companys_own_by_its_contacts_link(
    app: Flask, company: Company, client: FlaskClient
) -> None:
    settings: Settings = app.extensions["settings"]
    people = sorted(company_people(company), key=lambda person: not person.is_contact)
    contact, participant = people[:2]
    answer = client.get(f"/p/{person_token(settings.secret, contact)}/record?month=2026-09")
    assert answer.status_code == 200
    assert participant.name in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/p/{person_token(settings.secret, participant)}/record").status_code == 404
    assert client.get("/p/1-forged/record").status_code == 404


def company_people(company: Company) -> list[Any]:
    return list(db.session.scalars(select(Person).where(Person.company_id == company.id)))


def test_record_is_not_for_other_municipalities(company: Company, sign_in: SignIn) -> None:
    assert sign_in(make.organiser(make.NORA)).get(f"/companies/{company.id}/record").status_code == 404
    assert (
        sign_in(make.user((Role.reader, make.organisation())))
        .get(f"/companies/{company.id}/record")
        .status_code
        == 403
    )

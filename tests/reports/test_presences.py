"""Every presence in one file: by the worker and by the command, all of them, once, with little memory."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.viewer import Role
from planner.jobs.rules import Task
from planner.reports.queries import presences
from planner.reports.work import make_presences
from tests import factories as make
from tests.reports.parts import crowd, held, note

SignIn = Callable[[User], FlaskClient]
CODES = {"codes": [make.LINDESBERG]}


def read(data: bytes) -> list[list[str]]:
    assert data.count(b"\xef\xbb\xbf") == 1
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.fixture
def five(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presences, "PORTION", 2)
    crowd(held(), 3, make.company(name="=Bruket"), minutes=90)
    note(held(2), make.person(), 0)
    note(held(1), make.person(make.company(make.NORA)), 60, "remote")


@pytest.mark.usefixtures("five")
def test_every_presence_is_in_the_file_once() -> None:
    pieces = list(make_presences(Task(1, CODES, "en", 1, 0)))
    assert [(piece.done, piece.total) for piece in pieces] == [(0, 5), (2, 5), (4, 5), (5, 5)]
    rows = read(b"".join(piece.data for piece in pieces))
    assert [(row[3], row[4], row[7:]) for row in rows[1:]] == [
        *[("Lindesberg", "'=Bruket", ["Närvarande", "På plats", "90"])] * 3,
        ("Lindesberg", "", ["Frånvarande", "På plats", "0"]),
        ("Nora", rows[5][4], ["Närvarande", "Via video", "60"]),
    ]


@pytest.mark.usefixtures("five")
def test_file_goes_on_where_it_was_interrupted() -> None:
    whole = b"".join(piece.data for piece in make_presences(Task(1, CODES, "en", 1, 0)))
    pieces = list(make_presences(Task(1, CODES, "en", 1, 0)))[:2]
    rest = make_presences(Task(1, CODES, "en", 1, pieces[-1].done))
    assert b"".join(piece.data for piece in (*pieces, *rest)) == whole


@pytest.mark.usefixtures("five")
def test_file_is_asked_for_by_planners(sign_in: SignIn) -> None:
    answer = sign_in(make.organiser()).post("/figures/presences", follow_redirects=True)
    assert "Every presence" in answer.text
    both = make.user((Role.organiser, make.organisation()), (Role.reader, make.organisation(make.NORA)))
    assert sign_in(both).post("/figures/presences").status_code == 403


@pytest.mark.usefixtures("five")
def test_command_writes_the_same_file(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    result: Any = app.test_cli_runner().invoke(args=["planner", "figures", "export", str(file)])
    assert result.exit_code == 0
    assert len(read(file.read_bytes())) == 6
    assert app.test_cli_runner().invoke(args=["planner", "figures", "settle"]).exit_code == 0


def test_memory_does_not_grow_with_the_file(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presences, "PORTION", 20)
    company = make.company()

    def peak() -> int:
        tracemalloc.start()
        for _piece in make_presences(Task(1, CODES, "en", 1, 0)):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    crowd(held(), 40, company)
    peak()
    short = peak()
    crowd(held(), 120, company)
    assert peak() < 1.5 * short + 100_000

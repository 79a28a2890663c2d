"""People as they are pasted, and how long an offer lasts."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from planner.attendance.models import Seat
from planner.attendance.rules import PastedLine, answer_due, pasted_lines, text_of_rows
from planner.base.db import db
from planner.base.viewer import Role
from tests import factories as make

START = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n", []),
        ("asta@x.test", [("", "asta@x.test")]),
        ("Asta Berg <Asta@X.test>", [("Asta Berg", "asta@x.test")]),
        ('"Berg, Asta" <asta@x.test>;', [("Berg Asta", "asta@x.test")]),
        ("Asta Berg\tasta@x.test\tBruket", [("Asta Berg", "asta@x.test")]),
        ("asta@x.test; Asta  Berg", [("Asta Berg", "asta@x.test")]),
        ("Asta\nASTA\nasta@x.test\nA <asta@x.test>", [("Asta", ""), ("", "asta@x.test")]),
        ("@\n;;;\n<>", [("@", "")]),
    ],
)
def test_lines_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(line.name, line.email) for line in pasted_lines(text)] == expected


@given(st.text(max_size=400))
def test_any_text_gives_short_whole_lines_once(text: str) -> None:
    lines = pasted_lines(text)
    assert all(
        len(line.name + line.email) > 0 and len(line.name) <= 200 and len(line.email) <= 254 for line in lines
    )
    emails = [line.email for line in lines if line.email]
    assert len(emails) == len(set(emails))
    assert [line.number for line in lines] == sorted(line.number for line in lines)
    assert all(isinstance(line, PastedLine) for line in lines)


@pytest.mark.parametrize(("hours", "ahead", "expected"), [(0, 5, None), (3, 5, 3), (24, 5, 5), (5, 5, 5)])
def test_offer_lasts_so_long_and_to_the_start_at_most(hours: int, ahead: int, expected: int | None) -> None:
    due = answer_due(hours, START, START + timedelta(hours=ahead))
    assert due == (None if expected is None else START + timedelta(hours=expected))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [["Namn", "Företag", "E-post"], ["Asta Berg", "AB", "a@x.se"], ["Bo", "AB", ""]],
            "Asta Berg; a@x.se\nBo",
        ),
        ([["E-post", "Förnamn", "Efternamn"], ["a@x.se", "Asta", "Berg"]], "Asta Berg; a@x.se"),
        ([["Asta", "a@x.se"], ["Bo", "b@x.se"]], "Asta; a@x.se\nBo; b@x.se"),
        ([["E-post"], ["a@x.se"]], "a@x.se"),
        ([["Name", "E-mail"], ["Asta"]], "Asta"),
    ],
)
def test_the_people_of_a_file_become_lines(rows: list[list[str]], expected: str) -> None:
    assert text_of_rows(rows) == expected


def test_a_file_is_shown_line_by_line_before_anybody_is_booked(app: Flask, sign_in: Any) -> None:
    hub = make.organisation()
    training = make.training(make.published_series(hub))
    client = sign_in(make.user((Role.organiser, hub)))
    page = f"/sessions/{training.id}/seats/paste"
    sent = {
        "place": "on_site",
        "file": (io.BytesIO("Namn;E-post\nÅsa Ny;asa@x.se\n".encode("cp1252")), "l.csv"),
    }
    shown = client.post(page, data=sent)
    assert shown.status_code == 200
    assert "Åsa Ny; asa@x.se</textarea>" in shown.text
    assert db.session.query(Seat).count() == 0
    again = {"place": "on_site", "text": "Åsa Ny; asa@x.se", "confirmed": "1"}
    assert client.post(page, data=again).status_code == 302
    assert db.session.query(Seat).count() == 1


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0", b"PK broken", b"\0\0"])
def test_what_is_no_list_is_refused_beside_the_file(app: Flask, sign_in: Any, data: bytes) -> None:
    hub = make.organisation()
    training = make.training(make.published_series(hub))
    client = sign_in(make.user((Role.organiser, hub)))
    sent = {"place": "on_site", "file": (io.BytesIO(data), "l.csv")}
    assert client.post(f"/sessions/{training.id}/seats/paste", data=sent).status_code == 422

"""People as they are pasted, and how long an offer lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.attendance.rules import PastedLine, answer_due, pasted_lines

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

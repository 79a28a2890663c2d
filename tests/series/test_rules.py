from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.series.rules import SessionDetails, Status, moved_order, session_status, slug, time_problem
from planner.series_templates.rules import Mode

AT = datetime(2026, 10, 6, 11, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Digital kompetens i flera steg", "digital-kompetens-i-flera-steg"),
        ("Ärende: Å & Ö!", "arende-a-o"),
        ("漢字", "series"),
        ("x" * 80, "x" * 60),
    ],
)
def test_slug_is_plain_and_short(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [(-HOUR, "backwards"), (0 * HOUR, "backwards"), (HOUR, None), (12 * HOUR, None), (13 * HOUR, "too_long")],
)
def test_time_problem(length: timedelta, expected: str | None) -> None:
    assert time_problem(AT, AT + length) == expected


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=12), st.data())
def test_moved_order_keeps_the_others_in_order(numbers: list[int], data: st.DataObject) -> None:
    keys = [str(number) for number in numbers]
    key = data.draw(st.sampled_from(keys))
    to = data.draw(st.integers(-3, 20))
    moved = moved_order(keys, key, to)
    assert [k for k in moved if k != key] == [k for k in keys if k != key]
    assert moved.index(key) == max(0, min(to, len(keys) - 1))


def test_shifted_keeps_length_and_the_rest() -> None:
    details = SessionDetails(
        AT, AT + 2 * HOUR, Mode.HYBRID, 3, "https://x.test", 10, 5, "bring a laptop", (1, 2)
    )
    moved = details.shifted(AT + timedelta(days=7))
    assert moved.ends_at - moved.starts_at == 2 * HOUR
    assert moved.shifted(AT) == details


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, Status.planned),
        ({"published": False}, Status.draft),
        ({"moved": True}, Status.moved),
        ({"ends_at": AT}, Status.held),
        ({"ends_at": AT, "cancelled": True}, Status.cancelled),
        ({"published": False, "cancelled": True}, Status.cancelled),
    ],
)
def test_session_status(facts: dict[str, object], expected: Status) -> None:
    given_facts = {
        "published": True,
        "cancelled": False,
        "moved": False,
        "ends_at": AT + HOUR,
        "at": AT,
        **facts,
    }
    assert session_status(**given_facts) is expected  # type: ignore[arg-type]

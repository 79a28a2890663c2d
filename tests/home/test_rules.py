from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planner.home.rules import Lack, Watched, agenda, is_soon, lacks, tasks
from planner.plan.rules import SessionFact
from planner.series.rules import Status

NOW = datetime(2026, 10, 6, 8, tzinfo=UTC)


def watched(days: float = 7, **values: Any) -> Watched:
    """A planned hybrid session with all it takes, that the viewer may edit and does not lead."""
    starts_at = NOW + timedelta(days=days)
    ends_at = starts_at + timedelta(hours=2)
    status = values.pop("status", Status.held if ends_at <= NOW else Status.planned)
    session = SessionFact(
        id=int(days * 100), uid=f"u{days}", series_id=1, series_key="one", series="One", municipality="Nora",
        cohort_id=None, cohort="", step=1, title="Start", starts_at=starts_at, ends_at=ends_at,
        mode=values.pop("mode", "hybrid"), place="", status=status,
        facilitators=values.pop("facilitators", ("Bo",)),
    )  # fmt: skip
    return Watched(session, **{"is_mine": False, "may_edit": True, **values})


@pytest.mark.parametrize(
    ("item", "missing"),
    [
        (watched(), []),
        (watched(facilitators=()), [Lack.facilitator]),
        (watched(has_room=False), [Lack.room]),
        (watched(has_room=False, mode="digital"), []),
        (watched(has_link=False), [Lack.link]),
        (watched(has_link=False, mode="on_site"), []),
        (watched(has_clash=True), [Lack.clash]),
        (watched(facilitators=(), has_room=False, has_link=False), [Lack.facilitator, Lack.room, Lack.link]),
        (watched(43, facilitators=()), []),
        (watched(facilitators=(), may_edit=False), []),
        (watched(facilitators=(), status=Status.cancelled), []),
        (watched(-1, has_attendance=False), [Lack.attendance]),
        (watched(-1, has_attendance=False, may_edit=False), []),
        (watched(-1, has_attendance=False, may_edit=False, is_mine=True), [Lack.attendance]),
        (watched(-1, has_attendance=True), []),
        (watched(-31, has_attendance=False), []),
        (watched(-1, has_attendance=False, status=Status.cancelled), []),
        (watched(-1, facilitators=(), has_room=False), []),
    ],
)
def test_what_a_session_lacks(item: Watched, missing: list[Lack]) -> None:
    assert lacks(item, NOW) == missing


def test_tasks_gather_sessions_by_what_they_lack_most_urgent_first() -> None:
    late, soon = watched(9, has_room=False), watched(2, has_room=False)
    held = watched(-1, has_attendance=False)
    found = tasks([late, soon, held], NOW)
    assert [(task.lack, [session.id for session in task.sessions]) for task in found] == [
        (Lack.attendance, [-100]),
        (Lack.room, [200, 900]),
    ]


def test_the_viewers_own_next_session_comes_first() -> None:
    others, mine, later = watched(1), watched(2, is_mine=True), watched(3, is_mine=True)
    found = agenda([later, mine, others], NOW)
    assert (found.first, found.own, found.others) == (mine.session, (later.session,), (others.session,))


def test_a_cancelled_session_is_told_but_does_not_come_first() -> None:
    off, on = watched(1, is_mine=True, status=Status.cancelled), watched(2, is_mine=True)
    found = agenda([off, on], NOW)
    assert (found.first, found.own) == (on.session, (off.session,))


@pytest.mark.parametrize(
    ("days", "counts"), [(-0.2, False), (-2.25 / 24, True), (-1 / 24, True), (13.9, True), (14, False)]
)
def test_the_agenda_is_two_weeks_and_half_an_hour_back(days: float, counts: bool) -> None:
    assert agenda([watched(days)], NOW).is_empty is not counts


@pytest.mark.parametrize(("hours", "soon"), [(-1, True), (12, True), (13, False)])
def test_attendance_is_near_from_twelve_hours_before(hours: float, soon: bool) -> None:
    assert is_soon(watched(hours / 24).session, NOW) is soon

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planner.calendars.rules.itip import Answer, Method, PartStat
from planner.invitations.rules import (
    Meeting,
    Outcome,
    Standing,
    Step,
    masked,
    next_sequence,
    next_stamp,
    next_step,
    outcome_of,
    told_digest,
)

AT = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASKED = Standing(Method.REQUEST, 2, "told", PartStat.NEEDS_ACTION, None)
GONE = replace(ASKED, method=Method.CANCEL)
DECLINED = replace(ASKED, answer=PartStat.DECLINED, answered_at=AT - HOUR)
CLOSED = replace(DECLINED, method=Method.CANCEL)
ANSWER = Answer("uid", "a@example.test", PartStat.DECLINED, 2, AT - HOUR / 2)
AHEAD = Meeting(AT + HOUR, is_cancelled=False)


@pytest.mark.parametrize(
    ("standing", "told", "is_coming", "step"),
    [
        (None, "told", True, Step.invite),
        (None, "told", False, Step.nothing),
        (ASKED, "told", True, Step.nothing),
        (ASKED, "other", True, Step.invite),
        (ASKED, "told", False, Step.cancel),
        (ASKED, "other", False, Step.cancel),
        (DECLINED, "told", False, Step.close),
        (DECLINED, "told", True, Step.nothing),
        (GONE, "told", True, Step.invite),
        (GONE, "told", False, Step.nothing),
    ],
)
def test_what_a_calendar_is_told(standing: Standing | None, told: str, is_coming: bool, step: Step) -> None:
    assert next_step(standing, told, is_coming=is_coming) is step


@pytest.mark.parametrize(("standing", "of_session", "sequence"), [(None, 4, 4), (ASKED, 0, 3), (ASKED, 7, 7)])
def test_sequence_rises_and_is_never_below_the_sessions(
    standing: Standing | None, of_session: int, sequence: int
) -> None:
    assert next_sequence(standing, of_session) == sequence


def test_stamps_of_one_invitation_rise_by_whole_seconds() -> None:
    assert next_stamp(None, AT) == AT
    assert next_stamp(AT + timedelta(milliseconds=700), AT) == AT + timedelta(seconds=1)
    assert next_stamp(AT - HOUR, AT) == AT


OTHERS: list[tuple[Any, ...]] = [
    (AT + HOUR, AT + 2 * HOUR, "hybrid", 1, "https://a"),
    (AT, AT + 3 * HOUR, "hybrid", 1, "https://a"),
    (AT, AT + 2 * HOUR, "digital", 1, "https://a"),
    (AT, AT + 2 * HOUR, "hybrid", None, "https://a"),
    (AT, AT + 2 * HOUR, "hybrid", 1, ""),
]


@pytest.mark.parametrize("other", OTHERS)
def test_time_place_mode_and_link_are_worth_a_mail(other: tuple[Any, ...]) -> None:
    assert told_digest(*other) != told_digest(AT, AT + 2 * HOUR, "hybrid", 1, "https://a")


@pytest.mark.parametrize(
    ("changes", "sender", "standing", "meeting", "outcome"),
    [
        ({}, "a@example.test", ASKED, AHEAD, Outcome.declined),
        ({"status": PartStat.ACCEPTED}, "a@example.test", ASKED, AHEAD, Outcome.accepted),
        ({"status": PartStat.TENTATIVE}, "a@example.test", ASKED, AHEAD, Outcome.tentative),
        ({"status": PartStat.NEEDS_ACTION}, "a@example.test", ASKED, AHEAD, Outcome.broken),
        ({}, "b@example.test", ASKED, AHEAD, Outcome.stranger),
        ({}, "", ASKED, AHEAD, Outcome.stranger),
        ({}, "a@example.test", ASKED, Meeting(AT, is_cancelled=False), Outcome.late),
        ({}, "a@example.test", ASKED, Meeting(AT + HOUR, is_cancelled=True), Outcome.late),
        ({"sequence": 1}, "a@example.test", ASKED, AHEAD, Outcome.outdated),
        ({"sequence": 3}, "a@example.test", ASKED, AHEAD, Outcome.broken),
        ({"stamped_at": AT - HOUR}, "a@example.test", DECLINED, AHEAD, Outcome.twice),
        ({"stamped_at": AT - 2 * HOUR}, "a@example.test", DECLINED, AHEAD, Outcome.outdated),
        ({"stamped_at": AT - HOUR, "status": PartStat.ACCEPTED}, "a@example.test", DECLINED, AHEAD, Outcome.accepted),
        ({}, "a@example.test", GONE, AHEAD, Outcome.late),
        ({"status": PartStat.ACCEPTED}, "a@example.test", CLOSED, AHEAD, Outcome.accepted),
    ],
)  # fmt: skip
def test_what_an_answer_may_do(
    changes: dict[str, Any], sender: str, standing: Standing, meeting: Meeting, outcome: Outcome
) -> None:
    assert outcome_of(replace(ANSWER, **changes), sender, standing, meeting, AT) is outcome


@pytest.mark.parametrize(("address", "shown"), [("asa@example.test", "a…@example.test"), ("", ""), ("x", "")])
def test_an_address_is_masked(address: str, shown: str) -> None:
    assert masked(address) == shown

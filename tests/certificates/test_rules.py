from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.certificates.rules import (
    CODE_LENGTH,
    LETTERS,
    Attended,
    Content,
    Rule,
    RuleKind,
    Standing,
    StepLine,
    code_in,
    file_name,
    judge,
    shown_code,
    step_lines,
)

STEPS = [("a", "First"), ("b", "Second"), ("c", "Third")]
MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)


def been(*keys: str, minutes: int = 60) -> list[Attended]:
    return [Attended(key, key.upper(), MONDAY, minutes) for key in keys]


@pytest.mark.parametrize(
    ("rule", "attended", "expected"),
    [
        (Rule(RuleKind.all_steps), "abc", Standing(True, 3, 180, ())),
        (Rule(RuleKind.all_steps), "ac", Standing(False, 2, 120, ("Second",), steps_left=1)),
        (Rule(RuleKind.all_steps), "aax", Standing(False, 1, 180, ("Second", "Third"), steps_left=2)),
        (Rule(RuleKind.some_steps, 2), "ac", Standing(True, 2, 120, ("Second",))),
        (Rule(RuleKind.some_steps, 2), "a", Standing(False, 1, 60, ("Second", "Third"), steps_left=1)),
        (Rule(RuleKind.some_steps, 9), "abc", Standing(True, 3, 180, ())),
        (Rule(RuleKind.minutes, 120), "ax", Standing(True, 1, 120, ("Second", "Third"))),
        (Rule(RuleKind.minutes, 121), "aa", Standing(False, 1, 120, ("Second", "Third"), minutes_left=1)),
    ],
)
def test_a_rule_is_met_or_says_what_is_missing(rule: Rule, attended: str, expected: Standing) -> None:
    assert judge(rule, STEPS, been(*attended)) == expected


def test_nobody_earns_a_certificate_of_nothing() -> None:
    assert not judge(Rule(RuleKind.all_steps), [], []).is_met
    assert not judge(Rule(RuleKind.minutes, 0), STEPS, []).is_met


@given(
    st.lists(st.sampled_from("abcx")),
    st.sampled_from("abcx"),
    st.sampled_from(list(RuleKind)),
    st.integers(0, 300),
)
def test_having_been_at_one_more_takes_nothing_away(
    been_at: list[str], more: str, kind: RuleKind, least: int
) -> None:
    rule = Rule(kind, least)
    before, after = judge(rule, STEPS, been(*been_at)), judge(rule, STEPS, been(*been_at, more))
    assert after.is_met >= before.is_met
    assert after.minutes == before.minutes + 60
    assert after.steps_left <= before.steps_left
    assert after.minutes_left <= before.minutes_left


def test_a_step_attended_twice_is_one_line_with_the_minutes_of_both() -> None:
    lines = step_lines(
        [Attended("b", "B", TUESDAY, 30), Attended("a", "A", MONDAY, 60), Attended("a", "A", TUESDAY, 5)]
    )
    assert lines == (StepLine("A", TUESDAY, 65), StepLine("B", TUESDAY, 30))


def test_content_survives_being_stored() -> None:
    content = Content("Åsa", "S", "O", (StepLine("A", MONDAY, 60),), ("1.1",), 4)
    assert Content.from_json(content.to_json()) == content
    assert content.minutes == 60


def test_another_logo_is_no_reason_for_a_new_certificate() -> None:
    content = Content("Åsa", "S", "O", (), ())
    assert content.says_the_same(Content("Åsa", "S", "O", (), (), 4))
    assert not content.says_the_same(Content("Åsa Ny", "S", "O", (), ()))


@given(st.text(LETTERS, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_is_read_as_it_is_printed(letters: str) -> None:
    assert code_in(f" {shown_code(letters).lower()} ") == letters


@pytest.mark.parametrize("text", ["", "K7QF-2M9D-XH4", "K7QF-2M9D-XH4TT", "K7QF-2M9D-XH4O", "К7QF-2M9D-XH4T"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert code_in(text) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Åsa Öberg", "Åsa Öberg C.pdf"),
        ("a/b\\c:d", "a_b_c_d C.pdf"),
        ("../..", "_ C.pdf"),
        ("…", "_ C.pdf"),
        ("", "C C.pdf"),
    ],
)
def test_a_name_of_a_file_has_nothing_that_leads_elsewhere(name: str, expected: str) -> None:
    assert file_name(name, "C") == expected

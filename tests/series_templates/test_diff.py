"""What differs: moved is never removed and added, and both texts can be read out of the marked one."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.series_templates.diff import Mark, Piece, count_changed_steps, diff, marked, moved_keys
from planner.series_templates.rules import Mode, TemplateDocument
from tests.factories import step_document, template_document
from tests.series_templates.test_carry import DOCUMENT

KEYS = st.permutations(["a", "b", "c", "d", "e", "f"]).flatmap(
    lambda keys: st.integers(0, 6).map(lambda size: keys[:size])
)
TEXTS = st.text(st.sampled_from("ab \n.å"), max_size=40)


def _steps(*numbers: int, **changes: object):
    return tuple(step_document(number, **changes) for number in numbers)


def test_equal_documents_have_nothing_to_tell() -> None:
    document = template_document()
    assert not diff(document, document)
    assert diff(document, document).paths == ()


def test_a_changed_field_tells_both_values_and_its_path() -> None:
    before = template_document(title="Safe", competences=("1.1",))
    after = template_document(title="Safer", competences=("1.1", "3.4"))
    found = diff(before, after)
    assert [(one.path, one.before, one.after) for one in found.fields] == [
        ("title", "Safe", "Safer"),
        ("competences", ("1.1",), ("1.1", "3.4")),
    ]


def test_a_moved_step_is_moved_and_nothing_else() -> None:
    before = template_document(title="T", steps=_steps(1, 2, 3, 4))
    after = template_document(title="T", steps=_steps(1, 4, 2, 3))
    found = diff(before, after)
    assert [
        (s.step.key, s.place_before, s.place_after, s.is_moved, s.is_added, s.is_removed) for s in found.steps
    ] == [("s4", 4, 2, True, False, False)]
    assert found.paths == ("steps",)


def test_an_added_and_a_removed_step_move_nobody() -> None:
    before = template_document(title="T", steps=_steps(1, 2, 3))
    after = template_document(title="T", steps=_steps(9, 1, 3))
    found = diff(before, after)
    assert [(s.step.key, s.is_added, s.is_removed, s.is_moved) for s in found.steps] == [
        ("s9", True, False, False),
        ("s2", False, True, False),
    ]
    assert found.paths == ("steps.s9", "steps.s2")


def test_a_step_may_be_moved_and_changed_at_once() -> None:
    before = template_document(title="T", steps=_steps(1, 2, 3))
    changed = step_document(1, minutes=90, mode=Mode.DIGITAL)
    found = diff(before, template_document(title="T", steps=(*_steps(2, 3), changed)))
    assert [(s.step.key, s.is_moved, [f.path for f in s.fields]) for s in found.steps] == [
        ("s1", True, ["steps.s1.minutes", "steps.s1.mode"])
    ]
    assert found.paths == ("steps", "steps.s1.minutes", "steps.s1.mode")


@given(KEYS, KEYS)
def test_as_few_steps_as_possible_are_moved(before: list[str], after: list[str]) -> None:
    shared = [key for key in after if key in before]
    fewest = next(
        size
        for size in range(len(shared) + 1)
        if any(
            [key for key in before if key in after and key not in gone]
            == [key for key in shared if key not in gone]
            for gone in combinations(shared, size)
        )
    )
    assert len(moved_keys(before, after)) == fewest


@given(DOCUMENT, DOCUMENT)
def test_changed_steps_are_counted_as_they_are_told(
    before: TemplateDocument, after: TemplateDocument
) -> None:
    assert count_changed_steps(before.steps, after.steps) == len(diff(before, after).steps)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_marked_one(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.REMOVED) == after


def test_one_changed_word_is_the_only_one_marked() -> None:
    assert marked("Know more than before", "Know much more than before") == (
        Piece(Mark.SAME, "Know "),
        Piece(Mark.ADDED, "much "),
        Piece(Mark.SAME, "more than before"),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("a " * 2000, "a b " * 1000), ("a\n" * 2000, "b a\n" * 1300), ("x y " * 1000, "y x " * 1000)],
)
def test_texts_made_to_be_slow_are_not(before: str, after: str) -> None:
    began = time.perf_counter()
    marked(before, after)
    assert time.perf_counter() - began < 0.5

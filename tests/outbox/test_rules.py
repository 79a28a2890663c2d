from __future__ import annotations

from datetime import timedelta

import pytest

from planner.outbox.rules import WAITS, next_wait, split_mail


def test_waits_grow_and_end() -> None:
    waits = [next_wait(attempt) for attempt in range(1, len(WAITS) + 2)]
    assert waits == [*sorted(WAITS), None]
    assert timedelta(days=1) < sum(WAITS, timedelta()) < timedelta(days=3)


def test_a_permanent_refusal_is_not_tried_again() -> None:
    assert next_wait(1, permanent=True) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Subject: Hello  there \n\nDear you,\n\nbye\n\n", ("Hello there", "Dear you,\n\nbye\n")),
        ("\nSubject: Träff: ny tid\nx", ("Träff: ny tid", "x\n")),
    ],
)
def test_split_mail(text: str, expected: tuple[str, str]) -> None:
    assert split_mail(text) == expected


@pytest.mark.parametrize("text", ["", "Hello\n\nx", "Subject:\n\nx"])
def test_mail_without_a_subject_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        split_mail(text)

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from planner.outbox.rules import (
    WAITS,
    Content,
    Facts,
    Link,
    Paragraph,
    as_text,
    blocks_of,
    next_wait,
    parts_of,
    split_mail,
    why_not,
)


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


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            "recipient refused: 550 a@b.example unknown",
            "Mottagarens e-postserver tar inte emot brev till den här adressen. (550)",
        ),
        ("no connection to the mail server: [Errno 111]", "E-postservern gick inte att nå."),
        ("SMTPAuthenticationError: 535 no", "E-postservern godtog inte webbplatsens inloggning. (535)"),
        ("cannot be written as a mail: x", "Adressen kan inte stå i ett brev. Rätta den i registret."),
        ("SMTPDataError: 552 a@b.example", "E-postservern tog inte emot brevet. (552)"),
        ("", "E-postservern tog inte emot brevet."),
    ],
)  # fmt: skip
def test_why_a_mail_has_not_arrived_is_said_without_an_address(app: Flask, error: str, words: str) -> None:
    assert why_not(error) == words


def test_text_is_its_paragraphs_with_whole_addresses() -> None:
    link = Link("https://site.example/p", "Your seat")
    blocks = (Paragraph(("Hello,\nyou",)), Facts(("Series", "Tue 6 Oct")), Paragraph((link,)))
    assert as_text(Content("s", blocks)) == "Hello,\nyou\n\nSeries\nTue 6 Oct\n\nhttps://site.example/p\n"
    closed = Content("s", blocks[:1], "Hub", ("End: ", Link("https://site.example/e")))
    assert as_text(closed) == "Hello,\nyou\n\n-- \nHub\nEnd: https://site.example/e\n"


def test_only_a_link_with_words_of_its_own_is_a_button() -> None:
    link = Link("https://site.example", "Go")
    assert Paragraph((link,)).button == link
    assert Paragraph((Link("https://site.example"),)).button is None
    assert Paragraph(("Here: ", link)).button is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("none here", ("none here",)),
        ("https://a.example/x?y=1&z=2", (Link("https://a.example/x?y=1&z=2"),)),
        ("(see http://a.example/x).", ("(see ", Link("http://a.example/x"), ").")),
        ("javascript:alert(1)", ("javascript:alert(1)",)),
        ("", ()),
    ],
)
def test_addresses_in_words_are_links(text: str, parts: tuple[object, ...]) -> None:
    assert parts_of(text) == parts


def test_plain_text_is_parted_at_empty_lines() -> None:
    assert blocks_of("One\ntwo\n \n\nThree\n") == (Paragraph(("One\ntwo",)), Paragraph(("Three",)))

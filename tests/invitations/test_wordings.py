"""The words of each mail: the standard ones hold, one's own are refused in words where they could not be sent."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from planner.base.errors import RefusedError
from planner.invitations.rules import (
    EXPLAINED,
    STANDARD,
    LetterKind,
    Standard,
    Variable,
    Wording,
    called,
    check,
    fill_body,
    fill_subject,
    variable_called,
)
from planner.outbox.rules import Facts, Link, Paragraph

PLAIN = Standard("Reminder", "Always", "s", ("b",), extra=(Variable.news,), needed=(Variable.link,))
LINK = Link("https://site.example/p/1", "Your seat")
VALUES: dict[Variable, Any] = {
    Variable.name: "Åsa {{ day }} <b>",
    Variable.session: "Step 1",
    Variable.facts: Facts(("Series", "Tue 6 Oct")),
    Variable.link: LINK,
    Variable.reason: "",
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", LetterKind)
def test_every_standard_mail_may_be_sent_as_it_is(app: Flask, kind: LetterKind, language: str) -> None:
    with force_locale(language):
        wording = STANDARD[kind].wording()
        check(wording, STANDARD[kind], language)
    every = dict.fromkeys(Variable, "x")
    assert "{" not in fill_subject(wording.subject, every)
    assert all("{" not in str(block) for block in fill_body(wording.body, every))
    assert variables_in(wording) <= set(STANDARD[kind].variables)


def variables_in(wording: Wording) -> set[Variable | None]:
    parts = (wording.subject + wording.body).split("{{")[1:]
    return {variable_called(part.split("}}")[0].strip()) for part in parts}


def test_both_languages_leave_the_same_open(app: Flask) -> None:
    for standard in STANDARD.values():
        wordings = []
        for language in ("sv", "en"):
            with force_locale(language):
                wordings.append(variables_in(standard.wording()))
        assert wordings[0] == wordings[1], standard.name


def test_every_variable_has_one_name_in_each_language() -> None:
    names = [name for variable in Variable for name in (variable.value, EXPLAINED[variable].swedish)]
    assert [variable_called(name) for name in names] == [variable for variable in Variable for _ in range(2)]
    assert len({*Variable, *(explained.swedish for explained in EXPLAINED.values())}) == 2 * len(Variable)
    assert (called(Variable.link, "sv"), called(Variable.link, "en")) == ("{{ länk }}", "{{ link }}")


@pytest.mark.parametrize(
    ("subject", "body", "field", "words"),
    [
        ("", "{{ link }}", "subject", "Write something"),
        ("Hi", " ", "body", "Write something"),
        ("Hi {{ nam }}", "{{ link }}", "subject", "no {{ nam }}"),
        ("Hi", "{{ link }} {{ until }}", "body", "no {{ until }}"),
        ("Hi", "{{ link }} {{ __class__ }}", "body", "no {{ __class__ }}"),
        ("Hi {{ link }}", "{{ link }}", "subject", "no {{ link }}"),
        ("Hi {{ name }}", "{{ link }}", "subject", "no {{ name }}"),
        ("Hi", "Hello {{ name }}", "body", "Keep {{ link }}"),
        ("Hi", "{{ link }} {{ name.upper }}", "body", "amiss at {{"),
        ("Hi", "{{ link }} {% if name %}", "body", "amiss at {%"),
        ("Hi", "{{ link }} {{ name }", "body", "amiss at {{"),
        ("Hi", "{{ link }} name }}", "body", "amiss at }}"),
        ("Hi", "{{ link }}" + "x" * 4000, "body", "At most 4000"),
        ("x" * 201, "{{ link }}", "subject", "At most 200"),
    ],
)
def test_what_could_not_be_sent_is_refused_in_words(
    app: Flask, subject: str, body: str, field: str, words: str
) -> None:
    with force_locale("en"), pytest.raises(RefusedError) as refusal:
        check(Wording(subject, body), PLAIN, "en")
    assert (refusal.value.field, words in refusal.value.message) == (field, True)


@pytest.mark.parametrize("link", ["{{ link }}", "{{länk}}", "{{ LINK }}", "{{  Länk  }}"])
def test_a_variable_may_be_written_in_either_language(link: str) -> None:
    check(Wording("Hi { } {{ träff }}", link), PLAIN, "en")
    assert fill_body(link, VALUES) == (Paragraph((LINK,)),)


def test_a_value_is_never_read_as_a_variable() -> None:
    assert fill_body("{{ name }}", VALUES) == (Paragraph(("Åsa {{ day }} <b>",)),)


def test_a_paragraph_of_nothing_is_left_out_and_lines_of_facts_stand_alone() -> None:
    body = "One\r\nline\n\n{{ reason }}\n \n\n{{ facts }}\n\nSee {{ facts }}: {{ link }}, or https://a.example/x."
    assert fill_body(body, VALUES) == (
        Paragraph(("One\nline",)),
        Facts(("Series", "Tue 6 Oct")),
        Paragraph(("See Series, Tue 6 Oct: ", LINK, ", or ", Link("https://a.example/x"), ".")),
    )


def test_a_subject_is_one_short_line() -> None:
    assert fill_subject("A\n {{ name }}  {{ session }} {{ link }}", VALUES) == (
        "A Åsa {{ day }} <b> Step 1 https://site.example/p/1"
    )
    assert len(fill_subject("{{ name }}", {Variable.name: "x" * 999})) == 255


@given(st.text(alphabet="{}% \nabnamelink", max_size=60))
def test_whatever_is_typed_is_refused_or_filled(text: str) -> None:
    try:
        check(Wording("Hi", text), PLAIN, "sv")
    except RefusedError:
        return
    assert "{{" not in str(fill_body(text, dict.fromkeys(Variable, "x")))

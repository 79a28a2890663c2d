from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from planner.web.pdf import Column, Paper, pdf_response
from tests import papers
from tests.conftest import NOW

NAMES = [Column("Namn", 3), Column("Minuter", 1, "right")]


def paper(**values: str) -> Paper:
    return Paper("Närvaro", **{"language": "sv", "footer": "Åby hubb", **values})


def test_words_come_out_as_they_were_put_in(app: Flask) -> None:
    made = paper()
    made.heading("Närvarolista")
    made.facts([("Träff", "Källor på nätet"), ("När", "tis 6 okt")])
    made.text("Första raden\nandra – “raden”")
    assert papers.texts(made.done()) == [
        "Närvarolista\nTräff Källor på nätet\nNär tis 6 okt\nFörsta raden\nandra – “raden”\nÅby hubb Sida 1 av 1"
    ]


@pytest.mark.parametrize(("language", "foot"), [("sv", "Sida 2 av 2"), ("en", "Page 2 of 2")])
def test_pages_are_numbered_in_the_document_s_language(app: Flask, language: str, foot: str) -> None:
    with force_locale("en" if language == "sv" else "sv"):
        made = paper(language=language, footer="")
        made.new_page()
        assert papers.texts(made.done())[1] == foot


@pytest.mark.parametrize("count", [0, 1, 300])
def test_a_table_runs_over_as_many_pages_as_it_takes_with_its_headings_on_each(
    app: Flask, count: int
) -> None:
    made = paper()
    made.table(NAMES, [(f"Person {number}", number) for number in range(count)], least_height=11)
    pages = [text.split() for text in papers.texts(made.done())]
    rows = [word for number in range(count) for word in ("Person", str(number), str(number))]
    assert [word for page in pages for word in page[2:-6]] == rows
    assert [(page[:2], page[-6:]) for page in pages] == [
        (["Namn", "Minuter"], f"Åby hubb Sida {number} av {len(pages)}".split())
        for number in range(1, len(pages) + 1)
    ]
    assert len(pages) == (1 if count < 300 else 14)


def test_a_word_longer_than_its_column_is_broken_and_nothing_of_it_lost(app: Flask) -> None:
    made = paper()
    made.table(NAMES, [("Å" * 300, 1)])
    assert "".join(papers.texts(made.done())).count("Å") == 300 + 1  # the footer's own


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Åsa 🌱 Öberg", "Åsa  Öberg"), ("Żółć Αθήνα Привет", "Żółć Αθήνα Привет"), ("日本", "??")],
)
def test_what_the_typeface_lacks_leaves_no_empty_box(app: Flask, typed: str, shown: str) -> None:
    made = paper(footer="")
    made.text(typed)
    assert papers.texts(made.done())[0].splitlines()[0].split() == shown.split()


def test_a_qr_code_can_be_read_from_the_page(app: Flask) -> None:
    made = paper()
    made.qr("https://example.test/verify/ABCD-EFGH", size=30)
    made.text("under it")
    assert papers.qr_codes(made.done()) == ["https://example.test/verify/ABCD-EFGH"]


def test_what_does_not_fit_begins_a_new_page(app: Flask) -> None:
    made = paper()
    made.gap(230)
    made.section("The next part")
    assert [text.splitlines()[0] for text in papers.texts(made.done())] == [
        "Åby hubb Sida 1 av 2",
        "The next part",
    ]


def test_the_same_at_the_same_instant_is_the_same_bytes(app: Flask, at) -> None:
    def made() -> bytes:
        document = paper()
        document.text("Hej")
        return document.done()

    assert made() == made()
    assert papers.properties(made()) == {
        "Title": "Närvaro", "Creator": "planner", "Producer": "planner", "CreationDate": "D:20261006080000Z",
    }  # fmt: skip
    with at(NOW + timedelta(seconds=1)):
        assert b"D:20261006080001Z" in made()


def test_the_answer_is_a_download_unless_it_is_to_be_shown(app: Flask) -> None:
    assert pdf_response("a.pdf", b"x").headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    shown = pdf_response("a.pdf", b"x", shown=True)
    assert (shown.headers["Content-Disposition"], shown.mimetype) == (
        'inline; filename="a.pdf"',
        "application/pdf",
    )

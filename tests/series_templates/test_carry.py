"""The template file: what is written is read back, and what is no template is refused with its line."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from planner.base.db import db
from planner.directory.rules import COMPETENCES
from planner.series_templates.carry import MAX_BYTES, FileRefusedError, decode_file, read_file, write_file
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument, from_document, to_document
from planner.web.forms import one_line, plain
from tests import factories as make

SignIn = Callable[[Any], FlaskClient]

TEXT = st.text(st.sampled_from("ab å:#-'\"\n\t&*!|>{}[]~%@`,?1.\u2028é😀\x85"), max_size=30).map(plain)
LINE = TEXT.map(one_line)
STEP = st.builds(
    StepDocument,
    key=st.text(st.sampled_from("ab01-_"), min_size=1, max_size=8),
    title=LINE, goals=TEXT, preparation=TEXT, materials=TEXT, follow_up=TEXT,
    minutes=st.integers(0, 480), mode=st.sampled_from(Mode), gap_days=st.integers(0, 365),
)  # fmt: skip
DOCUMENT = st.builds(
    TemplateDocument,
    title=LINE, summary=TEXT, audience=TEXT,
    competences=st.sets(st.sampled_from([one.id for one in COMPETENCES])).map(sorted).map(tuple),
    steps=st.lists(STEP, max_size=4, unique_by=lambda step: step.key).map(tuple),
)  # fmt: skip


@given(DOCUMENT, LINE)
def test_what_is_written_is_read_back(document: TemplateDocument, comment: str) -> None:
    assert read_file(write_file(document, comment)) == document


@given(DOCUMENT)
def test_json_is_read_too(document: TemplateDocument) -> None:
    data = {"stegvis-template": 1, **to_document(document)}
    del data["version"]
    # The two characters that break a line in YAML 1.1 and not in JSON.
    text = json.dumps(data, ensure_ascii=False).translate(dict.fromkeys(map(ord, "\u2028\x85"), "x"))
    read = to_document(read_file(text))
    assert {**json.loads(text), "version": read["version"]} == {**read, "stegvis-template": 1}


def test_the_documented_example_is_read() -> None:
    text = (Path(__file__).parents[2] / "docs/template-file.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.+?)```", text, re.DOTALL)[1]
    document = read_file(example)
    assert (document.title, [step.key for step in document.steps]) == (
        "Digital safety in three steps",
        ["s1"],
    )


HEAD = "stegvis-template: 1\ntitle: T\n"


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", None, "The file is empty"),
        ("hello", 1, "Names with values are expected"),
        ("- a", 1, "Names with values are expected"),
        ("title: T", 1, "This is no template file"),
        ("stegvis-template: 2\n", 1, "of format 2; here up to 1 is read"),
        ("title: T\nnews: x\nstegvis-template: 9999\n", 3, "of format 9999"),
        ("stegvis-template: one", 1, "This is no template file"),
        (HEAD + "titel: x", 3, "“titel” is not known here"),
        (HEAD + "title: again", 3, "“title” stands here twice"),
        (HEAD + "competences: [1.1, 9.9]", 3, "no competence “9.9”"),
        (HEAD + "competences:\n- 1.1\n- [x]", 5, "no competence"),
        (HEAD + "steps: x", 3, "“steps” is a list"),
        (HEAD + "steps:\n- minutes: long", 4, "“minutes” is a whole number"),
        (HEAD + "steps:\n- minutes: 481", 4, "up to 480"),
        (HEAD + "steps:\n- gap_days: -1", 4, "“gap_days” is a whole number"),
        (HEAD + "steps:\n- mode: online", 4, "on_site, digital or hybrid"),
        (HEAD + "steps:\n- key: a\n- key: a", 5, "Another step has the same key"),
        (HEAD + "steps:\n- key: å", 4, "at most 32 letters"),
        (HEAD + "steps:\n- key: [a]", 4, "at most 32 letters"),
        (HEAD + "steps:\n- title: {a: b}", 4, "“title” is a text"),
        (HEAD + f"summary: {'x' * 2001}", 3, "Shorten it to at most 2000"),
        (HEAD + "steps:\n" + "- key:\n" * 41, 44, "at most 40 steps"),
        (HEAD + "summary: &a x\naudience: *a", 3, "Anchors and aliases"),
        (HEAD + "audience: *a", 3, "Anchors and aliases"),
        (HEAD + "summary: !!python/object/apply:os.system [x]", 3, "Tags"),
        (HEAD + "summary: [[[[[x]]]]]", 3, "nested deeper"),
        ("[" * 100_000, 1, "nested deeper"),
        ("{" * 100_000, 1, ""),
        ("a: " * 100_000, 1, ""),
        (HEAD + "---\ntitle: T", 3, "A second document"),
        (HEAD + "[a]: b", 3, "A name is expected"),
        (HEAD + "summary: 'x", None, "cannot be read as YAML"),
        (HEAD + "\tx: y", 3, "cannot be read as YAML"),
        (HEAD + "summary: \x00", 3, "a character here that no text file"),
        (HEAD + "steps: [" + "{}," * 20_000 + "]", None, "far more here"),
        ("x" * (MAX_BYTES + 1), None, "larger than 1 MB"),
    ],
)
def test_what_is_no_template_is_refused(app: Flask, text: str, line: int | None, sentence: str) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}), pytest.raises(FileRefusedError) as told:
        read_file(text)
    fault = told.value.faults[0]
    assert sentence in fault.sentence
    assert line is None or fault.line == line


def test_every_fault_is_told(app: Flask) -> None:
    with pytest.raises(FileRefusedError) as told:
        read_file(HEAD + "competences: [9.9]\nsteps:\n- minutes: x\n  mode: y")
    assert sorted(fault.line for fault in told.value.faults) == [3, 5, 6]


def test_a_file_that_is_too_large_is_refused_before_it_is_read(app: Flask) -> None:
    with pytest.raises(FileRefusedError) as told:
        decode_file(b"\xff" * (MAX_BYTES + 1))
    assert told.value.faults[0].line is None


@pytest.mark.parametrize("data", [b"title: \xff", b"\xff\xfet\x00"])
def test_what_is_no_utf8_is_refused(app: Flask, data: bytes) -> None:
    with pytest.raises(FileRefusedError) as told:
        decode_file(data)
    assert told.value.faults[0].line == 1


@pytest.mark.parametrize(
    "text", ["- " * 500_000, "a\n" * 500_000, "'" * 1_000_000, "? " * 500_000, "|\n" * 500_000]
)
def test_a_great_file_of_nonsense_is_refused_soon(app: Flask, text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(FileRefusedError):
        read_file(text)
    assert time.perf_counter() - began < 3


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def organisation(app: Flask) -> Any:
    return make.organisation()


@pytest.fixture
def browser(organisation: Any, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(("organiser", organisation)))


def test_a_version_is_carried_to_a_new_template(browser: FlaskClient, organisation: Any) -> None:
    version = make.published_template(document=make.template_document(title="Räkna, rätt: 1"))
    answer = browser.get(f"/templates/{version.template_id}/versions/1/file.yaml")
    assert answer.mimetype == "application/yaml"
    into = f"new:{organisation.id}"
    page = browser.post(
        "/templates/import",
        data={"file": (io.BytesIO(answer.data), "t.yaml"), "into": into, "action": "look"},
    )
    assert (page.status_code, "Räkna, rätt: 1" in page.text) == (200, True)
    sent = browser.post("/templates/import", data={"text": answer.text, "into": into, "action": "import"})
    made = db.session.get_one(SeriesTemplate, int(sent.location.split("/")[2]))
    assert (made.organisation_id, from_document(made.draft)) == (
        organisation.id,
        from_document(version.document),
    )


def test_an_import_into_a_draft_shows_the_difference_and_loses_nothing(
    browser: FlaskClient, organisation: Any
) -> None:
    template = make.template(organisation)
    text = write_file(make.template_document(title="Other"))
    data = {"text": text, "into": f"draft:{template.id}"}
    page = browser.post("/templates/import", data={**data, "action": "look"})
    assert "<ins>Other</ins>" in page.text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', page.text)[1]
    stale = browser.post("/templates/import", data={**data, "action": "import", "revision": "7"})
    assert (stale.status_code, "Someone changed the draft meanwhile" in stale.text) == (422, True)
    assert db.session.get_one(SeriesTemplate, template.id).title == template.title != "Other"
    sent = browser.post("/templates/import", data={**data, "action": "import", "revision": revision})
    assert sent.status_code == 302
    assert db.session.get_one(SeriesTemplate, template.id).title == "Other"


def test_a_broken_file_comes_back_with_its_text_and_lines(browser: FlaskClient, organisation: Any) -> None:
    text = HEAD + "competences: [9.9]\nnews: x"
    answer = browser.post(
        "/templates/import",
        data={"file": (io.BytesIO(text.encode()), "t.yaml"), "into": f"new:{organisation.id}"},
    )
    assert answer.status_code == 422
    assert "Line 3: There is no competence" in answer.text
    assert "Line 4:" in answer.text
    assert "competences: [9.9]" in answer.text
    empty = browser.post("/templates/import", data={"into": f"new:{organisation.id}"})
    assert (empty.status_code, "Choose a file, or paste its text." in empty.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"title: \xff", "This is not UTF-8 text"),
        (b"PK\x03\x04" + bytes(range(256)), "This is not UTF-8 text"),
        (b"stegvis-template: 1\nsummary: \x00", "a character here"),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_words(
    browser: FlaskClient, organisation: Any, data: bytes, sentence: str
) -> None:
    answer = browser.post(
        "/templates/import", data={"file": (io.BytesIO(data), "t.yaml"), "into": f"new:{organisation.id}"}
    )
    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_nobody_imports_into_anothers_template(browser: FlaskClient) -> None:
    other = make.template(make.organisation())
    for into in (f"draft:{other.id}", f"new:{other.organisation_id}", "new:x", ""):
        data = {
            "text": write_file(make.template_document()),
            "into": into,
            "action": "import",
            "revision": "1",
        }
        assert browser.post("/templates/import", data=data).status_code == 422


def test_what_is_not_shown_is_not_exported(client: FlaskClient) -> None:
    version = make.published_template()
    version.template.visibility = "own"
    db.session.commit()
    assert client.get(f"/templates/{version.template_id}/versions/1/file.yaml").status_code == 404

"""Every sentence of the pages has its Swedish, no stale one is left, and placeholders agree.

`make messages` collects what is new; then translate it in the catalogue and run it once more to compile.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from planner.base.config import ROOT

CATALOGUE = ROOT / "planner" / "translations" / "sv" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ["-k", "_", "-k", "_l:1", "-k", "ngettext:1,2", "-k", "_n:1,2"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """The sentences in the code and the templates as they stand."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", *KEYWORDS]
    subprocess.run([*command, "--ignore-dirs", ".* var", "-o", str(target), "."], cwd=ROOT, check=True)
    return polib.pofile(str(target))


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def ids(file: polib.POFile) -> set[tuple[str, str]]:
    return {(entry.msgid, entry.msgid_plural) for entry in file if not entry.obsolete}


def test_the_catalogue_holds_what_the_pages_say_and_nothing_else(
    collected: polib.POFile, catalogue: polib.POFile
) -> None:
    assert sorted(ids(collected) - ids(catalogue)) == []
    assert sorted(ids(catalogue) - ids(collected)) == []


def test_everything_is_translated(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_placeholders_agree(catalogue: polib.POFile) -> None:
    wrong = []
    for entry in catalogue:
        wanted = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
        given = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wrong.extend(entry.msgid for text in given if not set(PLACEHOLDER.findall(text)) <= wanted)
        if not entry.msgid_plural and set(PLACEHOLDER.findall(entry.msgstr)) != wanted:
            wrong.append(entry.msgid)
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(Path(CATALOGUE).with_suffix(".mo")))
    assert {(entry.msgid, entry.msgstr) for entry in compiled} == {
        (entry.msgid, entry.msgstr) for entry in catalogue if not entry.obsolete
    }


def test_no_sentence_breaks_the_markup_around_it(catalogue: polib.POFile) -> None:
    """Templates trust a sentence as markup (typed values in it are escaped), also inside attributes."""
    texts = [
        text
        for entry in catalogue
        for text in (entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values())
    ]
    assert [text for text in texts if set(text) & set('<>"')] == []

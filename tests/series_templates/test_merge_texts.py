import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.series_templates.merge import merge_lines, merge_paragraphs

# --- by paragraph ---


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("A B C", "A1 B C", "A B C1", "A1 B C1"),
        ("A B", "A1 B", "A B1", "A1 B1"),  # neighbours, with a gap between them
        ("A B", "A B L", "A1 B", "A1 B L"),
        ("A B C", "A1 B", "A1 B C", "A1 B"),  # the same change once, and another
        ("A B", "A B N", "A B N", "A B N"),
        ("A B C D", "A1 B C D1", "A B1 C D", "A1 B1 C D1"),
        # the same paragraph
        ("A B", "A1 B", "A2 B", None),
        ("", "L", "N", None),
        ("A B", "A B L", "A B N", None),
        ("A", "", "A1", None),
        # which gap went with it nobody can tell
        ("A B C", "A C", "A B C1", None),
        ("A B", "A L B", "A B1", None),
        # changed places, or there twice
        ("A B C", "C A B", "A B1 C", None),
        ("A A B", "A A B1", "A1 A B", None),
    ],
)
def test_paragraphs(base: str, ours: str, theirs: str, merged: str | None) -> None:
    def text(words: str) -> str:
        return words.replace(" ", "\n\n")

    wanted = None if merged is None else text(merged)
    assert merge_paragraphs(text(base), text(ours), text(theirs)) == wanted
    assert merge_paragraphs(text(base), text(theirs), text(ours)) == wanted


def test_a_line_within_a_paragraph_changes_the_paragraph() -> None:
    assert merge_paragraphs("a\nb\n\nc", "a\nb1\n\nc", "a1\nb\n\nc") is None


@pytest.mark.parametrize("odd", ["A\n\n\nB", "\n\nA\n\nB", "A\n\nB\n\n", "A\n\n \n\nB"])
def test_odd_gaps_are_not_guessed_about(odd: str) -> None:
    assert merge_paragraphs(odd, odd.replace("A", "A1"), odd.replace("B", "B1")) is None


# --- by line ---


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("A B C", "A1 B C", "A B C1", "A1 B C1"),
        ("A B", "L A B", "A B N", "L A B N"),
        ("A B C", "B C", "A B", "B"),
        ("A B", "A1 B", "A B1", None),  # neighbouring lines
        ("A B", "A L B", "A B1", None),
        ("A B", "A B L", "A B N", None),
        ("A B", "B A", "A B N", None),
    ],
)
def test_lines(base: str, ours: str, theirs: str, merged: str | None) -> None:
    base, ours, theirs = (text.replace(" ", "\n") for text in (base, ours, theirs))
    wanted = None if merged is None else merged.replace(" ", "\n")
    assert merge_lines(base, ours, theirs) == merge_lines(base, theirs, ours) == wanted


# --- beside git ---

PLAIN = [f"w{n}" for n in range(10)]
LONG = [*PLAIN, *(f"w{n}\nw{n + 1}" for n in range(10))]


def edited(tokens: list[str], codes: list[int], words: list[str]) -> list[str]:
    for code in codes:
        kind, n = code % 4, code // 4
        at, word = n % (len(tokens) + 1), words[n // 7 % len(words)]
        if kind == 0:
            tokens = [*tokens[:at], word, *tokens[at:]]
        elif kind == 1:
            tokens = [*tokens[:at], word, *tokens[at + 1 :]]
        elif kind == 2:
            tokens = [*tokens[:at], *tokens[at + 1 :]]
        elif tokens:
            rest = [*tokens[: at - 1], *tokens[at:]] if at else tokens[1:]
            tokens = [*rest[: n // 7 % 4], tokens[at - 1 if at else 0], *rest[n // 7 % 4 :]]
    return tokens


codes = st.lists(st.integers(0, 559), max_size=3)
sides = st.tuples(st.integers(0, 6), codes, codes, codes)


def texts(drawn: tuple[int, list[int], list[int], list[int]], words: list[str], between: str) -> list[str]:
    count, first, ours, theirs = drawn
    base = edited(words[:count], first, words)
    return [between.join(side) for side in (base, edited(base, ours, words), edited(base, theirs, words))]


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None:
        pytest.skip("there is no git here to merge the same texts with")
    return tmp_path_factory.mktemp("merges")


def merged_by_git(folder: Path, base: str, ours: str, theirs: str) -> str | None:
    """What git makes of the three as files; None where it reports a conflict."""
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (folder / name).write_text(f"{text}\n" if text else "")
    done = subprocess.run(
        ["git", "merge-file", "-p", "-q", "ours", "base", "theirs"],
        cwd=folder, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert 0 <= done.returncode < 128, done.stderr
    return None if done.returncode else done.stdout.rstrip("\n")


def compare(folder: Path, base: str, ours: str, theirs: str, merged: str | None) -> None:
    by_git = merged_by_git(folder, base, ours, theirs)
    if by_git is None:
        assert merged is None
    elif merged is not None:
        assert merged == by_git


@settings(max_examples=2000, deadline=None)
@given(sides)
def test_paragraphs_conflict_wherever_git_finds_a_conflict(
    git: Path, drawn: tuple[int, list[int], list[int], list[int]]
) -> None:
    base, ours, theirs = texts(drawn, LONG, "\n\n")
    if ours != theirs and base not in (ours, theirs):
        compare(git, base, ours, theirs, merge_paragraphs(base, ours, theirs))


@settings(max_examples=2000, deadline=None)
@given(sides)
def test_lines_conflict_wherever_git_finds_a_conflict(
    git: Path, drawn: tuple[int, list[int], list[int], list[int]]
) -> None:
    base, ours, theirs = texts(drawn, PLAIN, "\n")
    if ours != theirs and base not in (ours, theirs):
        compare(git, base, ours, theirs, merge_lines(base, ours, theirs))

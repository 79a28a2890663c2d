"""Three-way merge of a text by its paragraphs, or of a list by its lines. None means: someone has to choose.

It never finds fewer conflicts than `git merge-file`. Where a text could be lined up with its base in more than one way
(a line that stands twice, lines that changed places) it does not choose among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class _Hunk:
    """`base[start:end]` became `tokens`; `first` and `last` are the outermost places it may be seen to touch."""

    start: int
    end: int
    tokens: tuple[str, ...]
    first: int
    last: int

    def is_clear_of(self, other: _Hunk) -> bool:
        """Whether something unchanged stands between the two."""
        return self.last < other.first or other.last < self.first

    def same_as(self, other: _Hunk) -> bool:
        """Whether both sides did the very same."""
        return (self.start, self.end, self.tokens) == (other.start, other.end, other.tokens)


def merge_paragraphs(base: str, ours: str, theirs: str) -> str | None:
    """The text with both sides' paragraphs; None where they changed the same one, or it cannot be told."""
    split = [tuple(re.split(r"\n\n", text)) if text else () for text in (base, ours, theirs)]
    if any(not part.strip() or part.startswith("\n") for parts in split for part in parts):
        return None  # odd gaps between paragraphs: what belongs to which is a guess
    merged = _merged(*split, has_gaps=True)
    return None if merged is None else _BETWEEN.join(merged)


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """The list with both sides' lines; None where they changed the same or neighbouring ones."""
    split = [tuple(text.split("\n")) if text else () for text in (base, ours, theirs)]
    merged = _merged(*split, has_gaps=False)
    return None if merged is None else "\n".join(merged)


def _merged(
    base: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...], *, has_gaps: bool
) -> list[str] | None:
    if any(_repeats(side) for side in (base, ours, theirs)):
        return None
    local, new = _hunks(base, ours, has_gaps=has_gaps), _hunks(base, theirs, has_gaps=has_gaps)
    for one in local:
        if any(not one.same_as(other) and not one.is_clear_of(other) for other in new):
            return None
    chosen = {(hunk.start, hunk.end): hunk for hunk in (*local, *new)}
    merged = list(base)
    for start, end in sorted(chosen, reverse=True):
        merged[start:end] = chosen[start, end].tokens
    return merged


def _lines(tokens: Sequence[str]) -> list[str]:
    return [line for token in tokens for line in token.split("\n")]


def _repeats(tokens: Sequence[str]) -> bool:
    lines = _lines(tokens)
    return len(set(lines)) < len(lines)


def _hunks(base: tuple[str, ...], side: tuple[str, ...], *, has_gaps: bool) -> list[_Hunk]:
    """What `side` changed, in order; one hunk over all of it when that could be told in several ways."""
    spans = _spans(base, side)
    growth = [(until - there) - (end - start) for start, end, there, until in spans]
    # With gaps, one paragraph gone and another new may as well be all those between them changed.
    is_shifted = has_gaps and min(growth, default=0) < 0 < max(growth, default=0)
    if is_shifted or _is_crossed(_lines(base), _lines(side)):
        return [_hunk(side, _hull(base, side), has_gaps=has_gaps, is_even=False)]
    return [
        _hunk(side, span, has_gaps=has_gaps, is_even=not grown)
        for span, grown in zip(spans, growth, strict=True)
    ]


def _is_crossed(base: list[str], side: list[str]) -> bool:
    known, kept = set(base), set(side)
    return [line for line in base if line in kept] != [line for line in side if line in known]


def _spans(base: tuple[str, ...], side: tuple[str, ...]) -> list[tuple[int, int, int, int]]:
    """Between the tokens that both have, once and in the same order: (start, end) in the base, then in the side."""
    places = {token: place for place, token in enumerate(side)}
    shared = [(place, places[token]) for place, token in enumerate(base) if token in places]
    spans, before, here = [], 0, 0
    for place, there in (*shared, (len(base), len(side))):
        if before < place or here < there:
            spans.append((before, place, here, there))
        before, here = place + 1, there + 1
    return spans


def _hull(base: tuple[str, ...], side: tuple[str, ...]) -> tuple[int, int, int, int]:
    shortest = min(len(base), len(side))
    start = next((n for n in range(shortest) if base[n] != side[n]), shortest)
    tail = next((n for n in range(shortest - start) if base[-1 - n] != side[-1 - n]), shortest - start)
    return (start, len(base) - tail, start, len(side) - tail)


def _hunk(side: tuple[str, ...], span: tuple[int, int, int, int], *, has_gaps: bool, is_even: bool) -> _Hunk:
    """With gaps a paragraph n stands at 2n and the gap after it at 2n + 1, so that neighbours are clear of each other.

    Where paragraphs came or went, one of the gaps around them did too, and nobody can tell which.
    """
    start, end, there, until = span
    first, last = start, end
    if has_gaps:
        first, last = (2 * start, 2 * end - 1) if is_even else (2 * start - 1, 2 * end)
    return _Hunk(start, end, side[there:until], first, last)

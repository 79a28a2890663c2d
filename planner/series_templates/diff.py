"""What differs between two template documents, told as a reader would: field by field, step by step.

Steps are matched by key. A step that stands elsewhere among those both have is *moved*, never removed and added; as
few steps as possible are called moved.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from planner.series_templates.rules import StepDocument, TemplateDocument

# More pairs of equal words than this make a comparison slow; such a text is compared line by line instead.
MOST_PAIRS = 40_000


class Mark(StrEnum):
    """Where a piece of text stands."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both have, or only one of them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with another value. `path` is as in merges: "title", "steps.<key>.minutes".

    `pieces` are a text's words with marks; empty for other values, and for a text that was or became empty.
    """

    path: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """The field's own name, without where it stands."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class StepChange:
    """What happened to one step. `place_before`, `place_after` count from 1; None where it is missing."""

    step: StepDocument  # as it is afterwards, or as it was when it is gone
    place_before: int | None
    place_after: int | None
    is_moved: bool
    fields: tuple[FieldChange, ...]

    @property
    def path(self) -> str:
        """The whole step's path."""
        return f"steps.{self.step.key}"

    @property
    def is_added(self) -> bool:
        """Whether only the later document has it."""
        return self.place_before is None

    @property
    def is_removed(self) -> bool:
        """Whether only the earlier document has it."""
        return self.place_after is None

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to tell."""
        return self.is_added or self.is_removed or self.is_moved or bool(self.fields)


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs; `steps` holds only steps with something to tell, in the order of the later document."""

    before: TemplateDocument
    after: TemplateDocument
    fields: tuple[FieldChange, ...]
    steps: tuple[StepChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.steps)

    @property
    def moved(self) -> tuple[StepChange, ...]:
        """The steps that stand elsewhere; together they are the path "steps"."""
        return tuple(step for step in self.steps if step.is_moved)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every changed path, in the order of the page: fields, whole steps, and "steps" for the order."""
        steps = (
            [one.path] if one.is_added or one.is_removed else [field.path for field in one.fields]
            for one in self.steps
        )
        order = ("steps",) if self.moved else ()
        return (*(field.path for field in self.fields), *order, *(path for paths in steps for path in paths))


def diff(before: TemplateDocument, after: TemplateDocument) -> Diff:
    """What changes when `before` becomes `after`."""
    texts = [field.name for field in fields(TemplateDocument) if field.name != "steps"]
    return Diff(before, after, tuple(_fields(before, after, texts, "")), tuple(_steps(before, after)))


def count_changed_steps(before: Sequence[StepDocument], after: Sequence[StepDocument]) -> int:
    """How many steps the diff of two documents would tell of, without looking for words."""
    was, now = {step.key: step for step in before}, {step.key: step for step in after}
    moved = moved_keys(tuple(was), tuple(now))
    return sum(key in moved or was.get(key) != now.get(key) for key in was.keys() | now.keys())


def _fields(before: Any, after: Any, names: Sequence[str], at: str) -> Iterator[FieldChange]:
    for name in names:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            both = type(was) is str and type(now) is str and was and now
            yield FieldChange(at + name, was, now, marked(was, now) if both else ())


def _steps(before: TemplateDocument, after: TemplateDocument) -> Iterator[StepChange]:
    was = {step.key: (place, step) for place, step in enumerate(before.steps, start=1)}
    now = {step.key: (place, step) for place, step in enumerate(after.steps, start=1)}
    moved = moved_keys(before.step_keys, after.step_keys)
    names = [field.name for field in fields(StepDocument) if field.name != "key"]
    for key in _both_orders(before.step_keys, after.step_keys):
        place_before, old = was.get(key, (None, None))
        place_after, new = now.get(key, (None, None))
        shown = new or old
        assert shown is not None  # noqa: S101 - the key comes from one of them
        changes = tuple(_fields(old, new, names, f"steps.{key}.")) if old and new else ()
        change = StepChange(shown, place_before, place_after, key in moved, changes)
        if change.is_changed:
            yield change


def _both_orders(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The keys of `after`, with each that is gone right after the one it followed."""
    order = list(after)
    for place, key in enumerate(before):
        if key not in order:
            order.insert(order.index(before[place - 1]) + 1 if place else 0, key)
    return order


def moved_keys(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The fewest keys that have to move so that those which both have come in the order of `after`."""
    place = {key: number for number, key in enumerate(before)}
    shared = [key for key in after if key in place]
    return frozenset(shared) - frozenset(_longest_rising(shared, place))


def _longest_rising(keys: Sequence[str], place: dict[str, int]) -> Iterator[str]:
    """A longest run of `keys` whose places rise."""
    ends: list[int] = []  # for each length, the lowest place that such a run can end with
    last: list[str] = []  # and the key that stands there
    before: dict[str, str | None] = {}
    for key in keys:
        length = bisect_left(ends, place[key])
        before[key] = last[length - 1] if length else None
        ends[length:] = [place[key], *ends[length + 1 :]]
        last[length:] = [key, *last[length + 1 :]]
    key_at: str | None = last[-1] if last else None
    while key_at is not None:
        yield key_at
        key_at = before[key_at]


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, word by word; what was removed stands before what was added in its place."""
    for words in (r"\S+\s*|\s+", r"[^\n]*\n|[^\n]+"):
        old, new = re.findall(words, before), re.findall(words, after)
        if _pairs(old, new) <= MOST_PAIRS:
            return tuple(_joined(_compared(old, new)))
    return (Piece(Mark.REMOVED, before), Piece(Mark.ADDED, after))


def _pairs(old: list[str], new: list[str]) -> int:
    counts = Counter(new)
    return sum(count * counts[word] for word, count in Counter(old).items())


def _compared(old: list[str], new: list[str]) -> Iterator[Piece]:
    for _tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if _tag == "equal":
            yield Piece(Mark.SAME, "".join(old[i:j]))
        else:
            yield from _exchanged("".join(old[i:j]), "".join(new[k:m]))


def _exchanged(old: str, new: str) -> Iterator[Piece]:
    """One text instead of another; the space after both is marked in neither."""
    space = old[len(old.rstrip()) :]
    if space and new.endswith(space) and new.rstrip() + space == new:
        old, new = old[: -len(space)], new[: -len(space)]
        yield from (Piece(Mark.REMOVED, old), Piece(Mark.ADDED, new), Piece(Mark.SAME, space))
    else:
        yield from (Piece(Mark.REMOVED, old), Piece(Mark.ADDED, new))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.text)

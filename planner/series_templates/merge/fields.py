"""One field as each side has it, what the sides did with it, and what may be decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from planner.series_templates.merge.texts import merge_lines, merge_paragraphs
from planner.series_templates.rules import MOST_CHARACTERS, Mode, StepDocument

Value: TypeAlias = str | int | Mode | tuple[str, ...] | StepDocument | None

_BY_PARAGRAPH = frozenset(("summary", "audience", "goals", "preparation"))
_BY_LINE = frozenset(("materials", "follow_up"))


class UnfitDecisionError(ValueError):
    """A decision that this field does not offer."""


class Outcome(StrEnum):
    """What the two sides did with a field since the base."""

    SAME = "same"  # neither changed it, or both to the same
    TAKE_THEIRS = "take_theirs"  # only the new version changed it
    KEEP_OURS = "keep_ours"  # only the series changed it
    COMBINED = "combined"  # both changed a text, in different paragraphs or lines: it can have both
    CONFLICT = "conflict"  # both changed it, differently: the planner chooses
    LOCKED = "locked"  # the new version changed it, and the series does not want to be asked


class Side(StrEnum):
    """Whose value is chosen."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"  # of a combined text


@dataclass(frozen=True, slots=True)
class Written:
    """A third value, neither side's."""

    value: Value


Decision: TypeAlias = Side | Written


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """One field, or one whole step, or the steps' order, as each side has it.

    `path` is "title", "steps.<key>.minutes" and the like; "steps.<key>" for a step that is not on every side
    (None where it is missing); "steps" for the order, as the keys each choice would give. `both` is a combined text.
    """

    path: str
    base: Value
    ours: Value
    theirs: Value
    outcome: Outcome
    both: str | None = None

    @property
    def name(self) -> str:
        """The field's own name; "step" for a whole step."""
        parts = self.path.split(".")
        return "step" if len(parts) == 2 else parts[-1]

    @property
    def key(self) -> str:
        """The key of the step it belongs to; empty for the template's own fields."""
        parts = self.path.split(".")
        return parts[1] if len(parts) > 1 else ""

    @property
    def default(self) -> Side:
        """Whose value stands until someone chooses: ours wherever it was touched and theirs would undo that."""
        if self.outcome is Outcome.COMBINED:
            return Side.BOTH
        return Side.THEIRS if self.outcome is Outcome.TAKE_THEIRS else Side.OURS

    def value(self, decision: Decision) -> Value:
        """The field's value by this decision. Raises UnfitDecisionError for one that it does not offer."""
        if isinstance(decision, Written):
            if self.outcome is Outcome.LOCKED or not self._fits(decision.value):
                raise UnfitDecisionError(self.path)
            return decision.value
        if decision is Side.OURS or (decision is Side.THEIRS and self.outcome is not Outcome.LOCKED):
            return self.ours if decision is Side.OURS else self.theirs
        if decision is Side.BOTH and self.outcome is Outcome.COMBINED:
            return self.both
        raise UnfitDecisionError(self.path)

    def _fits(self, value: Value) -> bool:
        if self.name in {"step", "steps"}:
            # An own order names each of the steps once. Of a whole step there is ours, theirs, or none.
            return self.name == "steps" and isinstance(value, tuple) and sorted(value) == sorted(self._keys())
        return type(value) is type(self.ours)

    def _keys(self) -> tuple[str, ...]:
        return self.ours if isinstance(self.ours, tuple) else ()


def merged_field(
    path: str, base: Value, ours: Value, theirs: Value, *, is_locked: bool = False
) -> FieldMerge:
    """The field with what the sides did to it."""
    if ours == theirs:
        outcome = Outcome.SAME
    elif theirs == base:
        outcome = Outcome.KEEP_OURS
    elif is_locked:
        outcome = Outcome.LOCKED
    elif ours == base:
        outcome = Outcome.TAKE_THEIRS
    else:
        both = _both(path.rpartition(".")[2], base, ours, theirs)
        outcome = Outcome.CONFLICT if both is None else Outcome.COMBINED
        return FieldMerge(path, base, ours, theirs, outcome, both)
    return FieldMerge(path, base, ours, theirs, outcome)


def _both(name: str, base: Value, ours: Value, theirs: Value) -> str | None:
    if not (isinstance(base, str) and isinstance(ours, str) and isinstance(theirs, str)):
        return None
    if name in _BY_PARAGRAPH:
        both = merge_paragraphs(base, ours, theirs)
    elif name in _BY_LINE:
        both = merge_lines(base, ours, theirs)
    else:
        return None
    return both if both is None or len(both) <= MOST_CHARACTERS[name] else None

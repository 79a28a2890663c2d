"""Whole documents merged field by field, and the document that decisions give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from planner.series_templates.merge.fields import (
    Decision,
    FieldMerge,
    Outcome,
    Side,
    Value,
    Written,
    merged_field,
)
from planner.series_templates.merge.order import is_certain, only, woven
from planner.series_templates.rules import StepDocument, TemplateDocument

TEXTS = ("title", "summary", "audience", "competences")
STEP_FIELDS = tuple(field.name for field in fields(StepDocument) if field.name != "key")
ORDER = "steps"


@dataclass(frozen=True, slots=True)
class Merge:
    """All fields in the order of the page, and the document they give unless someone chooses otherwise."""

    base: TemplateDocument
    ours: TemplateDocument
    theirs: TemplateDocument
    fields: tuple[FieldMerge, ...]

    @property
    def document(self) -> TemplateDocument:
        """Theirs where only they changed something, ours everywhere else, conflicts included."""
        return self.resolved({})

    @property
    def offers(self) -> tuple[FieldMerge, ...]:
        """What the new version would change here without taking anything local away."""
        return self.having(Outcome.TAKE_THEIRS, Outcome.COMBINED)

    @property
    def conflicts(self) -> tuple[FieldMerge, ...]:
        """What someone has to choose about."""
        return self.having(Outcome.CONFLICT)

    def having(self, *outcomes: Outcome) -> tuple[FieldMerge, ...]:
        """The fields with one of these outcomes, in the order of the page."""
        return tuple(field for field in self.fields if field.outcome in outcomes)

    def resolved(self, decisions: Mapping[str, Decision]) -> TemplateDocument:
        """The document with these decisions by path, and each other field's default.

        Raises KeyError for a path that is not in `fields`, UnfitDecisionError for what a field does not offer.
        """
        if unknown := decisions.keys() - {field.path for field in self.fields}:
            raise KeyError(f"no such field: {sorted(unknown)}")
        chosen = {field.path: decisions.get(field.path, field.default) for field in self.fields}
        values = {field.path: field.value(chosen[field.path]) for field in self.fields}
        steps = {step.key: step for step in _built(self.ours, self.theirs, values)}
        order = _ordered(self.ours, self.theirs, chosen[ORDER], steps)
        texts: dict[str, Any] = {name: values[name] for name in TEXTS}
        return TemplateDocument(**texts, steps=tuple(steps[key] for key in order))


def merge3(
    base: TemplateDocument,
    ours: TemplateDocument,
    theirs: TemplateDocument,
    *,
    locked: Collection[str] = frozenset(),
) -> Merge:
    """What each side did since the base, field by field; a change in `ours` is never taken away.

    Where a path is in `locked`, or a whole step's is, what theirs has is not offered.
    """
    texts = list(_values(base, ours, theirs, TEXTS, "", locked))
    steps = list(_steps(base, ours, theirs, locked))
    order = _order(base, ours, theirs, steps, is_locked=ORDER in locked)
    return Merge(base, ours, theirs, (*texts, order, *steps))


def _values(
    base: object, ours: object, theirs: object, names: Iterable[str], at: str, locked: Collection[str]
) -> Iterator[FieldMerge]:
    for name in names:
        yield merged_field(
            at + name,
            getattr(base, name, None),  # a step that both sides added with one key has no base
            getattr(ours, name),
            getattr(theirs, name),
            is_locked=at + name in locked or at.rstrip(".") in locked,
        )


def _steps(
    base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument, locked: Collection[str]
) -> Iterator[FieldMerge]:
    was, local, new = _by_key(base), _by_key(ours), _by_key(theirs)
    for key in dict.fromkeys((*ours.step_keys, *theirs.step_keys)):
        path = f"steps.{key}"
        if key in local and key in new:
            yield from _values(was.get(key), local[key], new[key], STEP_FIELDS, f"{path}.", locked)
        else:
            found = merged_field(path, was.get(key), local.get(key), new.get(key), is_locked=path in locked)
            if found.outcome is Outcome.TAKE_THEIRS and _holds_lock(path, locked):
                # Gone in the new version, and something in it is ours: nobody but the planner can tell.
                found = FieldMerge(path, found.base, found.ours, found.theirs, Outcome.CONFLICT)
            yield found


def _holds_lock(path: str, locked: Collection[str]) -> bool:
    return any(one.startswith(f"{path}.") for one in locked)


def _order(
    base: TemplateDocument,
    ours: TemplateDocument,
    theirs: TemplateDocument,
    steps: Iterable[FieldMerge],
    *,
    is_locked: bool,
) -> FieldMerge:
    """The order of the steps; a conflict also where a step that only one side has could stand in two places."""
    gone = {field.key for field in steps if field.name == "step" and field.value(field.default) is None}
    present = (set(ours.step_keys) | set(theirs.step_keys)) - gone
    shared = present & set(ours.step_keys) & set(theirs.step_keys)
    outcome = merged_field(
        ORDER,
        only(base.step_keys, shared),
        only(ours.step_keys, shared),
        only(theirs.step_keys, shared),
        is_locked=is_locked,
    ).outcome
    first, second = (theirs, ours) if outcome is Outcome.TAKE_THEIRS else (ours, theirs)
    is_clear = is_certain(first.step_keys, second.step_keys, present)
    if outcome is not Outcome.LOCKED and not is_locked and not is_clear:
        outcome = Outcome.CONFLICT
    return FieldMerge(
        ORDER,
        only(base.step_keys, present),
        woven(ours.step_keys, theirs.step_keys, present),
        woven(theirs.step_keys, ours.step_keys, present),
        outcome,
    )


def _built(
    ours: TemplateDocument, theirs: TemplateDocument, values: Mapping[str, Value]
) -> Iterator[StepDocument]:
    local, new = _by_key(ours), _by_key(theirs)
    for key in dict.fromkeys((*ours.step_keys, *theirs.step_keys)):
        if key in local and key in new:
            named: dict[str, Any] = {name: values[f"steps.{key}.{name}"] for name in STEP_FIELDS}
            yield StepDocument(key, **named)
        elif isinstance(step := values[f"steps.{key}"], StepDocument):
            yield step


def _ordered(
    ours: TemplateDocument, theirs: TemplateDocument, decision: Decision, present: Collection[str]
) -> tuple[str, ...]:
    if isinstance(decision, Written) and isinstance(decision.value, tuple):
        # A step that another decision brought back finds its place as it does in an order of ours.
        return woven(woven(decision.value, ours.step_keys, present), theirs.step_keys, present)
    first, second = (theirs, ours) if decision is Side.THEIRS else (ours, theirs)
    return woven(first.step_keys, second.step_keys, present)


def _by_key(template: TemplateDocument) -> dict[str, StepDocument]:
    return {step.key: step for step in template.steps}

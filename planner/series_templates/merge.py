"""Three-way merge of template documents: what a new version offers a series that has its own changes.

`base` is the version the series came from, `ours` the series as it is now, `theirs` the new version.
Steps are matched by key, never by place or title.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from planner.series_templates.rules import Mode, StepDocument, TemplateDocument

_TEXTS = ("title", "summary", "audience", "competences")
_STEP_FIELDS = tuple(field.name for field in fields(StepDocument) if field.name != "key")

Value = str | int | Mode | tuple[str, ...] | StepDocument | None


class Outcome(StrEnum):
    """What the two sides did with a field since the base."""

    SAME = "same"  # neither changed it, or both to the same
    TAKE_THEIRS = "take_theirs"  # only the new version changed it
    KEEP_OURS = "keep_ours"  # only the series changed it
    CONFLICT = "conflict"  # both changed it, differently: the planner chooses


class Side(StrEnum):
    """Whose value is chosen."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """One field, or one whole step, or the steps' order, as each side has it.

    `path` is "title", "steps.<key>.minutes" and the like; "steps.<key>" for a step that is not on every side
    (None where it is missing); "steps" for the order, as the keys of the steps that ours and theirs share.
    """

    path: str
    base: Value
    ours: Value
    theirs: Value
    outcome: Outcome

    @property
    def default(self) -> Side:
        """Whose value stands until someone chooses: theirs only where ours is untouched."""
        return Side.THEIRS if self.outcome is Outcome.TAKE_THEIRS else Side.OURS


@dataclass(frozen=True, slots=True)
class Merge:
    """All fields in the order of the page, and the document they give unless someone chooses otherwise."""

    ours: TemplateDocument
    theirs: TemplateDocument
    fields: tuple[FieldMerge, ...]

    @property
    def document(self) -> TemplateDocument:
        """Theirs where only they changed something, ours everywhere else, conflicts included."""
        return self.resolved({})

    @property
    def offers(self) -> tuple[FieldMerge, ...]:
        """What the new version would change here without touching anything local."""
        return tuple(field for field in self.fields if field.outcome is Outcome.TAKE_THEIRS)

    @property
    def conflicts(self) -> tuple[FieldMerge, ...]:
        """What someone has to choose about."""
        return tuple(field for field in self.fields if field.outcome is Outcome.CONFLICT)

    def resolved(self, choices: Mapping[str, Side]) -> TemplateDocument:
        """The document with these choices by path, and each other field's default.

        Raises KeyError for a path that is not in `fields`.
        """
        chosen = {field.path: field.default for field in self.fields}
        if unknown := choices.keys() - chosen.keys():
            raise KeyError(f"no such field: {sorted(unknown)}")
        return _build(self.ours, self.theirs, chosen | dict(choices))


def merge3(base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument) -> Merge:
    """What each side did since the base, field by field; a change in `ours` is never taken away."""
    texts = _values(base, ours, theirs, _TEXTS, "")
    return Merge(ours, theirs, (*texts, _order(base, ours, theirs), *_steps(base, ours, theirs)))


def _field(path: str, base: Value, ours: Value, theirs: Value) -> FieldMerge:
    if ours == theirs:
        outcome = Outcome.SAME
    elif ours == base:
        outcome = Outcome.TAKE_THEIRS
    elif theirs == base:
        outcome = Outcome.KEEP_OURS
    else:
        outcome = Outcome.CONFLICT
    return FieldMerge(path, base, ours, theirs, outcome)


def _values(
    base: object, ours: object, theirs: object, names: Iterable[str], at: str
) -> Iterator[FieldMerge]:
    for name in names:
        yield _field(
            at + name,
            getattr(base, name, None),  # a step that both sides added with one key has no base
            getattr(ours, name),
            getattr(theirs, name),
        )


def _steps(base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument) -> Iterator[FieldMerge]:
    was, local, new = _by_key(base), _by_key(ours), _by_key(theirs)
    for key in dict.fromkeys((*ours.step_keys, *theirs.step_keys)):
        if key in local and key in new:
            yield from _values(was.get(key), local[key], new[key], _STEP_FIELDS, f"steps.{key}.")
        else:
            yield _field(f"steps.{key}", was.get(key), local.get(key), new.get(key))


def _order(base: TemplateDocument, ours: TemplateDocument, theirs: TemplateDocument) -> FieldMerge:
    shared = set(ours.step_keys) & set(theirs.step_keys)
    return _field(
        "steps",
        _only(base.step_keys, shared),
        _only(ours.step_keys, shared),
        _only(theirs.step_keys, shared),
    )


def _build(ours: TemplateDocument, theirs: TemplateDocument, chosen: Mapping[str, Side]) -> TemplateDocument:
    side = {Side.OURS: ours, Side.THEIRS: theirs}
    local, new = _by_key(ours), _by_key(theirs)
    built: dict[str, StepDocument] = {}
    for key in local.keys() | new.keys():
        if key in local and key in new:
            versions = {Side.OURS: local[key], Side.THEIRS: new[key]}
            built[key] = StepDocument(key, **_chosen(versions, chosen, _STEP_FIELDS, f"steps.{key}."))
        elif key in (local if chosen[f"steps.{key}"] is Side.OURS else new):
            built[key] = local.get(key) or new[key]
    first, second = (ours, theirs) if chosen["steps"] is Side.OURS else (theirs, ours)
    order = _woven(_only(first.step_keys, built), _only(second.step_keys, built))
    return TemplateDocument(
        **_chosen(side, chosen, _TEXTS, ""),
        steps=tuple(built[key] for key in order),
    )


def _chosen(
    side: Mapping[Side, object], chosen: Mapping[str, Side], names: Iterable[str], at: str
) -> dict[str, Any]:
    return {name: getattr(side[chosen[at + name]], name) for name in names}


def _woven(order: tuple[str, ...], other: tuple[str, ...]) -> list[str]:
    """The keys of `order`, with each key only in `other` put right after the one it follows there."""
    woven = list(order)
    for place, key in enumerate(other):
        if key not in order:
            woven.insert(woven.index(other[place - 1]) + 1 if place else 0, key)
    return woven


def _only(keys: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    allowed = set(wanted)
    return tuple(key for key in keys if key in allowed)


def _by_key(template: TemplateDocument) -> dict[str, StepDocument]:
    return {step.key: step for step in template.steps}

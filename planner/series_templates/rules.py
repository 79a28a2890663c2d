"""Template documents: their shape, how they are stored, and what may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from planner.series_templates.errors import DocumentUnreadableError, StepNotFoundError

T = TypeVar("T")

DOCUMENT_VERSION = 2
_ADDED_IN_2 = frozenset(("materials", "follow_up"))  # of a step
LEAST_MINUTES, MOST_MINUTES = 15, 480
MOST_CHARACTERS = {
    "title": 200, "summary": 2000, "audience": 500,
    "goals": 4000, "preparation": 4000, "materials": 4000, "follow_up": 4000,
}  # fmt: skip
MOST_GAP_DAYS = 365
LONGEST_NOTE = 1000  # of a version


class Mode(StrEnum):
    """How people meet."""

    ON_SITE = "on_site"
    DIGITAL = "digital"
    HYBRID = "hybrid"

    @property
    def label(self) -> LazyString:
        """The mode in the page's language."""
        return _MODES[self]


class Visibility(StrEnum):
    """Who finds a template's published versions."""

    OWN = "own"
    COUNTY = "county"
    EVERYONE = "everyone"

    @property
    def label(self) -> LazyString:
        """Who sees it, in the page's language."""
        return _VISIBILITIES[self]


_VISIBILITIES = {
    Visibility.OWN: _l("Our own organisation"),
    Visibility.COUNTY: _l("The county"),
    Visibility.EVERYONE: _l("Everyone"),
}
_MODES = {Mode.ON_SITE: _l("On site"), Mode.DIGITAL: _l("Digital"), Mode.HYBRID: _l("Hybrid")}


@dataclass(frozen=True, slots=True)
class StepDocument:
    """One step. `key` never changes; `gap_days` is the recommended gap to the step before.

    `materials` has one thing a line, in words, as an address or both; `follow_up` one point a line.
    """

    key: str
    title: str
    goals: str
    preparation: str
    minutes: int
    mode: Mode
    gap_days: int
    materials: str = ""
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class TemplateDocument:
    """All that a template says. `competences` are DigComp numbers. Raises ValueError for a key used twice."""

    title: str
    summary: str
    audience: str
    competences: tuple[str, ...]
    steps: tuple[StepDocument, ...]

    def __post_init__(self) -> None:
        if len(set(self.step_keys)) < len(self.steps):
            raise ValueError("two steps have the same key")

    @property
    def step_keys(self) -> tuple[str, ...]:
        """The steps' keys in order."""
        return tuple(step.key for step in self.steps)

    def step(self, key: str) -> StepDocument:
        """The step with that key. Raises StepNotFoundError."""
        for step in self.steps:
            if step.key == key:
                return step
        raise StepNotFoundError(key)


# --- stored as JSON -------------------------------------------------------------------------------


def to_document(template: TemplateDocument) -> dict[str, Any]:
    """The template as JSON values; `from_document` gives back an equal one."""
    return {
        "version": DOCUMENT_VERSION,
        "title": template.title,
        "summary": template.summary,
        "audience": template.audience,
        "competences": list(template.competences),
        "steps": [
            {name.name: getattr(step, name.name) for name in fields(StepDocument)} | {"mode": step.mode.value}
            for step in template.steps
        ],
    }


def from_document(data: object) -> TemplateDocument:
    """The template stored as these JSON values, by this version of the programme or an earlier one.

    Raises DocumentUnreadableError for a later version, a field too many or too few, or a value of another type:
    what is not understood must not be dropped in silence.
    """
    names = {field.name for field in fields(TemplateDocument)}
    found = _mapping(data, names | {"version"}, "document")
    if type(found["version"]) is not int or not 1 <= found["version"] <= DOCUMENT_VERSION:
        raise DocumentUnreadableError(f"document version {found['version']!r}, not 1 to {DOCUMENT_VERSION}")
    competences = [
        _typed(item, str, "competences") for item in _typed(found["competences"], list, "competences")
    ]
    steps = [
        _step_from(item, n, found["version"]) for n, item in enumerate(_typed(found["steps"], list, "steps"))
    ]
    if len({step.key for step in steps}) < len(steps):
        raise DocumentUnreadableError("two steps have the same key")
    return TemplateDocument(
        **{name: _typed(found[name], str, name) for name in ("title", "summary", "audience")},
        competences=tuple(competences),
        steps=tuple(steps),
    )


def _step_from(data: object, number: int, version: int) -> StepDocument:
    path = f"steps[{number}]"
    names = {field.name for field in fields(StepDocument)} - (_ADDED_IN_2 if version < 2 else frozenset())
    found = _mapping(data, names, path)
    kinds = {name: int if name in {"minutes", "gap_days"} else str for name in names}
    values: dict[str, Any] = {
        name: _typed(found[name], kind, f"{path}.{name}") for name, kind in kinds.items()
    }
    return StepDocument(**values | {"mode": _mode(values["mode"], path)})


def _mode(value: str, path: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        raise DocumentUnreadableError(f"{path}.mode is {value!r}") from None


def _mapping(data: object, names: set[str], path: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise DocumentUnreadableError(f"{path} is no object")
    if set(data) != names:
        raise DocumentUnreadableError(
            f"{path} has other fields than expected: {sorted(names ^ set(data), key=str)}"
        )
    return data


def _typed(value: object, kind: type[T], path: str) -> T:
    # An exact type, because JSON's true would pass for a number.
    if type(value) is not kind:
        raise DocumentUnreadableError(f"{path} is not of type {kind.__name__}")
    return value


# --- may it be published --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """What to change before publishing; `path` is as in merges: "title", "steps.<key>.minutes"."""

    path: str
    sentence: LazyString


def problems(template: TemplateDocument) -> list[Problem]:
    """All that keeps the template from being published, in the order of the page; empty when it may be."""
    found: list[Problem] = []
    if not template.title.strip():
        found.append(Problem("title", _l("Give the template a title.")))
    if not template.steps:
        found.append(Problem("steps", _l("Add at least one step.")))
    for number, step in enumerate(template.steps, start=1):
        found += _step_problems(step, number)
    return found


def _step_problems(step: StepDocument, number: int) -> list[Problem]:
    found: list[Problem] = []
    if not step.title.strip():
        found.append(Problem(f"steps.{step.key}.title", _l("Give step %(number)s a title.", number=number)))
    if not LEAST_MINUTES <= step.minutes <= MOST_MINUTES:
        sentence = _l(
            "Let step %(number)s last from %(least)s to %(most)s minutes.",
            number=number,
            least=LEAST_MINUTES,
            most=MOST_MINUTES,
        )
        found.append(Problem(f"steps.{step.key}.minutes", sentence))
    if not 0 <= step.gap_days <= MOST_GAP_DAYS:
        sentence = _l(
            "Choose a gap of 0 to %(most)s days before step %(number)s.", number=number, most=MOST_GAP_DAYS
        )
        found.append(Problem(f"steps.{step.key}.gap_days", sentence))
    return found

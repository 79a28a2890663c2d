"""When two people edited the same draft: both versions in words, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from planner.series_templates.forms.topics import areas_of
from planner.series_templates.merge import FieldMerge, Merge, Side, Value, merge3
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument
from planner.web.formats import format_minutes

PREFIX = "choice-"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that both changed, with both versions in words; `name` is its radio buttons' name."""

    name: str
    label: str
    theirs: str
    yours: str


class ChoicesField(Field):
    """Which side was chosen for each path, from inputs named choice-<path>."""

    widget = None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read every well-formed choice."""
        self.process_errors: list[str] = []
        sides = {side.value: side for side in Side}
        self.data = {
            name.removeprefix(PREFIX): sides[formdata[name]]
            for name in formdata or ()
            if name.startswith(PREFIX) and formdata[name] in sides
        }


def with_choices(
    typed: TemplateDocument, theirs: TemplateDocument, chosen: Mapping[str, Side]
) -> TemplateDocument:
    """What was typed, with their version where that was chosen."""
    merge = merge3(theirs, typed, theirs)
    paths = {field.path for field in merge.fields}
    return merge.resolved({path: side for path, side in chosen.items() if path in paths})


def choices_of(merge: Merge) -> list[Choice]:
    """What someone has to choose about, in words."""
    return [
        Choice(
            PREFIX + field.path,
            _label(field, merge),
            _words(field.path, field.theirs, merge),
            _words(field.path, field.ours, merge),
        )
        for field in merge.conflicts
    ]


def _label(field: FieldMerge, merge: Merge) -> str:
    names = {
        "title": _("Title"),
        "summary": _("Summary"),
        "audience": _("Audience"),
        "competences": _("Topics"),
        "steps": _("Order of the steps"),
        "goals": _("Goals"),
        "preparation": _("Preparation"),
        "materials": _("Materials"),
        "follow_up": _("Follow-up"),
        "minutes": _("Length"),
        "mode": _("Mode"),
        "gap_days": _("Days after the step before"),
    }
    if not field.path.startswith("steps."):
        return names[field.path]
    _steps, key, *rest = field.path.split(".")
    step = _title_of(key, merge)
    return f"{step}: {names[rest[0]]}" if rest else step


def _title_of(key: str, merge: Merge) -> str:
    for document in (merge.ours, merge.theirs):
        if key in document.step_keys and document.step(key).title:
            return document.step(key).title
    return _("A step without a title")


def _words(path: str, value: Value, merge: Merge) -> str:
    if value is None:
        return _("Taken away")
    if isinstance(value, StepDocument):
        parts = (
            value.title,
            format_minutes(value.minutes),
            value.goals,
            value.preparation,
            value.materials,
            value.follow_up,
        )
        return "\n".join(part for part in parts if part)
    if isinstance(value, tuple):
        return "\n".join(_step_titles(value, merge) if path == "steps" else _topics(value))
    if isinstance(value, Mode):
        return str(value.label)
    return format_minutes(int(value)) if path.endswith(".minutes") else str(value)


def _step_titles(keys: tuple[str, ...], merge: Merge) -> list[str]:
    return [f"{number}. {_title_of(key, merge)}" for number, key in enumerate(keys, start=1)]


def _topics(competences: tuple[str, ...]) -> list[str]:
    return [name for area in areas_of(competences) for _id, name in area.competences]

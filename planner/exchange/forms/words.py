"""The values of a merge in words, as the pages of a review show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from flask_babel import gettext as _

from planner.series_templates.diff import FieldChange, marked
from planner.series_templates.forms.differences import field_name
from planner.series_templates.forms.topics import areas_of
from planner.series_templates.merge import FieldMerge, Merge, Value
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument
from planner.web.formats import format_minutes


def decided(choices: Mapping[str, str], *documents: TemplateDocument) -> list[tuple[str, str]]:
    """What was decided about each field, in words: the field with its step's title in one of the documents."""
    words = {
        "ours": _("Kept as it was here"), "theirs": _("Taken from the template"), "both": _("Both put together"),
        "written": _("Written anew"),
    }  # fmt: skip
    return [(_field_in(path, documents), words[choice]) for path, choice in choices.items()]


def _field_in(path: str, documents: Sequence[TemplateDocument]) -> str:
    if not path.startswith("steps."):
        return field_name(path)
    _steps, key, *rest = path.split(".")
    titles = [document.step(key).title for document in documents if key in document.step_keys]
    title = next((title for title in titles if title), _("A step without a title"))
    return f"{title}: {field_name(path)}" if rest else title


def grouped(fields: Sequence[FieldMerge], merge: Merge) -> Iterator[tuple[str, str, list[FieldMerge]]]:
    """The fields under what they belong to: the step's key (empty: the series), its title, and the fields."""
    for key, found in groupby(fields, key=lambda field: field.key):
        yield key, title_of(key, merge) if key else _("The series"), list(found)


def title_of(key: str, merge: Merge) -> str:
    """The title of a step, as the series has it or else the newer version."""
    for document in (merge.ours, merge.theirs, merge.base):
        if key in document.step_keys and document.step(key).title:
            return document.step(key).title
    return _("A step without a title")


def change_of(field: FieldMerge) -> FieldChange:
    """What taking the field's default changes here, for the marks of a difference."""
    return _change(field, field.ours, field.value(field.default))


def _change(field: FieldMerge, before: Value, after: Value) -> FieldChange:
    if type(before) is str and type(after) is str and before and after:
        return FieldChange(field.path, before, after, marked(before, after))
    return FieldChange(field.path, before, after, ())


def in_words(field: FieldMerge, value: Value, merge: Merge) -> str:
    """A value as text, for a choice among several."""
    if value is None:
        return _("Not in it")
    if isinstance(value, StepDocument):
        parts = (value.title, format_minutes(value.minutes), value.goals, value.preparation)
        return "\n".join(part for part in parts if part)
    if isinstance(value, Mode):
        return str(value.label)
    if isinstance(value, tuple):
        if field.name == "steps":
            return "\n".join(f"{number}. {title_of(key, merge)}" for number, key in enumerate(value, start=1))
        return "\n".join(name for area in areas_of(value) for _id, name in area.competences)
    return format_minutes(int(value)) if field.name == "minutes" else str(value)

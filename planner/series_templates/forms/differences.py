"""Names of fields in the page's language, and what changed in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.series_templates.diff import Diff, StepChange

FIELD_NAMES: dict[str, LazyString] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "audience": _l("Audience"),
    "competences": _l("Topics"),
    "steps": _l("Order of the steps"),
    "goals": _l("Goals"),
    "preparation": _l("Preparation"),
    "materials": _l("Materials"),
    "follow_up": _l("Follow-up"),
    "minutes": _l("Length"),
    "mode": _l("Mode"),
    "gap_days": _l("Days after the step before"),
}


def field_name(path: str) -> str:
    """The name of the field at a path: "steps.<key>.minutes" is Length."""
    return str(FIELD_NAMES[path.rpartition(".")[2]])


def path_name(path: str, diff: Diff) -> str:
    """The name of what stands at a path, with its step: "Step: Length"."""
    if not path.startswith("steps."):
        return field_name(path)
    _steps, key, *rest = path.split(".")
    document = diff.after if key in diff.after.step_keys else diff.before
    title = document.step(key).title or _("A step without a title")
    return f"{title}: {field_name(rest[0])}" if rest else title


def summary_of(diff: Diff) -> str:
    """What changed, a line each, to begin a note with."""
    return "\n".join(_lines(diff))


def _lines(diff: Diff) -> Iterator[str]:
    if diff.fields:
        yield _("Changed: %(fields)s.", fields=", ".join(field_name(one.path).lower() for one in diff.fields))
    for step in diff.steps:
        yield from _step_lines(step)


def _step_lines(step: StepChange) -> Iterator[str]:
    title = step.step.title or _("A step without a title")
    if step.is_added:
        yield _("New step: %(step)s.", step=title)
    elif step.is_removed:
        yield _("Step taken away: %(step)s.", step=title)
    if step.is_moved:
        yield _("Moved: %(step)s is now step %(number)s.", step=title, number=step.place_after)
    if step.fields:
        names = ", ".join(field_name(one.path).lower() for one in step.fields)
        yield _("Changed in %(step)s: %(fields)s.", step=title, fields=names)

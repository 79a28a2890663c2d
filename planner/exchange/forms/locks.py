"""Locking a field of a series, or letting it go."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectChoice, SelectField

from planner.series_templates.forms.differences import field_name
from planner.series_templates.rules import TemplateDocument
from planner.web.forms import BaseForm


class LockForm(BaseForm):
    """Which path, and whether it is to be locked."""

    path = SelectField(_l("Field"))
    keep = HiddenField(default="1")

    def offer(self, paths: Iterable[str], document: TemplateDocument) -> None:
        """The paths that may be locked, each under its step."""
        self.path.choices = [_choice(path, document) for path in paths]


def full_name(path: str, document: TemplateDocument) -> str:
    """The field with the step it belongs to."""
    choice = _choice(path, document)
    return f"{choice.optgroup}: {choice.label}" if path.startswith("steps.") else str(choice.label)


def _choice(path: str, document: TemplateDocument) -> SelectChoice:
    if not path.startswith("steps."):
        return SelectChoice(path, field_name(path), optgroup=_("The series"))
    _steps, key, *rest = path.split(".")
    title = document.step(key).title if key in document.step_keys else _("A step that is gone")
    return SelectChoice(path, field_name(path) if rest else _("The whole step"), optgroup=title)

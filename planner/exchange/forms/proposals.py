"""Proposing, and answering a proposal."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, TextAreaField
from wtforms.validators import DataRequired, Length

from planner.series_templates.diff import Diff
from planner.series_templates.forms.differences import path_name
from planner.web.fields import CheckboxesField
from planner.web.forms import BaseForm


class ProposeForm(BaseForm):
    """Which changes, and why."""

    paths = CheckboxesField(_l("Changes"), validate_choice=False)
    comment = TextAreaField(
        _l("Why it is better so"),
        [DataRequired(_l("Say in a few words why, for those who make the template.")), Length(max=2000)],
        render_kw={"rows": 4},
    )

    def offer(self, found: Diff) -> None:
        """Fill the changes that may be chosen."""
        self.paths.choices = [SelectChoice(path, path_name(path, found)) for path in found.paths]

    def name_of(self, path: str) -> str:
        """The change in words."""
        return next((str(one.label) for one in self.paths.choices if one.value == path), path)

    def is_chosen(self, path: str) -> bool:
        """Whether the change is ticked."""
        return path in (self.paths.data or ())


class AnswerForm(BaseForm):
    """A few words to whoever proposed it."""

    answer = TextAreaField(_l("Answer"), [Length(max=2000)], render_kw={"rows": 3})


def chosen(paths: Iterable[str] | None) -> frozenset[str]:
    """The ticked paths."""
    return frozenset(paths or ())

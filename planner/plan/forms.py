"""The filter over a plan; it is sent with GET, so that it stays in the address."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from planner.base.clock import today
from planner.directory.models import Municipality
from planner.directory.rules import COMPETENCES
from planner.plan.rules import (
    LONGEST_WEEKS,
    Period,
    PeriodError,
    PeriodProblem,
    PlanFilter,
    default_period,
    read_period,
)
from planner.series_templates.rules import Mode
from planner.web.formats import in_language
from planner.web.forms import BaseForm


class PlanFilterForm(BaseForm):
    """Municipality, mode, topic and period; what cannot be read gets a sentence and the default."""

    class Meta:
        csrf = False  # reads only

    municipality = SelectField(_l("Municipality"))
    mode = SelectField(_l("Mode"))
    topic = SelectField(_l("Topic"))
    first = StringField(_l("From week"), render_kw={"placeholder": "v. 41", "autocomplete": "off"})
    last = StringField(_l("To week"), render_kw={"placeholder": "v. 12", "autocomplete": "off"})

    def offer(self, places: Iterable[Municipality]) -> None:
        """Fill the choices; an unknown one in the address counts as none."""
        self.municipality.choices = [("", _("All")), *((place.code, place.name) for place in places)]
        self.mode.choices = [("", _("All")), *mode_choices()]
        self.topic.choices = [("", _("All")), *topic_choices()]
        for field in (self.municipality, self.mode, self.topic):
            if field.data not in {value for value, _label in field.choices}:
                field.data = ""

    def wanted(self) -> PlanFilter:
        """What is asked for."""
        return PlanFilter(self.municipality.data, self.mode.data, self.topic.data)

    def period(self, fallback: Period | None = None) -> Period:
        """The weeks asked for; `fallback` (else the default) when none are, or they cannot be read."""
        default = fallback or default_period(today())
        first, last = self.first.data or "", self.last.data or ""
        if not first and not last:
            return default
        try:
            return read_period(first, last, today())
        except PeriodError as error:
            self[error.field].errors = [*self[error.field].errors, _sentence(error.problem)]
            return default


def mode_choices() -> list[tuple[str, str]]:
    """Each mode with its word."""
    return [(Mode.ON_SITE, _("On site")), (Mode.DIGITAL, _("Digital")), (Mode.HYBRID, _("Hybrid"))]


def topic_choices() -> list[tuple[str, str]]:
    """Each competence with its name."""
    return [(item.id, f"{item.id} {in_language(item.name_sv, item.name_en)}") for item in COMPETENCES]


def _sentence(problem: PeriodProblem) -> str:
    return {
        PeriodProblem.UNREADABLE: _("Write a week, such as v. 41 or 2026-W41, or a date."),
        PeriodProblem.NO_SUCH_WEEK: _("That year has no such week."),
        PeriodProblem.BACKWARDS: _("The last week comes before the first."),
        PeriodProblem.TOO_LONG: _("Choose at most %(n)s weeks.", n=LONGEST_WEEKS),
    }[problem]

"""The filter over a plan."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField

from planner.base.clock import today
from planner.directory.forms import place_choices
from planner.directory.models import Municipality
from planner.plan.rules import (
    LONGEST_WEEKS,
    Period,
    PeriodError,
    PeriodProblem,
    PlanFilter,
    default_period,
    read_period,
)
from planner.series_templates.forms.fields import MODE_CHOICES
from planner.series_templates.forms.topics import topic_choices
from planner.web.forms import AddressForm


class PlanFilterForm(AddressForm):
    """Municipality, mode, topic and period; what cannot be read gets a sentence and the default."""

    municipality = SelectField(_l("Municipality"))
    mode = SelectField(_l("Mode"))
    topic = SelectField(_l("Topic"))
    first = StringField(_l("From week"), render_kw={"placeholder": "v. 41", "autocomplete": "off"})
    last = StringField(_l("To week"), render_kw={"placeholder": "v. 12", "autocomplete": "off"})

    def offer(self, places: Iterable[Municipality]) -> None:
        """Fill the choices; an unknown one in the address counts as none."""
        self.municipality.choices = [SelectChoice("", _("All")), *place_choices(places)]
        self.mode.choices = [SelectChoice("", _("All")), *MODE_CHOICES]
        self.topic.choices = [SelectChoice("", _("All")), *topic_choices()]
        for field in (self.municipality, self.mode, self.topic):
            if field.data not in {choice.value for choice in field.choices}:
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


def _sentence(problem: PeriodProblem) -> str:
    return {
        PeriodProblem.UNREADABLE: _("Write a week, such as v. 41 or 2026-W41, or a date."),
        PeriodProblem.NO_SUCH_WEEK: _("That year has no such week."),
        PeriodProblem.BACKWARDS: _("The last week comes before the first."),
        PeriodProblem.TOO_LONG: _("Choose at most %(n)s weeks.", n=LONGEST_WEEKS),
    }[problem]

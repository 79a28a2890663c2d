"""Taking a template into use: where, in whose name, and perhaps from which week."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, ValidationError
from wtforms.validators import InputRequired

from planner.base.clock import today
from planner.base.days import Week
from planner.base.interval import Interval
from planner.directory.forms import place_choices
from planner.directory.models import Municipality, Organisation
from planner.exchange.rules.dates import lay_out
from planner.scheduling.forms.plan import WEEKDAYS
from planner.series_templates.rules import TemplateDocument
from planner.web.fields import CheckboxesField, ClockField, DayField
from planner.web.forms import BaseForm


class UseForm(BaseForm):
    """Which municipalities, which organiser, and a first week for all dates if wanted."""

    municipalities = CheckboxesField(
        _l("Municipalities"),
        [InputRequired(_l("Choose at least one municipality."))],
        description=_l("Each gets a series of its own, as a draft."),
    )
    organisation = SelectField(_l("Organiser"))
    week = DayField(
        _l("First week"),
        whole_weeks=True,
    )
    weekday = SelectField(_l("Weekday"), choices=[SelectChoice(one.value, one.label) for one in WEEKDAYS])
    starts = ClockField(_l("Starts"), default="13:00")

    def offer(self, places: Iterable[Municipality], organisations: Iterable[Organisation]) -> None:
        """Fill what the viewer may choose; what there is only one of is chosen."""
        self.municipalities.choices = place_choices(places)
        self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in organisations]
        if not self.is_submitted() and len(self.municipalities.choices) == 1:
            self.municipalities.data = [self.municipalities.choices[0].value]

    def validate_starts(self, field: ClockField) -> None:
        """A week needs a time."""
        if self.week.data and field.clock is None:
            raise ValidationError(_l("Say when on the day they start, such as 13:00."))

    def validate_week(self, field: DayField) -> None:
        """Dates lie ahead."""
        if field.on is not None and Week.of(field.on) < Week.of(today()):
            raise ValidationError(_l("That week has passed. Choose a coming one."))

    def dates(self, document: TemplateDocument) -> list[Interval | None]:
        """When each step would be; empty without a week. Only after validation."""
        if self.week.on is None or self.starts.clock is None:
            return []
        return lay_out(Week.of(self.week.on), int(self.weekday.data), self.starts.clock, document.steps)

"""What figures are summed by and narrowed to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from planner.base.clock import today
from planner.base.days import DayNotUnderstoodError, is_whole_week, parse_day
from planner.directory.forms import place_choices
from planner.directory.models import Municipality
from planner.reports.rules import FigureFilter, Level, Month, TrainingType, read_month
from planner.web.forms import AddressForm

LEVELS = {
    Level.municipality: _l("Municipality"),
    Level.county: _l("County"),
    Level.month: _l("Month"),
    Level.year: _l("Year"),
    Level.series: _l("Series"),
    Level.step: _l("Step"),
    Level.session: _l("Session"),
    Level.company: _l("Company"),
    Level.size: _l("Size of company"),
    Level.sector: _l("Line of business"),
    Level.template: _l("Template"),
    Level.project: _l("Funder project"),
    Level.kind: _l("Training type"),
}
NONE = "none"


class FigureForm(AddressForm):
    """By what, when, where, and of which series."""

    by = SelectField(_l("Summed by"), default=Level.municipality.value)
    starts = StringField(_l("From"), render_kw={"placeholder": "v. 2"})
    ends = StringField(_l("To"), render_kw={"placeholder": "v. 26"})
    municipality = SelectField(_l("People from"), default="")
    county = SelectField(_l("County"), default="")
    series = SelectField(_l("Series"), default="")
    template = SelectField(_l("Template"), default="")
    project = SelectField(_l("Funder project"), default="")
    kind = SelectField(_l("Training type"), default="")

    def offer(
        self,
        levels: Iterable[Level],
        places: Sequence[Municipality],
        series: Iterable[tuple[int, str]],
        templates: Iterable[tuple[int, str]],
        projects: Iterable[tuple[int, str]],
    ) -> None:
        """Fill the choices."""
        self.by.choices = [SelectChoice(level.value, str(LEVELS[level])) for level in levels]
        self.municipality.choices = [SelectChoice("", _("All municipalities")), *place_choices(places)]
        counties = sorted({(place.county_code, place.county_name) for place in places}, key=lambda c: c[1])
        self.county.choices = [
            SelectChoice("", _("All counties")),
            *(SelectChoice(*each) for each in counties),
        ]
        self.series.choices = [SelectChoice("", _("All series")), *_choices(series)]
        self.template.choices = [SelectChoice("", _("All templates")), *_choices(templates)]
        self.project.choices = [
            SelectChoice("", _("All projects")), *_choices(projects), SelectChoice("0", _("Without a project")),
        ]  # fmt: skip
        self.kind.choices = [
            SelectChoice("", _("All types")),
            *(SelectChoice(kind.value, str(kind.label)) for kind in TrainingType),
            SelectChoice(NONE, _("Not said")),
        ]

    @property
    def level(self) -> Level:
        """What to sum by."""
        offered = {str(choice.value) for choice in self.by.choices or ()}
        return Level(self.by.data) if self.by.data in offered else Level.municipality

    def validate_starts(self, field: Any) -> None:
        """Must be a day or a week, or empty."""
        self.read_day(field.data)

    def validate_ends(self, field: Any) -> None:
        """Must be a day or a week, or empty; not before the start."""
        ends = self.read_day(field.data, last=True)
        try:
            starts = self.read_day(self.starts.data)
        except ValidationError:
            return
        if starts and ends and ends < starts:
            raise ValidationError(_("The period ends before it starts."))

    def read_day(self, text: str | None, *, last: bool = False) -> date | None:
        """The day typed; of a week alone its Monday, or its Sunday when the `last` day is meant."""
        if not text:
            return None
        try:
            day = parse_day(text, today())
        except DayNotUnderstoodError:
            raise ValidationError(
                _("Write a day or a week, such as 2026-10-05, 5 Oct or wk 41 2026.")
            ) from None
        return day + timedelta(days=6) if last and is_whole_week(text) else day

    def filter(self) -> FigureFilter:
        """The filter of a valid form."""
        kind = self.kind.data or None
        return FigureFilter(
            self.read_day(self.starts.data), self.read_day(self.ends.data, last=True),
            self.municipality.data or None, self.county.data or None, _number(self.series.data),
            _number(self.template.data), _number(self.project.data), "" if kind == NONE else kind,
        )  # fmt: skip


class ReaderForm(FigureForm):
    """The same for those who see sums: whole months that are over, so that no two periods can be subtracted."""

    starts = SelectField(_l("From"), default="")
    ends = SelectField(_l("To"), default="")

    def offer_months(self, months: Iterable[Month]) -> None:
        """Fill both ends of the period, the latest month first."""
        listed = [SelectChoice(str(month), _month_name(month)) for month in reversed(list(months))]
        self.starts.choices = [SelectChoice("", _("The beginning")), *listed]
        self.ends.choices = [SelectChoice("", _("The latest month")), *listed]

    def read_day(self, text: str | None, *, last: bool = False) -> date | None:
        """The first day of the month chosen, or its last."""
        month = read_month(text)
        return None if month is None else month.last if last else month.first


def _month_name(month: Month) -> str:
    word = format_date(month.first, "MMMM yyyy")
    return word[:1].upper() + word[1:]


def _choices(rows: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    return [SelectChoice(str(id_), name) for id_, name in rows]


def _number(text: str | None) -> int | None:
    return int(text) if text else None

"""Shape of input."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from planner.base.clock import today
from planner.base.days import DayNotUnderstoodError, is_whole_week, parse_day
from planner.directory.forms import place_choices
from planner.directory.models import Municipality
from planner.reports.rules import FigureFilter
from planner.web.forms import AddressForm


class FigureForm(AddressForm):
    """Which sessions and whose people."""

    starts = StringField(_l("From"), render_kw={"placeholder": "v. 2"})
    ends = StringField(_l("To"), render_kw={"placeholder": "v. 26"})
    municipality = SelectField(_l("People from"), default="")

    def offer_places(self, places: Iterable[Municipality]) -> None:
        """Offer these municipalities, and all."""
        self.municipality.choices = [SelectChoice("", _("All municipalities")), *place_choices(places)]

    def validate_starts(self, field: Any) -> None:
        """Must be a day or a week, or empty."""
        _read(field.data)

    def validate_ends(self, field: Any) -> None:
        """Must be a day or a week, or empty; not before the start."""
        ends = _read(field.data, last=True)
        try:
            starts = _read(self.starts.data)
        except ValidationError:
            return
        if starts and ends and ends < starts:
            raise ValidationError(_("The period ends before it starts."))

    def filter(self) -> FigureFilter:
        """The filter of a valid form."""
        return FigureFilter(
            _read(self.starts.data), _read(self.ends.data, last=True), self.municipality.data or None
        )


def _read(text: str | None, *, last: bool = False) -> date | None:
    """The day typed; of a week alone its Monday, or its Sunday when the `last` day is meant."""
    if not text:
        return None
    try:
        day = parse_day(text, today())
    except DayNotUnderstoodError:
        raise ValidationError(_("Write a day or a week, such as 2026-10-05, 5 Oct or wk 41 2026.")) from None
    return day + timedelta(days=6) if last and is_whole_week(text) else day

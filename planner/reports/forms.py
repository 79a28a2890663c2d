"""Shape of input."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from planner.base.clock import today
from planner.base.days import DayNotUnderstoodError, parse_day
from planner.reports.rules import FigureFilter
from planner.web.forms import BaseForm

_ONLY_A_WEEK = re.compile(r"(\d{4}-?)?(v|w|vecka|week)\.?\s*\d{1,2}([ ,]+\d{4})?", re.IGNORECASE)


class FigureForm(BaseForm):
    """Which sessions and whose people; sent in the address, so that a view can be kept as a link."""

    class Meta(BaseForm.Meta):
        """Nothing is written: no token in the address."""

        csrf = False

    starts = StringField(_l("From"), render_kw={"placeholder": "v. 2"})
    ends = StringField(_l("To"), render_kw={"placeholder": "v. 26"})
    municipality = SelectField(_l("People from"), default="")

    def offer_places(self, places: list[Any]) -> None:
        """Offer these municipalities, and all."""
        self.municipality.choices = [("", _("All municipalities")), *((p.code, p.name) for p in places)]

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
    return day + timedelta(days=6) if last and _ONLY_A_WEEK.fullmatch(text.strip()) else day

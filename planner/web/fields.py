"""Form fields: days and times as people here type them, and several choices as checkboxes."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectMultipleField, StringField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from planner.base.clock import today
from planner.base.days import DayNotUnderstoodError, DayProblem, is_whole_week, parse_day

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?")


def day_sentence(problem: DayNotUnderstoodError) -> str:
    """What to say to who typed the day or week."""
    data = dict(problem.data)
    sentences = {
        DayProblem.NO_SUCH_DAY: lambda: _("%(text)s is not a day in %(year)s.", **data),
        DayProblem.NO_SUCH_WEEK: lambda: _(
            "%(year)s has no week %(week)s; its last week is %(last)s.", **data
        ),
        DayProblem.YEAR_TOO_FAR: lambda: _("Choose a year from %(first)s to %(last)s.", **data),
    }
    unread = lambda: _(  # noqa: E731 - beside its like, in one shape
        "“%(text)s” could not be read as a day. Write it like 2026-10-06, 6/10 or tue wk 41.", **data
    )
    return str(sentences.get(problem.reason, unread)())


class DayField(StringField):
    """A day as text: 2026-10-06, 6/10, "tis v. 41". With `whole_weeks` also a week alone, meaning its Monday."""

    def __init__(self, *args: Any, whole_weeks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whole_weeks = whole_weeks

    @property
    def on(self) -> date | None:
        """The day typed; None when there is none, or it could not be read."""
        try:
            return self.read()
        except (DayNotUnderstoodError, ValidationError):
            return None

    def read(self) -> date | None:
        """The day typed, None when empty; raises DayNotUnderstoodError, or ValidationError for a week alone."""
        typed = (self.data or "").strip()
        if not typed:
            return None
        day = parse_day(typed, today())
        if not self.whole_weeks and is_whole_week(typed):
            raise ValidationError(
                _("%(text)s is a whole week. Say which day of it, like tue wk 41.", text=typed)
            )
        return day

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be read, in words."""
        try:
            self.read()
        except DayNotUnderstoodError as problem:
            raise ValidationError(day_sentence(problem)) from problem


class ClockField(StringField):
    """A time on the wall as text: 13, 13:00, 13.00 or 1300."""

    @property
    def clock(self) -> time | None:
        """The time typed; None when there is none, or it could not be read."""
        match = _CLOCK.fullmatch((self.data or "").strip())
        if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            return None
        return time(int(match[1]), int(match[2] or 0))

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be read, in words."""
        if (self.data or "").strip() and self.clock is None:
            raise ValidationError(_("Write the time like 13:00."))


class CheckboxesField(SelectMultipleField):
    """Several of a list, as checkboxes; none is allowed."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

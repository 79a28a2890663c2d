"""Forms of needs."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired, Length

from planner.base.clock import today
from planner.needs.rules import LONGEST_TEXT, Stretch, StretchError, StretchProblem, parse_stretch
from planner.web.forms import BaseForm


class QuietPeriodForm(BaseForm):
    """When a company has time."""

    days = StringField(
        _l("When"),
        [InputRequired(_l("Write weeks or days, such as v. 42–43 or 5/10–16/10.")), Length(max=LONGEST_TEXT)],
        description=_l("Weeks or days, such as v. 42–43, 5–9 okt or 2026-10-05 – 2026-10-16."),
        render_kw={"autocomplete": "off"},
    )
    note = StringField(
        _l("Note"),
        [Length(max=300, message=_l("Write at most 300 characters."))],
        description=_l("A few words, such as planned stop. Leave people's names out."),
    )

    stretch: Stretch

    def validate_days(self, field: StringField) -> None:
        """Read the days into `stretch`, or say what to write instead."""
        try:
            self.stretch = parse_stretch(field.data, today())
        except StretchError as error:
            raise ValidationError(_sentence(error.problem)) from None


def _sentence(problem: StretchProblem) -> str:
    return {
        StretchProblem.UNREADABLE: _("Write weeks or days, such as v. 42–43 or 5/10–16/10."),
        StretchProblem.NO_SUCH_DAY: _("There is no such week or day that year."),
        StretchProblem.BACKWARDS: _("The last day comes before the first."),
        StretchProblem.TOO_LONG: _("Write at most a year at a time."),
    }[problem]

"""Which month to freeze, and for whom."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from planner.directory.models import Organisation
from planner.reports.rules import Month
from planner.web.forms import BaseForm


class FreezeForm(BaseForm):
    """A month that is over, and an organisation."""

    month = SelectField(_l("Month"), [InputRequired(_l("Choose a month."))])
    organisation = SelectField(_l("Organisation"), [InputRequired(_l("Choose an organisation."))])

    def offer(self, months: Iterable[Month], organisations: Iterable[Organisation]) -> None:
        """Fill the choices, the latest month first."""
        self.month.choices = [SelectChoice(str(month), str(month)) for month in reversed(list(months))]
        self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in organisations]

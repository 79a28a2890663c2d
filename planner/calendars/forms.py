"""Forms of calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.web.forms import BaseForm


class FeedForm(BaseForm):
    """A feed's name, language and reminder."""

    name = StringField(
        _l("Name of the calendar"),
        [
            DataRequired(_l("Give it a name, so that you know it again.")),
            Length(max=100, message=_l("At most 100 characters.")),
        ],
        description=_l("For example who uses it and where: “Finance, Outlook”."),
    )
    language = SelectField(
        _l("Language"), choices=[SelectChoice("sv", "Svenska"), SelectChoice("en", "English")]
    )
    reminder = SelectField(
        _l("Reminder"),
        choices=[
            SelectChoice("", _l("None: your calendar's own")),
            SelectChoice("15", _l("15 minutes before")),
            SelectChoice("60", _l("1 hour before")),
            SelectChoice("1440", _l("1 day before")),
        ],
        default="",
    )

    @property
    def reminder_minutes(self) -> int | None:
        """The reminder in minutes before the start, None for none."""
        return int(self.reminder.data) if self.reminder.data else None

"""Forms of calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.calendars.models import Feed
from planner.calendars.rules import Detail, FeedWish, Narrowing, Variant, as_language
from planner.series_templates.rules import Mode
from planner.web.forms import BaseForm


class FeedForm(BaseForm):
    """A feed's name, and what it shows."""

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

    detail = SelectField(
        _l("How much it says"),
        choices=[
            SelectChoice("full", _l("Everything: goals, preparation and more")),
            SelectChoice("brief", _l("Only how to take part, and links")),
        ],
        default="full",
    )
    mode = SelectField(
        _l("Which sessions"),
        choices=[
            SelectChoice("", _l("All")),
            SelectChoice("on_site", _l("Only on site")),
            SelectChoice("digital", _l("Only digital")),
            SelectChoice("hybrid", _l("Only hybrid")),
        ],
        default="",
    )
    open_seats = BooleanField(_l("Only while there are free seats"))

    @classmethod
    def of(cls, feed: Feed) -> FeedForm:
        """The form filled with what the feed is now."""
        reminder = "" if feed.reminder_minutes is None else str(feed.reminder_minutes)
        return cls(
            name=feed.name, language=feed.language, reminder=reminder, detail=feed.detail, mode=feed.mode,
            open_seats=feed.open_seats,
        )  # fmt: skip

    @property
    def wish(self) -> FeedWish:
        """What was chosen."""
        return FeedWish(
            name=self.name.data,
            variant=Variant(
                language=as_language(self.language.data), detail=Detail(self.detail.data),
                reminder_minutes=self.reminder_minutes,
            ),
            narrowing=Narrowing(
                mode=Mode(self.mode.data) if self.mode.data else None, open_seats=self.open_seats.data
            ),
        )  # fmt: skip

    @property
    def reminder_minutes(self) -> int | None:
        """The reminder in minutes before the start, None for none."""
        return int(self.reminder.data) if self.reminder.data else None

"""Forms of calendars."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from planner.calendars.models import Feed
from planner.calendars.rules import Detail, FeedWish, Narrowing, ScopeKind, Variant, as_language
from planner.directory.models import Person
from planner.series_templates.rules import Mode
from planner.web.forms import AddressForm, BaseForm

LANGUAGE_CHOICES = [SelectChoice("sv", "Svenska"), SelectChoice("en", "English")]
MODE_CHOICES = [
    SelectChoice("", _l("All")),
    SelectChoice("on_site", _l("Only on site")),
    SelectChoice("digital", _l("Only digital")),
    SelectChoice("hybrid", _l("Only hybrid")),
]


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
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
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
    mode = SelectField(_l("Which sessions"), choices=MODE_CHOICES, default="")
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
    def is_particular(self) -> bool:
        """Whether more than the name has been chosen, or has to be: then it is not folded away."""
        chosen = (self.reminder, self.detail, self.mode, self.open_seats)
        return bool(set(self.errors) - {"name"}) or any((f.data or "") != (f.default or "") for f in chosen)

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


class PersonFeedForm(FeedForm):
    """The same for a person with a personal link: whose sessions is part of the question."""

    whose = RadioField(_l("Whose sessions"))

    @classmethod
    def for_person(cls, person: Person, company: str, asked: str, language: str) -> PersonFeedForm:
        """Their own sessions or, where they belong to one, their company's; `asked` is a ScopeKind's value."""
        theirs = ScopeKind.COMPANY if person.is_contact else ScopeKind.PARTICIPANT
        known = asked in {ScopeKind.COMPANY, ScopeKind.PARTICIPANT}
        form = cls(language=language, whose=ScopeKind(asked).value if known else theirs.value)
        form.whose.choices = [
            SelectChoice(ScopeKind.PARTICIPANT.value, _l("My own: those I take part in")),
            SelectChoice(ScopeKind.COMPANY.value, _l("All for %(company)s", company=company)),
        ]
        if not company:
            del form.whose
        return form

    @property
    def scope(self) -> ScopeKind:
        """Which of the two was chosen."""
        return ScopeKind(self.whose.data) if "whose" in self else ScopeKind.PARTICIPANT


class NarrowForm(AddressForm):
    """What a public calendar's address is narrowed to; its names are those of the address."""

    lang = SelectField(_l("Language"), choices=LANGUAGE_CHOICES)
    mode = SelectField(_l("Which sessions"), choices=MODE_CHOICES)
    open = BooleanField(_l("Only while there are free seats"), render_kw={"value": "1"})

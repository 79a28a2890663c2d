"""Forms of mail: when a series reminds and follows up, and the words of a mail."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from planner.invitations.rules import FOLLOW_UP_DAYS, REMINDER_DAYS, MailTerms, Wording
from planner.web.forms import BaseForm, EditForm


class SeriesMailForm(BaseForm):
    """Which days before a session those with a seat are reminded, and whether those who came hear from us after."""

    reminder_days = SelectMultipleField(
        _l("Remind those who have a seat"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("The mails leave at 8 in the morning. Choose none, and nobody is reminded."),
    )
    follow_up = RadioField(
        _l("Follow up with those who came, and with those who did not"),
        description=_l("It waits until the attendance is noted, a week at most, and tells what comes next."),
    )

    def offer_choices(self) -> None:
        """Name the choices in the language of the page."""
        self.reminder_days.choices = [
            (days, ngettext("%(num)s day before", "%(num)s days before", days)) for days in REMINDER_DAYS
        ]
        after = [
            (str(days), ngettext("%(num)s day after", "%(num)s days after", days)) for days in FOLLOW_UP_DAYS
        ]
        self.follow_up.choices = [("", _("No follow-up")), *after]

    def show(self, terms: MailTerms) -> None:
        """Fill the form with what holds now."""
        self.reminder_days.data = list(terms.reminder_days)
        self.follow_up.data = "" if terms.follow_up_days is None else str(terms.follow_up_days)

    def terms(self) -> MailTerms:
        """What was chosen."""
        chosen = self.follow_up.data
        return MailTerms(tuple(self.reminder_days.data), int(chosen) if chosen else None)


class WordingForm(EditForm):
    """One mail's words. What they may leave open is for the rules to say."""

    subject = StringField(_l("Subject"))
    body = TextAreaField(
        _l("Text"), description=_l("An empty line begins a new paragraph."), render_kw={"rows": 16}
    )

    def wording(self) -> Wording:
        """The words as typed."""
        return Wording(self.subject.data or "", self.body.data or "")

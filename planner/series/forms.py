"""Shapes of what is typed about series, steps and cohorts."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from planner.directory.forms import place_choices, place_question
from planner.directory.models import Company, Municipality, Organisation
from planner.series.rules import SeriesTexts, StepTexts
from planner.series_templates.forms.fields import MODE_CHOICES
from planner.series_templates.forms.topics import topic_choices
from planner.series_templates.rules import Mode
from planner.web.fields import CheckboxesField
from planner.web.forms import EditForm


class SeriesTextsForm(EditForm):
    """What a series says of itself, and its neighbours."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the series a title.")), Length(max=200)])
    summary = TextAreaField(
        _l("Summary"), [Length(max=2000)], description=_l("Two or three sentences on the public page.")
    )
    audience = StringField(_l("For whom"), [Length(max=500)])
    competences = CheckboxesField(_l("Topics"), validate_choice=True)
    neighbours = CheckboxesField(
        _l("Neighbouring municipalities that take part"),
        description=_l("Their companies may be put in cohorts, and the series is shown on their pages."),
    )

    def offer(self, municipalities: Iterable[Municipality]) -> None:
        """Fill the choices that depend on the viewer."""
        self.competences.choices = topic_choices()
        self.neighbours.choices = place_choices(municipalities)

    def texts(self) -> SeriesTexts:
        """What was typed, as the service takes it."""
        return SeriesTexts(
            self.title.data,
            self.summary.data or "",
            self.audience.data or "",
            tuple(self.competences.data or ()),
        )


class NewSeriesForm(SeriesTextsForm):
    """A new series: also where, and in whose name."""

    municipality = SelectField(
        _l("Municipality"),
        [InputRequired(_l("Choose the municipality that coordinates the series."))],
        description=_l("The one that coordinates. Neighbours are chosen below."),
    )
    organisation = SelectField(
        _l("Organiser"), [InputRequired(_l("Choose the organisation that organises."))]
    )

    def offer_places(self, places: Iterable[Municipality], organisations: Iterable[Organisation]) -> None:
        """Fill municipality and organisation with what the viewer may choose."""
        listed = list(places)
        self.offer(listed if len(listed) > 1 else [])
        self.municipality.choices = place_question(listed)
        self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in organisations]


class StepForm(EditForm):
    """One step."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the step a title.")), Length(max=200)])
    goals = TextAreaField(
        _l("Goals"), [Length(max=4000)], description=_l("What participants can do afterwards.")
    )
    preparation = TextAreaField(
        _l("Preparation"), [Length(max=4000)], description=_l("What participants do before they come.")
    )
    materials = TextAreaField(
        _l("Materials"), [Length(max=4000)], description=_l("One a line: words, an address, or both.")
    )
    follow_up = TextAreaField(
        _l("Follow-up"), [Length(max=4000)], description=_l("One point a line: what to ask about afterwards.")
    )
    minutes = IntegerField(
        _l("Length in minutes"),
        [
            InputRequired(_l("Say how long the step takes, in whole minutes.")),
            NumberRange(15, 480, _l("A step takes between 15 and 480 minutes.")),
        ],
        default=120,
    )
    gap_days = IntegerField(
        _l("Days after the step before"),
        [
            InputRequired(_l("Say how many days should pass; 0 when it does not matter.")),
            NumberRange(0, 365, _l("Between 0 and 365 days.")),
        ],
        default=7,
    )
    mode = SelectField(_l("Mode"), choices=MODE_CHOICES)

    def texts(self) -> StepTexts:
        """What was typed, as the service takes it."""
        return StepTexts(
            self.title.data,
            self.minutes.data,
            Mode(self.mode.data),
            self.goals.data or "",
            self.preparation.data or "",
            self.gap_days.data,
            self.materials.data or "",
            self.follow_up.data or "",
        )


class CohortForm(EditForm):
    """One cohort and its companies."""

    name = StringField(_l("Name"), [DataRequired(_l("Give the cohort a name.")), Length(max=100)])
    note = TextAreaField(_l("Why these companies belong together"), [Length(max=1000)])
    companies = CheckboxesField(_l("Companies"))

    def offer(self, companies: Iterable[Company]) -> None:
        """Fill the companies that may be chosen."""
        self.companies.choices = [SelectChoice(str(company.id), company.name) for company in companies]

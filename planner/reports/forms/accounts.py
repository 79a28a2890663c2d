"""Funder projects, and what series and templates are accounted for as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from planner.directory.models import Organisation
from planner.reports.models import FunderProject
from planner.reports.rules import AccountTexts, ProjectTexts, TrainingType
from planner.web.fields import DayField
from planner.web.forms import EditForm

HIGHEST_PRICE = 1_000_000


class ProjectForm(EditForm):
    """One funder project."""

    name = StringField(_l("Name"), [DataRequired(_l("Give the project a name.")), Length(max=200)])
    number = StringField(
        _l("Number"), [Length(max=60)], description=_l("The funder's own number for it, if there is one.")
    )
    starts_on = DayField(_l("First day"), [InputRequired(_l("Say when the project begins."))])
    ends_on = DayField(_l("Last day"), [InputRequired(_l("Say when the project ends."))])
    organisation = SelectField(_l("Organisation"), [InputRequired(_l("Choose whose project it is."))])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Fill the organisations that the viewer plans for."""
        self.organisation.choices = [SelectChoice(str(one.id), one.name) for one in organisations]

    def validate_ends_on(self, field: Any) -> None:
        """Not before the start."""
        if field.on and self.starts_on.on and field.on < self.starts_on.on:
            raise ValidationError(_("The project ends before it begins."))

    def texts(self) -> ProjectTexts:
        """What was typed, as the service takes it."""
        starts_on, ends_on = self.starts_on.on, self.ends_on.on
        if starts_on is None or ends_on is None:
            raise ValueError("only a valid form has texts")
        return ProjectTexts(self.name.data, self.number.data or "", starts_on, ends_on)


def _kinds(none: str) -> list[SelectChoice]:
    return [SelectChoice("", none), *(SelectChoice(kind.value, str(kind.label)) for kind in TrainingType)]


class SeriesAccountForm(EditForm):
    """What a series is accounted for as."""

    training_type = SelectField(_l("Training type"))
    project = SelectField(_l("Funder project"))
    provider = StringField(
        _l("Provider"),
        [Length(max=200)],
        description=_l("Who teaches, in records of training. Empty: the organiser."),
    )
    is_external = RadioField(
        _l("The training is"),
        choices=[
            SelectChoice("", _l("internal: held by ourselves")),
            SelectChoice("1", _l("external: bought in")),
        ],
        default="",
    )
    price = IntegerField(
        _l("Price per person and session, in kronor"),
        [
            InputRequired(_l("Write a whole number; 0 when it costs nothing.")),
            NumberRange(0, HIGHEST_PRICE, _l("Write a whole number of kronor, at most a million.")),
        ],
        default=0,
    )

    def offer(self, projects: Iterable[FunderProject], of_template: str) -> None:
        """Fill the projects and the types; `of_template` is the type that the template gives, in words."""
        none = _("As the template: %(type)s", type=of_template) if of_template else _("Not said")
        self.training_type.choices = _kinds(none)
        self.project.choices = [
            SelectChoice("", _("None")),
            *(SelectChoice(str(one.id), f"{one.name} {one.number}".strip()) for one in projects),
        ]

    def texts(self) -> AccountTexts:
        """What was chosen, as the service takes it."""
        return AccountTexts(
            self.training_type.data or "", int(self.project.data) if self.project.data else None,
            self.provider.data or "", bool(self.is_external.data), self.price.data,
        )  # fmt: skip


class TemplateAccountForm(EditForm):
    """The training type that series get from a template."""

    training_type = SelectField(_l("Training type"))

    def offer(self) -> None:
        """Fill the types."""
        self.training_type.choices = _kinds(_("Not said"))

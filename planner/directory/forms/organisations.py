"""Forms of organisations."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from planner.directory.forms.choices import Place, kind_choices, place_choices
from planner.directory.rules import OrganisationDetails, OrganisationKind
from planner.web.fields import CheckboxesField
from planner.web.forms import BaseForm, EditForm


class OrganisationForm(EditForm):
    """An organisation and the municipalities it serves."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the organisation a name.")), Length(max=200)])
    kind = SelectField(_l("Kind"), choices=kind_choices(OrganisationKind))
    home_code = SelectField(
        _l("Home municipality"),
        description=_l("Where it sits. The others it serves are those it coordinates."),
    )
    website = StringField(_l("Website"), [Length(max=290)])
    about = TextAreaField(_l("About"), [Length(max=2000)], description=_l("What it offers companies."))
    municipality_codes = CheckboxesField(
        _l("Municipalities it serves"),
        description=_l("Its owners, organisers and guides see the companies and people there."),
    )

    def offer(self, places: Sequence[Place]) -> None:
        """Fill the lists to choose from with every municipality."""
        self.home_code.choices = [SelectChoice("", _l("None")), *place_choices(places)]
        self.municipality_codes.choices = place_choices(places)

    def details(self) -> OrganisationDetails:
        """The organisation as typed."""
        return OrganisationDetails(
            name=self.name.data or "",
            kind=self.kind.data,
            home_code=self.home_code.data or "",
            about=self.about.data or "",
            website=self.website.data or "",
            municipality_codes=frozenset(self.municipality_codes.data or ()),
        )


class LetInForm(BaseForm):
    """One of one's own municipalities for another organisation to work in."""

    municipality_code = SelectField(_l("Municipality"))


class DisposalForm(BaseForm):
    """How long people are kept."""

    months = IntegerField(
        _l("Months without activity"),
        [Optional(), NumberRange(6, 240)],
        description=_l("Empty: nobody is erased by itself."),
    )


class LogoForm(BaseForm):
    """A picture for the organisation's documents."""

    picture = FileField(
        _l("Picture"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PNG or JPEG, at most 2 MB. Best wide and with a see-through or white ground."),
    )

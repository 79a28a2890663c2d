"""What lists are narrowed to; read from the address."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from planner.directory.forms.choices import Place, kind_choices, place_choices
from planner.directory.rules import OrganisationKind, SizeClass
from planner.web.forms import AddressForm


class FilterForm(AddressForm):
    """What a list is narrowed to."""

    words = StringField(_l("Search"), [Length(max=100)])
    municipality = SelectField(_l("Municipality"), validate_choice=False)
    archived = BooleanField(_l("Archived"))

    def offer(self, places: Iterable[Place]) -> None:
        """Fill the list of municipalities."""
        self.municipality.choices = [SelectChoice("", _l("All")), *place_choices(places)]


class CompanyFilterForm(FilterForm):
    """Companies narrowed; a sector is a section letter."""

    sector = SelectField(_l("Sector"), validate_choice=False)
    size = SelectField(
        _l("Size"),
        choices=[SelectChoice("", _l("All")), *kind_choices(SizeClass)],
        validate_choice=False,
    )


class PeopleFilterForm(FilterForm):
    """People narrowed."""

    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("", _l("All")),
            SelectChoice("contact", _l("Contacts")),
            SelectChoice("participant", _l("Participants")),
        ],
        validate_choice=False,
    )


class OrganisationFilterForm(AddressForm):
    """Organisations narrowed."""

    words = StringField(_l("Search"), [Length(max=100)])
    kind = SelectField(
        _l("Kind"),
        choices=[SelectChoice("", _l("All")), *kind_choices(OrganisationKind)],
        validate_choice=False,
    )

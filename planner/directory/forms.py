"""The shapes of input in the directory. Choices that come from the database are given by the routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    EmailField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from planner.directory.rules import (
    SNI_VERSIONS,
    CompanyDetails,
    OrganisationDetails,
    OrganisationKind,
    PersonDetails,
    SizeClass,
    VenueDetails,
    shown_organisation_number,
)
from planner.web.fields import CheckboxesField
from planner.web.forms import AddressForm, BaseForm, EditForm


class Place(Protocol):
    """What a choice of municipality needs."""

    code: str
    name: str


class Choice(Protocol):
    """What a choice of a row needs."""

    id: int
    name: str


def place_choices(places: Iterable[Place]) -> list[SelectChoice]:
    """Municipalities as choices."""
    return [SelectChoice(place.code, place.name) for place in places]


def place_question(places: Iterable[Place]) -> list[SelectChoice]:
    """Municipalities as choices of which none is made beforehand, unless there is only one."""
    choices = place_choices(places)
    return choices if len(choices) == 1 else [SelectChoice("", _l("Choose")), *choices]


def _kinds(kinds: Iterable[OrganisationKind | SizeClass]) -> list[SelectChoice]:
    return [SelectChoice(kind.value, kind.label) for kind in kinds]


_PLACE = _l("Choose a municipality.")


def _required(message: Any) -> InputRequired:
    return InputRequired(message)


class _NumberField(StringField):
    """An organisation number, shown with its hyphen however it is stored."""

    def _value(self) -> str:
        text = str(self.data or "")
        return shown_organisation_number(text) if len(text) == 10 and text.isdigit() else text


class CompanyForm(EditForm):
    """A company."""

    name = StringField(_l("Name"), [_required(_l("Give the company a name.")), Length(max=200)])
    organisation_number = _NumberField(
        _l("Organisation number"),
        [Length(max=20)],
        description=_l("Ten digits. A sole trader's is a personal identity number: leave it empty."),
    )
    municipality_code = SelectField(_l("Municipality"), [_required(_PLACE)])
    sni_division = StringField(
        _l("SNI code"), [Length(max=10)], description=_l("The first two digits are enough.")
    )
    sni_version = SelectField(
        _l("SNI version"),
        choices=[SelectChoice(version, version.replace("SNI", "SNI ")) for version in SNI_VERSIONS],
    )
    size_class = SelectField(_l("Size"), choices=[SelectChoice("", _l("Not known")), *_kinds(SizeClass)])
    website = StringField(_l("Website"), [Length(max=290)])
    note = TextAreaField(
        _l("Note"),
        [Length(max=2000)],
        description=_l("May become a public record. Write nothing about private matters."),
    )

    def details(self) -> CompanyDetails:
        """The company as typed."""
        return CompanyDetails(
            name=self.name.data or "",
            municipality_code=self.municipality_code.data,
            organisation_number=self.organisation_number.data or "",
            sni_version=self.sni_version.data or "",
            sni_division=self.sni_division.data or "",
            size_class=self.size_class.data or "",
            website=self.website.data or "",
            note=self.note.data or "",
        )


class PersonForm(EditForm):
    """A contact or a participant."""

    name = StringField(_l("Name"), [_required(_l("Give the person's name.")), Length(max=200)])
    company_id = SelectField(_l("Company"))
    municipality_code = SelectField(
        _l("Municipality"),
        description=_l("For someone without a company. Others belong to their company's."),
    )
    is_contact = BooleanField(
        _l("Contact person"),
        description=_l("Speaks for the company: states needs, reserves seats, names people."),
    )
    email = EmailField(_l("E-mail"), [Length(max=254)])
    phone = TelField(_l("Phone"), [Length(max=40)])
    work_title = StringField(_l("Work title"), [Length(max=100)])

    def offer(self, companies: Sequence[Choice], places: Iterable[Place]) -> None:
        """Fill the lists to choose from."""
        self.company_id.choices = [
            SelectChoice("", _l("None")),
            *(SelectChoice(str(company.id), company.name) for company in companies),
        ]
        self.municipality_code.choices = [
            SelectChoice("", _l("The company's")),
            *place_choices(places),
        ]

    def details(self) -> PersonDetails:
        """The person as typed, apart from the company."""
        return PersonDetails(
            name=self.name.data or "",
            municipality_code=self.municipality_code.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            work_title=self.work_title.data or "",
            is_contact=bool(self.is_contact.data),
        )


class VenueForm(EditForm):
    """A venue."""

    name = StringField(_l("Name"), [_required(_l("Give the venue a name.")), Length(max=200)])
    municipality_code = SelectField(_l("Municipality"), [_required(_PLACE)])
    address = StringField(_l("Address"), [Length(max=300)])
    directions = TextAreaField(
        _l("Directions"), [Length(max=1000)], description=_l("How to get in, where to park, step-free ways.")
    )
    position = StringField(
        _l("Position"),
        [Length(max=60)],
        description=_l("Latitude and longitude as a map shows them, such as 59.5926, 15.2312."),
    )

    def details(self) -> VenueDetails:
        """The venue as typed."""
        return VenueDetails(
            name=self.name.data or "",
            municipality_code=self.municipality_code.data,
            address=self.address.data or "",
            directions=self.directions.data or "",
            position=self.position.data or "",
        )


class RoomForm(BaseForm):
    """A room of a venue."""

    name = StringField(_l("Room"), [_required(_l("Give the room a name.")), Length(max=200)])
    capacity = IntegerField(
        _l("Persons"),
        [
            _required(_l("Give how many persons the room takes.")),
            NumberRange(1, 10_000, _l("Give a number from 1 to 10 000.")),
        ],
    )


class OrganisationForm(EditForm):
    """An organisation and the municipalities it serves."""

    name = StringField(_l("Name"), [_required(_l("Give the organisation a name.")), Length(max=200)])
    kind = SelectField(_l("Kind"), choices=_kinds(OrganisationKind))
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


class UploadForm(BaseForm):
    """A list to import."""

    municipality_code = SelectField(
        _l("Municipality"),
        validators=[_required(_PLACE)],
        description=_l("Where new companies and people are kept."),
    )
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, at most 5 MB and 5 000 rows."),
    )


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
        choices=[SelectChoice("", _l("All")), *_kinds(SizeClass)],
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
        choices=[SelectChoice("", _l("All")), *_kinds(OrganisationKind)],
        validate_choice=False,
    )

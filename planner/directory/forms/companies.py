"""Forms of companies."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from planner.directory.forms.choices import CHOOSE_PLACE, kind_choices
from planner.directory.rules import SNI_VERSIONS, CompanyDetails, SizeClass, shown_organisation_number
from planner.web.forms import EditForm


class _NumberField(StringField):
    """An organisation number, shown with its hyphen however it is stored."""

    def _value(self) -> str:
        text = str(self.data or "")
        return shown_organisation_number(text) if len(text) == 10 and text.isdigit() else text


class CompanyForm(EditForm):
    """A company."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the company a name.")), Length(max=200)])
    organisation_number = _NumberField(
        _l("Organisation number"),
        [Length(max=20)],
        description=_l("Ten digits. A sole trader's is a personal identity number: leave it empty."),
    )
    municipality_code = SelectField(_l("Municipality"), [InputRequired(CHOOSE_PLACE)])
    sni_division = StringField(
        _l("SNI code"), [Length(max=10)], description=_l("The first two digits are enough.")
    )
    sni_version = SelectField(
        _l("SNI version"),
        choices=[SelectChoice(version, version.replace("SNI", "SNI ")) for version in SNI_VERSIONS],
    )
    size_class = SelectField(
        _l("Size"), choices=[SelectChoice("", _l("Not known")), *kind_choices(SizeClass)]
    )
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

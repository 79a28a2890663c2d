"""Forms of contacts and participants, and of lists of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import InputRequired, Length

from planner.directory.forms.choices import CHOOSE_PLACE, Choice, Place, place_choices
from planner.directory.rules import PersonDetails
from planner.web.forms import BaseForm, EditForm


class PersonForm(EditForm):
    """A contact or a participant."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the person's name.")), Length(max=200)])
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


class UploadForm(BaseForm):
    """A list to import."""

    municipality_code = SelectField(
        _l("Municipality"),
        validators=[InputRequired(CHOOSE_PLACE)],
        description=_l("Where new companies and people are kept."),
    )
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("CSV or XLSX, at most 5 MB and 5 000 rows."),
    )


class EraseForm(BaseForm):
    """What becomes of certificates, and the name typed so that nobody is erased by mistake."""

    certificates = RadioField(
        _l("Certificates"),
        default="withdraw",
        choices=[
            SelectChoice("withdraw", _l("Withdraw them: they no longer hold, and lose the name")),
            SelectChoice("keep", _l("Keep them: they can still be looked up, with the name")),
        ],
    )
    name = StringField(_l("Name"), [InputRequired(_l("Type the name.")), Length(max=200)])

"""Forms of venues and their rooms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from planner.directory.forms.choices import CHOOSE_PLACE
from planner.directory.rules import VenueDetails
from planner.web.forms import BaseForm, EditForm


class VenueForm(EditForm):
    """A venue."""

    name = StringField(_l("Name"), [InputRequired(_l("Give the venue a name.")), Length(max=200)])
    municipality_code = SelectField(_l("Municipality"), [InputRequired(CHOOSE_PLACE)])
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

    name = StringField(_l("Room"), [InputRequired(_l("Give the room a name.")), Length(max=200)])
    capacity = IntegerField(
        _l("Persons"),
        [
            InputRequired(_l("Give how many persons the room takes.")),
            NumberRange(1, 10_000, _l("Give a number from 1 to 10 000.")),
        ],
    )

"""The gallery's filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SearchField, SelectChoice, SelectField

from planner.series_templates.forms.topics import all_areas
from planner.web.forms import AddressForm

# Total length: name -> [from, to) in minutes.
LENGTHS: Final[dict[str, tuple[int | None, int | None]]] = {
    "short": (None, 240),
    "half": (240, 480),
    "long": (480, 960),
    "longest": (960, None),
}

# Number of steps: name -> [from, to).
STEPS: Final[dict[str, tuple[int | None, int | None]]] = {
    "few": (None, 4),
    "some": (4, 7),
    "many": (7, None),
}


class GalleryForm(AddressForm):
    """Filters from the address; one that is not understood filters nothing."""

    words = SearchField(_l("Words"))
    county = SelectField(_l("County"))
    topic = SelectField(_l("Topic"))
    length = SelectField(
        _l("Total length"),
        choices=[
            SelectChoice("", _l("Any length")),
            SelectChoice("short", _l("Under 4 hours")),
            SelectChoice("half", _l("4 to 8 hours")),
            SelectChoice("long", _l("8 to 16 hours")),
            SelectChoice("longest", _l("16 hours or more")),
        ],
    )
    steps = SelectField(
        _l("Number of steps"),
        choices=[
            SelectChoice("", _l("Any number")),
            SelectChoice("few", _l("Up to 3 steps")),
            SelectChoice("some", _l("4 to 6 steps")),
            SelectChoice("many", _l("7 steps or more")),
        ],
    )

    def __init__(self, asked: Any, counties: list[tuple[str, str]]) -> None:
        super().__init__(asked)
        self.county.choices = [SelectChoice("", _("All counties")), *(SelectChoice(*one) for one in counties)]
        self.topic.choices = [SelectChoice("", _("All topics")), *_topics()]
        self.validate()
        for field in self:
            if field.errors:
                field.data, field.errors = "", []

    def filters(self) -> dict[str, Any]:
        """What queries.gallery is asked for."""
        steps_from, steps_to = STEPS.get(self.steps.data, (None, None))
        minutes_from, minutes_to = LENGTHS.get(self.length.data, (None, None))
        return {
            "county": self.county.data or "",
            "topic": self.topic.data or "",
            "minutes_from": minutes_from,
            "minutes_to": minutes_to,
            "steps_from": steps_from,
            "steps_to": steps_to,
            "words": self.words.data or "",
        }


def _topics() -> Iterator[SelectChoice]:
    for area in all_areas():
        yield SelectChoice(area.id, _("All of %(area)s", area=area.name), optgroup=area.name)
        yield from (SelectChoice(one, name, optgroup=area.name) for one, name in area.competences)

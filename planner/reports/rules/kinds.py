"""Training types: what a series is for, as funders ask."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString


class TrainingType(StrEnum):
    """What kind of training a series gives."""

    technical = "technical"
    management = "management"
    entrepreneurship = "entrepreneurship"
    green = "green"
    other = "other"

    @property
    def label(self) -> LazyString:
        """The type in the page's language."""
        return _WORDS[self]


_WORDS = {
    TrainingType.technical: _l("Technical"),
    TrainingType.management: _l("Management"),
    TrainingType.entrepreneurship: _l("Entrepreneurship"),
    TrainingType.green: _l("Green transition"),
    TrainingType.other: _l("Other training"),
}

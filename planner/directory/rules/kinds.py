"""What kinds of organisations there are, and how large a company is."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


class OrganisationKind(StrEnum):
    """What an organisation is in the business support system."""

    science_park = "science_park"
    training_hub = "training_hub"
    municipality = "municipality"
    region = "region"
    support_actor = "support_actor"

    @property
    def label(self) -> LazyString:
        """The kind in the page's language."""
        return _KINDS[self]


class SizeClass(StrEnum):
    """A band by number of employees."""

    micro = "micro"
    small = "small"
    medium = "medium"
    large = "large"

    @property
    def label(self) -> LazyString:
        """The band in the page's language, with its numbers."""
        return _SIZES[self]

    @property
    def word(self) -> LazyString:
        """The band in one word."""
        return _WORDS[self]


_KINDS = {
    OrganisationKind.science_park: _l("Science park"),
    OrganisationKind.training_hub: _l("Training hub"),
    OrganisationKind.municipality: _l("Municipality"),
    OrganisationKind.region: _l("Region"),
    OrganisationKind.support_actor: _l("Support actor"),
}
_SIZES = {
    SizeClass.micro: _l("Micro (0–9 employees)"),
    SizeClass.small: _l("Small (10–49 employees)"),
    SizeClass.medium: _l("Medium-sized (50–249 employees)"),
    SizeClass.large: _l("Large (250 employees or more)"),
}
_WORDS = {
    SizeClass.micro: _l("Micro"),
    SizeClass.small: _l("Small"),
    SizeClass.medium: _l("Medium-sized"),
    SizeClass.large: _l("Large"),
}


def size_class_of(employees: int) -> SizeClass:
    """The band that a number of employees falls in."""
    if employees < 10:
        return SizeClass.micro
    if employees < 50:
        return SizeClass.small
    return SizeClass.medium if employees < 250 else SizeClass.large

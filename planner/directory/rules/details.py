"""What is kept of a company, person, organisation, venue or room: checked values, ready to be written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _

from planner.base.errors import RefusedError


@dataclass(frozen=True, slots=True)
class CompanyDetails:
    """A company as typed; the service cleans number, division and website."""

    name: str
    municipality_code: str
    organisation_number: str = ""
    sni_version: str = ""
    sni_division: str = ""
    size_class: str = ""
    website: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as typed. `municipality_code` counts only for someone without a company."""

    name: str
    municipality_code: str = ""
    email: str = ""
    phone: str = ""
    work_title: str = ""
    is_contact: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationDetails:
    """An organisation as typed, with the codes of the municipalities it serves."""

    name: str
    kind: str
    home_code: str = ""
    about: str = ""
    website: str = ""
    municipality_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VenueDetails:
    """A venue as typed; `position` is "latitude, longitude" in degrees or empty."""

    name: str
    municipality_code: str
    address: str = ""
    directions: str = ""
    position: str = ""


def clean_website(text: str) -> str:
    """A web address with its scheme, https unless http was typed; empty stays empty. Raises RefusedError."""
    text = text.strip()
    if not text:
        return ""
    address = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        host = ""
    if (":" in text.split("/")[0] and address != text) or not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
        raise RefusedError(_("Give the website as an address, such as www.example.se."), field="website")
    return address


def clean_position(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) from what map services copy, "59.5926, 15.2312"; None when empty.

    Raises RefusedError for anything else. A decimal comma is understood when the two are kept apart by more.
    """
    if not text.strip():
        return None
    number = r"(-?\d{1,3}(?:[.,]\d+)?)"
    match = re.fullmatch(rf"\s*{number}\s*°?(?:\s*;\s*|,\s+|\s+|,)\s*{number}\s*°?\s*", text, re.ASCII)
    if match:
        latitude, longitude = (float(part.replace(",", ".")) for part in match.groups())
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            return latitude, longitude
    raise RefusedError(
        _("Give latitude and longitude as a map shows them, such as 59.5926, 15.2312."), field="position"
    )


def shown_position(latitude: float | None, longitude: float | None) -> str:
    """The position as it is typed; empty when there is none."""
    return "" if latitude is None or longitude is None else f"{latitude:.5f}, {longitude:.5f}"

"""Which column of an uploaded list holds what, recognised by Swedish and English headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.base.errors import RefusedError


class Column(StrEnum):
    """What a column holds."""

    company = "company"
    organisation_number = "organisation_number"
    municipality = "municipality"
    sni = "sni"
    size = "size"
    website = "website"
    name = "name"
    first_name = "first_name"
    last_name = "last_name"
    email = "email"
    phone = "phone"
    work_title = "work_title"
    kind = "kind"


HEADINGS: dict[Column, str] = {
    Column.company: "företag företagsnamn bolag bolagsnamn arbetsgivare company companyname employer",
    Column.organisation_number: (
        "organisationsnummer organisationsnr orgnummer orgnr organisationnumber orgno orgnumber"
        " companynumber registrationnumber"
    ),
    Column.municipality: "kommun municipality",
    Column.sni: "sni snikod snikoder branschkod sni2025 snicode",
    Column.size: "anställda antalanställda storlek storleksklass employees numberofemployees size sizeclass",
    Column.website: "webbplats hemsida webb webbsida website web homepage url",
    Column.name: "namn fullständigtnamn person deltagare kontaktperson name fullname participant contactperson",
    Column.first_name: "förnamn tilltalsnamn firstname givenname",
    Column.last_name: "efternamn lastname surname familyname",
    Column.email: "epost epostadress email emailaddress mejl mejladress mail mailadress",
    Column.phone: "telefon telefonnummer tel telnr mobil mobiltelefon mobilnummer phone phonenumber mobile",
    Column.work_title: "titel befattning arbetsuppgift yrke title jobtitle worktitle position",
    Column.kind: "roll typ kontakt ärkontakt role type contact iscontact",
}
_BY_HEADING = {heading: column for column, names in HEADINGS.items() for heading in names.split()}


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a list holds, None for one that is left out; `left_out` has those headings."""

    held: tuple[Column | None, ...]
    left_out: tuple[str, ...]


def recognise_columns(headings: Sequence[str]) -> Columns:
    """The meaning of each heading. Raises RefusedError when neither people nor companies are named."""
    held = tuple(_BY_HEADING.get(_key(heading)) for heading in headings)
    if not {Column.name, Column.first_name, Column.last_name, Column.company} & set(held):
        raise RefusedError(
            _("No column of names was found. The first row must name the columns, as in the template."),
            field="file",
        )
    left_out = tuple(
        heading.strip()
        for heading, column in zip(headings, held, strict=True)
        if not column and heading.strip()
    )
    return Columns(held, left_out)


def column_label(column: Column) -> LazyString:
    """The column's heading in the page's language, as the template has it."""
    return _LABELS[column]


_LABELS: dict[Column, LazyString] = {
    Column.company: _l("Company"),
    Column.organisation_number: _l("Organisation number"),
    Column.municipality: _l("Municipality"),
    Column.sni: _l("SNI code"),
    Column.size: _l("Employees"),
    Column.website: _l("Website"),
    Column.name: _l("Name"),
    Column.first_name: _l("First name"),
    Column.last_name: _l("Last name"),
    Column.email: _l("E-mail"),
    Column.phone: _l("Phone"),
    Column.work_title: _l("Work title"),
    Column.kind: _l("Role"),
}

TEMPLATE_COLUMNS = (
    Column.company, Column.organisation_number, Column.sni, Column.size, Column.name, Column.email, Column.phone,
    Column.work_title, Column.kind,
)  # fmt: skip


def _key(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading.casefold())

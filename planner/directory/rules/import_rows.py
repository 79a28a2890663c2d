"""From a line's cells to checked values, or to the reason why the line is refused.

A line with a personal identity number anywhere, in a column that is used or not, keeps none of its values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from planner.base.errors import RefusedError
from planner.directory.rules.details import clean_website
from planner.directory.rules.import_columns import Column, Columns
from planner.directory.rules.kinds import SizeClass, size_class_of
from planner.directory.rules.numbers import clean_organisation_number, has_personal_number
from planner.directory.rules.people import clean_email
from planner.directory.rules.sectors import clean_sni_division

Cleaned = TypeVar("Cleaned")


class Refusal(StrEnum):
    """Why a line is not taken."""

    sole_trader = "sole_trader"
    personal_number = "personal_number"
    formula = "formula"
    organisation_number = "organisation_number"
    other_municipality = "other_municipality"
    name_missing = "name_missing"
    email = "email"
    contact_email = "contact_email"
    sni = "sni"
    size = "size"
    website = "website"
    kind = "kind"
    too_long = "too_long"
    company_elsewhere = "company_elsewhere"
    company_archived = "company_archived"
    company_unclear = "company_unclear"
    person_archived = "person_archived"

    @property
    def sentence(self) -> LazyString:
        """The reason and what to do, in the page's language."""
        return _SENTENCES[self]


_SENTENCES = {
    Refusal.sole_trader: _l("A sole trader's number: leave the column empty."),
    Refusal.personal_number: _l("A personal identity number stands in the row: take it out."),
    Refusal.formula: _l("A formula stands in the row: paste its value instead."),
    Refusal.organisation_number: _l("The organisation number is not right: check it, or leave it empty."),
    Refusal.other_municipality: _l("The row names another municipality: import it there."),
    Refusal.name_missing: _l("The person's name is missing."),
    Refusal.email: _l("The e-mail address is not complete: check it."),
    Refusal.contact_email: _l("A contact needs an e-mail address."),
    Refusal.sni: _l("The SNI code is not known: give two digits, or leave it empty."),
    Refusal.size: _l("The number of employees is not understood: give a number, or leave it empty."),
    Refusal.website: _l("The website is not an address: check it, or leave it empty."),
    Refusal.kind: _l("The role is not understood: write contact or participant."),
    Refusal.too_long: _l("A value is too long to be kept: shorten it."),
    Refusal.company_elsewhere: _l("The company is kept in another municipality."),
    Refusal.company_archived: _l("The company is archived: restore it first."),
    Refusal.company_unclear: _l("Several companies have this name: give the organisation number."),
    Refusal.person_archived: _l("The person is archived: restore them first."),
}

_LONGEST = {
    "company": 200, "name": 200, "email": 254, "phone": 40, "work_title": 100, "website": 300,
}  # fmt: skip
_SIZES = {
    **{size.value: size for size in SizeClass},
    "mikro": SizeClass.micro,
    "mikroföretag": SizeClass.micro,
    "liten": SizeClass.small,
    "litet": SizeClass.small,
    "små": SizeClass.small,
    "medel": SizeClass.medium,
    "medelstor": SizeClass.medium,
    "medelstort": SizeClass.medium,
    "stor": SizeClass.large,
    "stort": SizeClass.large,
}
_CONTACT = frozenset(["kontakt", "kontaktperson", "contact", "ja", "yes", "x", "1", "sant", "true"])
_NO_CONTACT = frozenset(["deltagare", "participant", "nej", "no", "0", "falskt", "false"])


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One line of a list. `number` is its row in the file; `values` are checked; a refused one may have none.

    Keys of `values`: company, organisation_number, sni_version, sni_division, size_class, website, name, email,
    phone, work_title, is_contact ("yes", "no"); only those that the line gives.
    """

    number: int
    values: dict[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None


class _RefusedRowError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def read_row(number: int, cells: Sequence[str], columns: Columns, municipality: str) -> ImportRow:
    """The line as checked values, or refused. `municipality` is the name of the one imported into."""
    held = (*columns.held, *[None] * (len(cells) - len(columns.held)))
    pairs = [(column, _plain(cell)) for column, cell in zip(held, cells, strict=False)]
    if refusal := _unkept(pairs):
        return ImportRow(number, refusal=refusal)
    raw: dict[Column, str] = {}
    for column, cell in pairs:
        if column and cell:
            raw.setdefault(column, cell)
    values = _as_typed(raw)
    try:
        return ImportRow(number, _checked(raw, values, municipality))
    except _RefusedRowError as refused:
        return ImportRow(number, values, refused.refusal)


def _plain(cell: str) -> str:
    """The cell in one line, without the apostrophe that keeps spreadsheets from reading it as a formula."""
    text = " ".join(
        "".join(" " if unicodedata.category(char) in ("Cc", "Cs") else char for char in cell).split()
    )
    return text[1:] if re.match(r"'[=+@-]", text) else text


def _unkept(pairs: list[tuple[Column | None, str]]) -> Refusal | None:
    """Why nothing of the line may be kept, None when it may."""
    for column, cell in pairs:
        if has_personal_number(cell, is_phone=column is Column.phone):
            is_number = column is Column.organisation_number
            return Refusal.sole_trader if is_number else Refusal.personal_number
        if column is Column.organisation_number and _is_personal(cell):
            return Refusal.sole_trader
    if any(column and cell.startswith("=") for column, cell in pairs):
        return Refusal.formula
    return None


def _is_personal(cell: str) -> bool:
    """Whether a number that is not a legal entity's has the third digit of a month, its check digit apart."""
    digits = re.sub(r"\D", "", cell)
    return len(digits) in {10, 12} and digits[-8] < "2" if len(digits) >= 10 else False


def _as_typed(raw: dict[Column, str]) -> dict[str, str]:
    """What names the line on the preview: company, person and address."""
    name = raw.get(Column.name) or " ".join(
        part for part in (raw.get(Column.first_name), raw.get(Column.last_name)) if part
    )
    named = {"company": raw.get(Column.company, ""), "name": name, "email": raw.get(Column.email, "").lower()}
    return {key: value[:300] for key, value in named.items() if value}


def _checked(raw: dict[Column, str], values: dict[str, str], municipality: str) -> dict[str, str]:
    if (where := raw.get(Column.municipality)) and not _same_place(where, municipality):
        raise _RefusedRowError(Refusal.other_municipality)
    if not values.get("name") and ("email" in values or "company" not in values):
        raise _RefusedRowError(Refusal.name_missing)
    for key, column in (("phone", Column.phone), ("work_title", Column.work_title)):
        if column in raw:
            values[key] = raw[column]
    if Column.kind in raw:
        values["is_contact"] = _contact(raw[Column.kind])
    if values.get("is_contact") == "yes" and "email" not in values:
        raise _RefusedRowError(Refusal.contact_email)
    if "company" in values:
        values |= _company_values(raw)
    if "email" in values:
        values["email"] = _or_refuse(Refusal.email, clean_email, values["email"])
    if any(len(value) > _LONGEST.get(key, 300) for key, value in values.items()):
        raise _RefusedRowError(Refusal.too_long)
    return values


def _company_values(raw: dict[Column, str]) -> dict[str, str]:
    values = {}
    if number := raw.get(Column.organisation_number):
        values["organisation_number"] = _or_refuse(
            Refusal.organisation_number, clean_organisation_number, number
        )
    if code := raw.get(Column.sni):
        version, division = _or_refuse(Refusal.sni, clean_sni_division, code)
        values |= {"sni_version": version, "sni_division": division}
    if size := raw.get(Column.size):
        values["size_class"] = _size(size).value
    if website := raw.get(Column.website):
        values["website"] = _or_refuse(Refusal.website, clean_website, website)
    return values


def _or_refuse(refusal: Refusal, clean: Callable[[str], Cleaned], text: str) -> Cleaned:
    try:
        return clean(text)
    except RefusedError:
        raise _RefusedRowError(refusal) from None


def _size(text: str) -> SizeClass:
    digits = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{1,6}", digits, re.ASCII):
        return size_class_of(int(digits))
    known = _SIZES.get(text.casefold().split()[0])
    if known is None:
        raise _RefusedRowError(Refusal.size)
    return known


def _contact(text: str) -> str:
    word = text.casefold()
    if word in _CONTACT:
        return "yes"
    if word in _NO_CONTACT:
        return "no"
    raise _RefusedRowError(Refusal.kind)


def _same_place(typed: str, name: str) -> bool:
    """Whether a municipality as typed ("Lindesbergs kommun", "Lindesberg") is the one with this name."""
    typed, name = typed.casefold(), name.casefold()
    return typed.removesuffix(" kommun") in (name, f"{name}s")

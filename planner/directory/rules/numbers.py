"""Organisation numbers, and how they are told from personal identity numbers, which are never stored.

A legal entity's number has ten digits; the third is 2 or higher, so that it can never be read as a month
(lagen 1974:174 om identitetsbeteckning för juridiska personer). The last is a Luhn check digit. Registers write it
with "16" in front. A sole trader's number is the owner's personal identity number.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _
from stdnum import luhn
from stdnum.se import orgnr

from planner.base.errors import RefusedError

# Year, month and day (60 added to the day in a coordination number), an optional separator, four digits.
_PERSONAL = re.compile(
    r"(?<!\d)(?:18|19|20)?(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01]))"
    r"[\s\u2010-\u2015\u2212+-]?(\d{4})(?!\d)"
)
_SEPARATORS = re.compile(r"[\s.\u2010-\u2015\u2212-]")


def clean_organisation_number(text: str) -> str:
    """The ten digits of a legal entity's number, however it was typed.

    Raises RefusedError, whose sentence never repeats the number, for a personal number or a mistyped one.
    """
    digits = _SEPARATORS.sub("", text)
    if re.fullmatch(r"16\d{10}", digits, re.ASCII):
        digits = digits[2:]
    if re.fullmatch(r"(18|19|20)\d{10}", digits, re.ASCII) or re.fullmatch(r"\d{6}\+\d{4}", digits, re.ASCII):
        raise _personal()
    if not re.fullmatch(r"\d{10}", digits, re.ASCII):
        raise _refused(_("An organisation number has ten digits, such as 556036-0793."))
    if digits[2] < "2":
        raise _personal()
    if not orgnr.is_valid(digits):
        raise _refused(_("The last digit does not fit the others. Check the number for a slip."))
    return digits


def shown_organisation_number(digits: str | None) -> str:
    """The number as people write it, "556036-0793"; empty for None."""
    return str(orgnr.format(digits)) if digits else ""


def has_personal_number(text: str, *, is_phone: bool = False) -> bool:
    """Whether a personal identity number (or coordination number) stands somewhere in `text`.

    With `is_phone`, ten digits in one go that begin with 0 are taken for what they look like: a telephone number.
    """
    for match in _PERSONAL.finditer(text):
        if is_phone and re.fullmatch(r"0\d{9}", match.group(), re.ASCII):
            continue
        if luhn.is_valid(match.group(1) + match.group(2)):
            return True
    return False


def _personal() -> RefusedError:
    return _refused(
        _(
            "This looks like a personal identity number, as a sole trader's is. It must not be kept here:"
            " leave the field empty."
        )
    )


def _refused(message: str) -> RefusedError:
    return RefusedError(message, field="organisation_number")

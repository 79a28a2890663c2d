"""Lines of business: SNI divisions (two digits) and the sections they belong to, in two versions."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from planner.base.errors import RefusedError

_FILE = Path(__file__).parents[1] / "data" / "sni_sections.csv"
SNI_VERSIONS = ("SNI2025", "SNI2007")  # the one in force first


@dataclass(frozen=True, slots=True)
class SniSection:
    """A section (letter) of one version, with its names and its divisions as two digits each."""

    version: str
    letter: str
    name_sv: str
    name_en: str
    divisions: tuple[str, ...]


def _divisions(text: str) -> tuple[str, ...]:
    first, _dash, last = text.partition("-")
    return tuple(f"{number:02}" for number in range(int(first), int(last or first) + 1))


def _read() -> tuple[SniSection, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            SniSection(
                row["sni_version"],
                row["section"],
                row["name_sv"],
                row["name_en"],
                _divisions(row["divisions"]),
            )
            for row in csv.DictReader(file)
        )


SNI_SECTIONS: tuple[SniSection, ...] = _read()
_BY_DIVISION = {(s.version, division): s for s in SNI_SECTIONS for division in s.divisions}


def sni_section(version: str | None, division: str | None) -> SniSection | None:
    """The section that a division belongs to in a version; None when either is missing or unknown."""
    return _BY_DIVISION.get((version or "", division or ""))


def sectors() -> tuple[SniSection, ...]:
    """The sections that lists are filtered by: those of the version in force."""
    return tuple(section for section in SNI_SECTIONS if section.version == SNI_VERSIONS[0])


def sector_divisions(letter: str) -> tuple[str, ...]:
    """The divisions, of either version, that a filter by sector takes in; none for an unknown letter.

    Both versions number their divisions in the same order. Only 45 (trade in vehicles) has no place of its own in
    SNI 2025, where it went into trade.
    """
    divisions = next((s.divisions for s in sectors() if s.letter == letter), ())
    return ("45", *divisions) if letter == "G" else divisions


def clean_sni_division(text: str, version: str | None = None) -> tuple[str, str]:
    """(version, division) from a code as typed: "25", "25.110", "25110".

    Without a version, the one in force if it has the division, else the older. Raises RefusedError if unknown.
    """
    digits = re.sub(r"[\s.]", "", text)
    if re.fullmatch(r"\d{2,5}", digits, re.ASCII):
        for candidate in (version,) if version else SNI_VERSIONS:
            if (candidate, digits[:2]) in _BY_DIVISION:
                return candidate, digits[:2]
    raise RefusedError(
        _("There is no such SNI division. Give its two digits, such as 25."), field="sni_division"
    )

"""The digital competences that series and templates are described by (DigComp, 21 in five areas)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "digcomp.csv"


@dataclass(frozen=True, slots=True)
class Competence:
    """One competence; `id` is area and number, "1.1"."""

    id: str
    area_sv: str
    area_en: str
    name_sv: str
    name_en: str


def _read() -> tuple[Competence, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Competence(row["id"], row["area_sv"], row["area"], row["competence_sv"], row["competence_en"])
            for row in csv.DictReader(file)
        )


COMPETENCES: tuple[Competence, ...] = _read()
_BY_ID = {item.id: item for item in COMPETENCES}


def competence(id: str) -> Competence:  # noqa: A002 - the list's own word for its key
    """The competence "1.1" and so on. Raises KeyError for an unknown one."""
    return _BY_ID[id]

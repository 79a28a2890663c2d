"""What becomes of certificates when all that is kept of a person is asked for, or erased."""

from __future__ import annotations

from typing import Any

from planner.certificates.service import collect_certificates, erase_certificates
from planner.directory.models import Person
from planner.directory.rules.personal_data import DataPart
from planner.directory.signals import person_collected, person_erased


@person_collected.connect
def _collect(_sender: Any, *, person: Person) -> list[DataPart]:
    return collect_certificates(person)


@person_erased.connect
def _erase(_sender: Any, *, person: Person, pseudonym: str, keep_certificates: bool) -> None:
    if not keep_certificates:
        erase_certificates(person, pseudonym)

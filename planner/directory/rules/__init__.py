"""Pure decisions of the directory, split by noun: competences, sectors, kinds, numbers, people."""

from __future__ import annotations

from planner.directory.rules.competences import COMPETENCES, Competence, competence
from planner.directory.rules.kinds import OrganisationKind, SizeClass, size_class_of
from planner.directory.rules.numbers import (
    clean_organisation_number,
    has_personal_number,
    shown_organisation_number,
)
from planner.directory.rules.people import person_id_in, person_token
from planner.directory.rules.sectors import (
    SNI_SECTIONS,
    SNI_VERSIONS,
    SniSection,
    clean_sni_division,
    sector_divisions,
    sectors,
    sni_section,
)

__all__ = [
    "COMPETENCES",
    "SNI_SECTIONS",
    "SNI_VERSIONS",
    "Competence",
    "OrganisationKind",
    "SizeClass",
    "SniSection",
    "clean_organisation_number",
    "clean_sni_division",
    "competence",
    "has_personal_number",
    "person_id_in",
    "person_token",
    "sector_divisions",
    "sectors",
    "shown_organisation_number",
    "size_class_of",
    "sni_section",
]

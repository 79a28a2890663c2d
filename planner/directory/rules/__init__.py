"""Pure decisions of the directory, split by noun: competences, sectors, kinds, numbers, people, details.

Importing a list is three steps: import_columns (headings), import_rows (cells to values), import_fates (what becomes
of each line).
"""

from __future__ import annotations

from planner.directory.rules.competences import COMPETENCES, Competence, competence
from planner.directory.rules.details import (
    CompanyDetails,
    OrganisationDetails,
    PersonDetails,
    VenueDetails,
    clean_position,
    clean_website,
    shown_position,
)
from planner.directory.rules.kinds import OrganisationKind, SizeClass, size_class_of
from planner.directory.rules.numbers import (
    clean_organisation_number,
    has_personal_number,
    shown_organisation_number,
)
from planner.directory.rules.people import clean_email, person_id_in, person_token
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
    "CompanyDetails",
    "Competence",
    "OrganisationDetails",
    "OrganisationKind",
    "PersonDetails",
    "SizeClass",
    "SniSection",
    "VenueDetails",
    "clean_email",
    "clean_organisation_number",
    "clean_position",
    "clean_sni_division",
    "clean_website",
    "competence",
    "has_personal_number",
    "person_id_in",
    "person_token",
    "sector_divisions",
    "sectors",
    "shown_organisation_number",
    "shown_position",
    "size_class_of",
    "sni_section",
]

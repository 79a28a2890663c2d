"""Reads of the directory, split by noun. Those that give people's data take the viewer first."""

from __future__ import annotations

from planner.directory.queries.companies import (
    CompanyFilter,
    find_company_by_number,
    get_company,
    list_companies,
    list_companies_by_id,
    list_companies_in,
)
from planner.directory.queries.imports import (
    get_import,
    known_companies,
    known_people,
    map_people,
)
from planner.directory.queries.organisations import (
    find_disposal,
    find_logo,
    get_logo_data,
    get_organisation,
    list_disposal_months,
    list_organisations,
    list_organisations_of,
    list_peopled_codes,
    list_served_codes,
)
from planner.directory.queries.people import (
    PeopleFilter,
    find_person_by_email,
    find_person_by_token,
    get_person,
    list_people,
    list_people_of,
)
from planner.directory.queries.places import (
    get_municipality,
    get_room,
    get_venue,
    list_municipalities,
    list_municipalities_of,
    list_rooms,
    list_venues,
)

__all__ = [
    "CompanyFilter",
    "PeopleFilter",
    "find_company_by_number",
    "find_disposal",
    "find_logo",
    "find_person_by_email",
    "find_person_by_token",
    "get_company",
    "get_import",
    "get_logo_data",
    "get_municipality",
    "get_organisation",
    "get_person",
    "get_room",
    "get_venue",
    "known_companies",
    "known_people",
    "list_companies",
    "list_companies_by_id",
    "list_companies_in",
    "list_disposal_months",
    "list_municipalities",
    "list_municipalities_of",
    "list_organisations",
    "list_organisations_of",
    "list_people",
    "list_people_of",
    "list_peopled_codes",
    "list_rooms",
    "list_served_codes",
    "list_venues",
    "map_people",
]

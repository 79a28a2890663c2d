"""The shapes of input in the directory, split by noun."""

from __future__ import annotations

from planner.directory.forms.choices import place_choices, place_question
from planner.directory.forms.companies import CompanyForm
from planner.directory.forms.filters import (
    CompanyFilterForm,
    FilterForm,
    OrganisationFilterForm,
    PeopleFilterForm,
)
from planner.directory.forms.organisations import DisposalForm, LetInForm, LogoForm, OrganisationForm
from planner.directory.forms.people import EraseForm, PersonForm, UploadForm
from planner.directory.forms.places import RoomForm, VenueForm

__all__ = [
    "CompanyFilterForm",
    "CompanyForm",
    "DisposalForm",
    "EraseForm",
    "FilterForm",
    "LetInForm",
    "LogoForm",
    "OrganisationFilterForm",
    "OrganisationForm",
    "PeopleFilterForm",
    "PersonForm",
    "RoomForm",
    "UploadForm",
    "VenueForm",
    "place_choices",
    "place_question",
]

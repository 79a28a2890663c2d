"""The blueprint that the pages of attendance share, and how a person typed in there is read."""

from __future__ import annotations

from flask import Blueprint

from planner.attendance.forms import NewPersonForm
from planner.attendance.queries import list_companies_of_series
from planner.attendance.service import NewPerson
from planner.series.models import Series

blueprint = Blueprint("attendance", __name__)


def new_person(form: NewPersonForm, series: Series) -> NewPerson:
    """Somebody typed in for the series, with the company chosen among its own."""
    companies = list_companies_of_series(series.id)
    chosen = next((company for company in companies if str(company.id) == form.company.data), None)
    return NewPerson(form.name.data, series.municipality_code, form.email.data or "", chosen)

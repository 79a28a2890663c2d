"""The blueprint that the pages of attendance share."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for

from planner.attendance.forms import NewPersonForm
from planner.attendance.queries import list_companies_of_series
from planner.attendance.rules import device_of
from planner.attendance.service import NewPerson
from planner.series.models import Series

blueprint = Blueprint("attendance", __name__)


def roster_address(view: str, training_id: int, **values: Any) -> str:
    """The address of one of the roster's pages, for whoever asks: by the session's own link, or by account."""
    token = (request.view_args or {}).get("token")
    if token:
        return url_for(f"attendance.{view}_by_link", token=token, **values)
    return url_for(f"attendance.{view}", training_id=training_id, **values)


def device_in_use() -> str:
    """The kind of browser and device that sent this request."""
    return device_of(request.user_agent.string)


def sent_json() -> dict[str, Any]:
    """The object that a page's script sent; empty when it is none."""
    data = request.get_json(silent=True)
    return data if isinstance(data, dict) else {}


@blueprint.context_processor
def _words() -> dict[str, Callable[..., str]]:
    return {"roster_address": roster_address}


def new_person(form: NewPersonForm, series: Series) -> NewPerson:
    """Somebody typed in for the series, with the company chosen among its own."""
    companies = list_companies_of_series(series.id)
    chosen = next((company for company in companies if str(company.id) == form.company.data), None)
    return NewPerson(form.name.data, series.municipality_code, form.email.data or "", chosen)

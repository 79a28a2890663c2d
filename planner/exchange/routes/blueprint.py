"""The blueprint that the pages of this room share, and what the page of a series asks it for."""

from __future__ import annotations

from flask import Blueprint

from planner.exchange.queries.series import Origin, find_origin
from planner.series.models import Series

blueprint = Blueprint("exchange", __name__)


@blueprint.app_template_global("origin_of")
def origin_of(series: Series) -> Origin | None:
    """How a series stands to its template, for its page, which cannot import this room."""
    return find_origin(series)

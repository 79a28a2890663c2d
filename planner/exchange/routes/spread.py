"""Where a template has spread: municipalities, versions and sums, and no person."""

from __future__ import annotations

from itertools import groupby

from flask import render_template

from planner.attendance.rules import LEAST
from planner.exchange.queries.spread import list_adoptions, list_places
from planner.exchange.routes.blueprint import blueprint
from planner.series_templates.queries import find_latest_version, get_template
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer


@blueprint.get("/templates/<int:template_id>/spread")
@requires("organiser")
def spread(template_id: int) -> Answer:
    """The municipalities that use the template, for those who make it."""
    template = get_template(current_viewer(), template_id)
    adoptions = list_adoptions(template_id)
    places = list_places(template.organisation_id)
    known = {place.code for place in places}
    return render_template(
        "exchange/spread.html",
        template=template,
        latest=find_latest_version(template_id),
        adoptions=adoptions,
        by_code={one.municipality.code: one for one in adoptions},
        counties=[list(group) for _code, group in groupby(places, key=lambda place: place.county_code)],
        elsewhere=[one for one in adoptions if one.municipality.code not in known],
        least=LEAST,
    )

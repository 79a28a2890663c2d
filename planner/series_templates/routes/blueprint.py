"""The blueprint that the pages of templates share, and the words of their fields in every template."""

from __future__ import annotations

from flask import Blueprint

from planner.directory.rules import competence
from planner.series_templates.forms.differences import field_name
from planner.web.formats import in_language

blueprint = Blueprint("series_templates", __name__)
blueprint.add_app_template_filter(field_name, "field_name")


@blueprint.app_template_filter("competence_name")
def competence_name(competence_id: str) -> str:
    """A competence in the page's language."""
    found = competence(competence_id)
    return in_language(found.name_sv, found.name_en)

"""The directory's blueprint, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from planner.base.viewer import EDITORS, EVERYONE, PEOPLE_SEERS
from planner.directory.models import Municipality
from planner.directory.queries import list_municipalities_of
from planner.directory.rules import SizeClass, shown_organisation_number
from planner.web.access import current_viewer

blueprint = Blueprint("directory", __name__)
blueprint.add_app_template_filter(shown_organisation_number, "organisation_number")


@blueprint.context_processor
def shared() -> dict[str, Any]:
    """What every page of the directory knows: whether the viewer sees people anywhere, and may add."""
    viewer = current_viewer()
    return {
        "sees_any_people": bool(viewer.municipalities(PEOPLE_SEERS)),
        "may_add": viewer.has_role(EDITORS),
        "sizes": {size.value: size.label for size in SizeClass},
        "size_words": {size.value: size.word for size in SizeClass},
    }


def own_places() -> list[Municipality]:
    """The municipalities that the viewer has any role in."""
    return list_municipalities_of(current_viewer().municipalities(EVERYONE))


def editable_places() -> list[Municipality]:
    """The municipalities that the viewer plans in."""
    return list_municipalities_of(current_viewer().municipalities(EDITORS))


def peopled_places() -> list[Municipality]:
    """The municipalities whose people the viewer sees."""
    return list_municipalities_of(current_viewer().municipalities(PEOPLE_SEERS))


def asked(form: Any) -> bool:
    """Whether the list is narrowed, so that an empty one says so."""
    return any(field.data for field in form if field.name != "page") and bool(request.args)

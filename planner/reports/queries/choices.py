"""What figures may be narrowed to: places, series, templates and projects that the viewer has figures of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from planner.base.db import db
from planner.base.viewer import EVERYONE, Viewer
from planner.directory.models import Municipality
from planner.directory.queries import list_municipalities_of
from planner.reports.models import FunderProject, SeriesAccount
from planner.series.models import Series, series_municipality
from planner.series_templates.models import SeriesTemplate, TemplateVersion


@dataclass(frozen=True, slots=True)
class Choices:
    """The municipalities in order, and (id, name) of the others."""

    places: list[Municipality]
    series: Sequence[tuple[int, str]]
    templates: Sequence[tuple[int, str]]
    projects: Sequence[tuple[int, str]]


def list_choices(viewer: Viewer) -> Choices:
    """Everything to choose among; one statement each."""
    codes = viewer.municipalities(EVERYONE)
    here = _is_of(codes)
    series = (
        select(Series.id, Series.title)
        .where(here, Series.published_at.is_not(None))
        .order_by(Series.sort_key, Series.id)
    )
    templates = (
        select(SeriesTemplate.id, SeriesTemplate.title)
        .where(
            SeriesTemplate.id.in_(
                select(TemplateVersion.template_id)
                .join(Series, Series.template_version_id == TemplateVersion.id)
                .where(here)
            )
        )
        .order_by(SeriesTemplate.title, SeriesTemplate.id)
    )
    projects = (
        select(FunderProject.id, FunderProject.name)
        .where(
            or_(
                FunderProject.organisation_id.in_(viewer.organisations()),
                FunderProject.id.in_(
                    select(SeriesAccount.project_id)
                    .join(Series, Series.id == SeriesAccount.series_id)
                    .where(here, SeriesAccount.project_id.is_not(None))
                ),
            )
        )
        .order_by(FunderProject.sort_key, FunderProject.id)
    )
    found: list[Any] = [db.session.execute(query).all() for query in (series, templates, projects)]
    return Choices(list_municipalities_of(codes), *([(row[0], row[1]) for row in rows] for rows in found))


def _is_of(codes: frozenset[str]) -> ColumnElement[bool]:
    near = select(series_municipality.c.series_id).where(series_municipality.c.municipality_code.in_(codes))
    return or_(Series.municipality_code.in_(codes), Series.id.in_(near))

"""Where templates are in use, and how many people they have reached: sums only, never a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import case, distinct, func, select

from planner.attendance.models import Presence
from planner.attendance.rules import ATTENDED
from planner.base.db import db
from planner.directory.models import Municipality, organisation_municipality
from planner.exchange.rules.spread import Reach, told, told_together
from planner.series.models import Series, Step, TrainingSession
from planner.series_templates.diff import count_changed_steps
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode, StepDocument, from_document

_STEP_NAMES = tuple(field.name for field in fields(StepDocument))


@dataclass(frozen=True, slots=True)
class Use:
    """In how many municipalities a template's series are published, and whom it reached."""

    municipalities: int
    reach: Reach


def list_uses(template_ids: Iterable[int]) -> dict[int, Use]:
    """How each template is used, in two statements; those without a published series are left out."""
    ids = list(template_ids)
    counts = (
        select(TemplateVersion.template_id, func.count(distinct(Series.municipality_code)))
        .join(Series, Series.template_version_id == TemplateVersion.id)
        .where(TemplateVersion.template_id.in_(ids), Series.published_at.is_not(None))
        .group_by(TemplateVersion.template_id)
    )
    people = _people().where(TemplateVersion.template_id.in_(ids))
    rows = people.add_columns(TemplateVersion.template_id).group_by(TemplateVersion.template_id)
    reached = {row[2]: Reach(row[0], row[1]) for row in db.session.execute(rows)}
    return {
        template_id: Use(count, told(reached.get(template_id, Reach())))
        for template_id, count in db.session.execute(counts)
    }


def _people() -> Any:
    """(people reached, people at every step) of published series made from template versions, to be grouped."""
    attended = (
        select(
            TrainingSession.series_id,
            Presence.person_id,
            func.count(distinct(TrainingSession.step_id)).label("steps"),
        )
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .where(
            Presence.verdict.in_([verdict.value for verdict in ATTENDED]),
            TrainingSession.cancelled_at.is_(None),
        )
        .group_by(TrainingSession.series_id, Presence.person_id)
        .subquery("attended")
    )
    steps = (
        select(Step.series_id, func.count().label("steps"))
        .where(Step.removed_at.is_(None))
        .group_by(Step.series_id)
        .subquery("step_counts")
    )
    finished = case((attended.c.steps >= steps.c.steps, attended.c.person_id))
    return (
        select(func.count(distinct(attended.c.person_id)), func.count(distinct(finished)))
        .select_from(attended)
        .join(Series, Series.id == attended.c.series_id)
        .join(steps, steps.c.series_id == Series.id)
        .join(TemplateVersion, TemplateVersion.id == Series.template_version_id)
        .where(Series.published_at.is_not(None))
    )


@dataclass(frozen=True, slots=True)
class Adoption:
    """A municipality with published series made from a template.

    `versions` are the numbers they are made from, lowest first; `steps_changed` counts steps that say or stand
    otherwise than there, or are added or gone.
    """

    municipality: Municipality
    series: int
    versions: tuple[int, ...]
    steps_changed: int
    reach: Reach


def list_adoptions(template_id: int) -> list[Adoption]:
    """Every municipality where the template is or was in use, in Swedish order; five statements, and no person."""
    own: dict[str, list[_Made]] = {}
    for made in _list_made(template_id):
        own.setdefault(made.code, []).append(made)
    reached = _reach_by_municipality(template_id)
    told_rows = told_together([reached.get(code, Reach()) for code in own])
    places = {
        place.code: place
        for place in db.session.scalars(select(Municipality).where(Municipality.code.in_(own)))
    }
    found = [
        Adoption(
            places[code],
            len(rows),
            tuple(sorted({row.number for row in rows})),
            sum(row.steps_changed for row in rows),
            reach,
        )
        for (code, rows), reach in zip(own.items(), told_rows, strict=True)
    ]
    return sorted(found, key=lambda one: one.municipality.sort_key)


@dataclass(frozen=True, slots=True)
class _Made:
    """A published series, as far as the spread tells of it."""

    code: str
    number: int
    steps_changed: int


def _list_made(template_id: int) -> list[_Made]:
    """Three statements: what is read is columns, since a widespread template has thousands of steps."""
    versions = db.session.scalars(select(TemplateVersion).where(TemplateVersion.template_id == template_id))
    documents: dict[int | None, tuple[int, tuple[StepDocument, ...]]] = {
        one.id: (one.number, from_document(one.document).steps) for one in versions
    }
    is_shown = (Series.template_version_id.in_(documents), Series.published_at.is_not(None))
    steps: dict[int, list[StepDocument]] = {}
    rows: Any = db.session.execute(
        select(Step.series_id, *(getattr(Step, name) for name in _STEP_NAMES))
        .join(Step.series)
        .where(*is_shown, Step.removed_at.is_(None))
        .order_by(Step.series_id, Step.position)
    )
    for series_id, *values in rows:
        named: dict[str, Any] = dict(zip(_STEP_NAMES, values, strict=True))
        steps.setdefault(series_id, []).append(StepDocument(**named | {"mode": Mode(named["mode"])}))
    query = select(Series.id, Series.municipality_code, Series.template_version_id).where(*is_shown)
    made: list[_Made] = []
    for series_id, code, version_id in db.session.execute(query.order_by(Series.id)):
        number, before = documents[version_id]
        made.append(_Made(code, number, count_changed_steps(before, tuple(steps.get(series_id, ())))))
    return made


def _reach_by_municipality(template_id: int) -> dict[str, Reach]:
    rows = (
        _people()
        .where(TemplateVersion.template_id == template_id)
        .add_columns(Series.municipality_code)
        .group_by(Series.municipality_code)
    )
    return {row[2]: Reach(row[0], row[1]) for row in db.session.execute(rows)}


def list_places(organisation_id: int) -> list[Municipality]:
    """All municipalities of the counties where the organisation is at work, by county and name."""
    served = (
        select(Municipality.county_code)
        .join(organisation_municipality, organisation_municipality.c.municipality_code == Municipality.code)
        .where(organisation_municipality.c.organisation_id == organisation_id)
    )
    query = select(Municipality).where(Municipality.county_code.in_(served))
    return list(db.session.scalars(query.order_by(Municipality.county_code, Municipality.sort_key)))

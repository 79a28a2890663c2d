"""A series beside its template: what differs, what is offered, what was decided."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import Viewer
from planner.exchange.models import TemplateUpdate
from planner.exchange.queries.offers import Offer, find_offer
from planner.exchange.rules.reviews import Dated, Decided, Review, digest_of, review
from planner.series.models import Series, Step, TrainingSession
from planner.series.queries import SessionFilter, document_of, get_series, list_trainings
from planner.series_templates.diff import Diff, diff
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import from_document, to_document


@dataclass(frozen=True, slots=True)
class Origin:
    """What the page of a series made from a template says of it."""

    differences: int
    offer: Offer | None
    latest: TemplateUpdate | None


def find_origin(series: Series) -> Origin | None:
    """How the series (steps and template version loaded) stands to its template; None when made from nothing."""
    if series.template_version is None:
        return None
    return Origin(len(differences_of(series).paths), find_offer(series.id), find_latest_update(series.id))


def differences_of(series: Series) -> Diff:
    """What the series (made from a version, loaded) says otherwise than the version."""
    assert series.template_version is not None  # noqa: S101 - the caller has looked
    return diff(from_document(series.template_version.document), document_of(series))


def get_adopted(viewer: Viewer, series_id: int, *, to_edit: bool = False) -> Series:
    """A series made from a template version, as series.queries.get_series gives it. Raises NotFoundError."""
    series = get_series(viewer, series_id, to_edit=to_edit)
    if series.template_version is None:
        raise NotFoundError(_("This series was made from no template."))
    return series


def list_dated(series: Series) -> list[Dated]:
    """All sessions of the series; one statement."""
    t = TrainingSession
    query = (
        select(t.id, Step.key, t.starts_at, t.ends_at, t.cancelled_at)
        .join(t.step)
        .where(t.series_id == series.id)
        .order_by(t.starts_at, t.id)
    )
    return [
        Dated(row.id, row.key, row.starts_at, row.ends_at, row.cancelled_at is not None)
        for row in db.session.execute(query)
    ]


def review_of(series: Series, version: TemplateVersion) -> Review:
    """What the series is asked about the version."""
    assert series.template_version is not None  # noqa: S101 - the caller has looked
    return review(
        from_document(series.template_version.document),
        document_of(series),
        from_document(version.document),
        locked=series.locked,
        sessions=list_dated(series),
        at=now(),
    )


def map_trainings(series: Series, ids: set[int]) -> dict[int, TrainingSession]:
    """These sessions of the series by id, with all that a write needs loaded."""
    found = list_trainings(SessionFilter(published_only=False, series_id=series.id)) if ids else []
    return {training.id: training for training in found if training.id in ids}


def fingerprint(series: Series) -> str:
    """Equal as long as nothing in the series or its sessions has been changed."""
    query = select(TrainingSession.id, TrainingSession.revision).where(TrainingSession.series_id == series.id)
    rows = sorted((row.id, row.revision) for row in db.session.execute(query))
    return digest_of([to_document(document_of(series)), series.locked, series.template_version_id, rows])


def find_latest_update(series_id: int) -> TemplateUpdate | None:
    """The last decision that still stands, with its versions; None before the first."""
    query = _updates().where(TemplateUpdate.series_id == series_id, TemplateUpdate.outcome != Decided.UNDONE)
    return db.session.scalar(query.limit(1))


def list_updates(series_id: int) -> list[TemplateUpdate]:
    """Everything that was decided, newest first, with the versions."""
    return list(db.session.scalars(_updates().where(TemplateUpdate.series_id == series_id)))


def get_update(series: Series, update_id: int) -> TemplateUpdate:
    """One decision of this series, with the versions. Raises NotFoundError."""
    found = db.session.scalar(
        _updates().where(TemplateUpdate.series_id == series.id, TemplateUpdate.id == update_id)
    )
    if found is None:
        raise NotFoundError
    return found


def _updates() -> Select[TemplateUpdate]:
    return (
        select(TemplateUpdate)
        .options(joinedload(TemplateUpdate.from_version), joinedload(TemplateUpdate.to_version))
        .order_by(TemplateUpdate.id.desc())
    )

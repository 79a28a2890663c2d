"""Reads of funder projects, and of what series and templates are accounted for as."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.reports.models import FunderProject, SeriesAccount, TemplateAccount
from planner.reports.rules import AccountTexts
from planner.series.models import Series


def list_projects(viewer: Viewer) -> Sequence[FunderProject]:
    """The projects of the organisations that the viewer plans for (organisation loaded), the latest first."""
    query = (
        select(FunderProject)
        .where(FunderProject.organisation_id.in_(viewer.organisations(EDITORS)))
        .options(joinedload(FunderProject.organisation, innerjoin=True))
        .order_by(FunderProject.ends_on.desc(), FunderProject.sort_key, FunderProject.id)
    )
    return db.session.scalars(query).all()


def get_project(viewer: Viewer, id_: int) -> FunderProject:
    """A project the viewer may edit. Raises NotFoundError for any other."""
    query = select(FunderProject).where(
        FunderProject.id == id_, FunderProject.organisation_id.in_(viewer.organisations(EDITORS))
    )
    project = db.session.scalar(query.execution_options(populate_existing=True))
    if project is None:
        raise NotFoundError
    return project


def account_of(series: Series) -> tuple[AccountTexts, int]:
    """What the series is accounted for as, and the revision of its row; 0 where it has none."""
    query = select(SeriesAccount).where(SeriesAccount.series_id == series.id)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        return AccountTexts(), 0
    texts = AccountTexts(row.training_type, row.project_id, row.provider, row.is_external, row.price)
    return texts, row.revision


def template_account(template_id: int | None) -> tuple[str, int]:
    """The training type of a template and its row's revision; "" and 0 where it has none."""
    query = select(TemplateAccount).where(TemplateAccount.template_id == template_id)
    row = db.session.scalar(query.execution_options(populate_existing=True))
    return (row.training_type, row.revision) if row else ("", 0)


def list_projects_for(series: Series, present: int | None) -> Sequence[FunderProject]:
    """The projects that a series may belong to: its organiser's, and the one it is in already."""
    own = or_(FunderProject.organisation_id == series.organisation_id, FunderProject.id == (present or 0))
    return db.session.scalars(select(FunderProject).where(own).order_by(FunderProject.sort_key)).all()

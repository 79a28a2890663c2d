"""Writes of funder projects, and of what series and templates are accounted for as."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.reports.models import FunderProject, SeriesAccount, TemplateAccount
from planner.reports.rules import AccountTexts, ProjectTexts
from planner.series.models import Series
from planner.series_templates.models import SeriesTemplate


def create_project(organisation_id: int, texts: ProjectTexts, *, by: Viewer) -> FunderProject:
    """A new project of the organisation."""
    project = FunderProject(organisation_id=organisation_id)
    db.session.add(project)
    edit_project(project, texts, by=by)
    return project


def edit_project(project: FunderProject, texts: ProjectTexts, *, by: Viewer) -> None:
    """Change what is said of a project."""
    if not by.may_edit_for(project.organisation_id):
        raise NotAllowedError
    project.name, project.number = texts.name, texts.number
    project.starts_on, project.ends_on = texts.starts_on, texts.ends_on
    db.session.flush()


def remove_project(project: FunderProject, *, by: Viewer) -> None:
    """Remove a project that no series belongs to. Raises RefusedError for one in use."""
    if not by.may_edit_for(project.organisation_id):
        raise NotAllowedError
    if db.session.scalar(
        select(SeriesAccount.series_id).where(SeriesAccount.project_id == project.id).limit(1)
    ):
        raise RefusedError(_("Series belong to this project. Choose another project for them first."))
    db.session.delete(project)
    db.session.flush()


def account_for(series: Series, texts: AccountTexts) -> SeriesAccount:
    """Say what a series, which the viewer may edit, is accounted for as."""
    account = db.session.get(SeriesAccount, series.id)
    if account is None:
        account = SeriesAccount(series_id=series.id)
        db.session.add(account)
    account.training_type, account.project_id = texts.training_type, texts.project_id
    account.provider, account.is_external, account.price = texts.provider, texts.is_external, texts.price
    db.session.flush()
    return account


def account_for_template(template: SeriesTemplate, training_type: str) -> TemplateAccount:
    """Say which training type series get from a template, which the viewer may edit."""
    account = db.session.get(TemplateAccount, template.id)
    if account is None:
        account = TemplateAccount(template_id=template.id)
        db.session.add(account)
    account.training_type = training_type
    db.session.flush()
    return account

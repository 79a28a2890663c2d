"""Writes of series themselves."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Municipality, Organisation
from planner.series.models import Series, Step, TrainingSession
from planner.series.queries import count_trainings, may_edit
from planner.series.rules import SeriesTexts, slug
from planner.series.service.sessions import touch_sessions
from planner.series.signals import session_changed
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import StepDocument, from_document


def create_series(
    texts: SeriesTexts,
    organisation: Organisation,
    municipality: Municipality,
    *,
    by: Viewer,
    neighbours: Iterable[Municipality] = (),
) -> Series:
    """A new draft series without steps, coordinated by `municipality`."""
    _check_right(by, organisation, municipality)
    series = Series(
        key=f"{slug(texts.title)}-{secrets.token_hex(3)}",
        organisation=organisation,
        municipality=municipality,
        neighbours=[other for other in neighbours if other.code != municipality.code],
        steps=[],
        cohorts=[],
        template_version=None,
    )
    _write(series, texts)
    db.session.add(series)
    db.session.flush()
    return series


def adopt(
    version: TemplateVersion,
    organisation: Organisation,
    municipality: Municipality,
    *,
    by: Viewer,
    title: str | None = None,
    neighbours: Iterable[Municipality] = (),
) -> Series:
    """A new draft series made from a template version, which stays its merge base; steps keep their keys."""
    document = from_document(version.document)
    texts = SeriesTexts(title or document.title, document.summary, document.audience, document.competences)
    series = create_series(texts, organisation, municipality, by=by, neighbours=neighbours)
    series.template_version = version
    series.steps.extend(_step(step, position) for position, step in enumerate(document.steps, start=1))
    db.session.flush()
    return series


def edit_series(
    series: Series, texts: SeriesTexts, *, by: Viewer, neighbours: Iterable[Municipality] | None = None
) -> None:
    """Change what the series says and which neighbours take part; calendars see a new title at once."""
    renamed = series.title != texts.title
    _write(series, texts)
    if neighbours is not None:
        series.neighbours = [other for other in neighbours if other.code != series.municipality_code]
    if renamed:
        touch_sessions(series_id=series.id, by=by)
    db.session.flush()


def publish_series(series: Series, *, by: Viewer) -> None:
    """Open the series' public page and let its sessions into feeds. Refused without a step."""
    if not may_edit(by, series):
        raise NotAllowedError(_("Only those who plan in this municipality publish its series."))
    if not series.steps:
        raise RefusedError(_("Add at least one step before you publish the series."))
    if series.published_at is None:
        series.published_at = now()
        touch_sessions(series_id=series.id, by=by)
        db.session.flush()
        _tell_of_sessions(series)
    db.session.flush()


def unpublish_series(series: Series) -> None:
    """Make it a draft again; refused once it has sessions, which would vanish from people's calendars."""
    if count_trainings(series.id):
        raise RefusedError(
            _("Its sessions are in people's calendars. Cancel them, with a reason, instead of unpublishing.")
        )
    series.published_at = None
    db.session.flush()


def _tell_of_sessions(series: Series) -> None:
    query = select(TrainingSession.id).where(TrainingSession.series_id == series.id)
    for training_id in db.session.scalars(query.order_by(TrainingSession.id)).all():
        session_changed.send(training_id=training_id)


def _check_right(by: Viewer, organisation: Organisation, municipality: Municipality) -> None:
    if by.is_signed_in and not (by.may_edit_for(organisation.id) and by.may_edit_in(municipality.code)):
        raise NotAllowedError(_("You can plan only in municipalities that your organisation serves."))


def _write(series: Series, texts: SeriesTexts) -> None:
    series.title, series.summary, series.audience = texts.title, texts.summary, texts.audience
    series.competences = list(texts.competences)


def _step(document: StepDocument, position: int) -> Step:
    return Step(
        key=document.key,
        position=position,
        title=document.title,
        goals=document.goals,
        preparation=document.preparation,
        minutes=document.minutes,
        mode=document.mode.value,
        gap_days=document.gap_days,
        materials=document.materials,
        follow_up=document.follow_up,
    )

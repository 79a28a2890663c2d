"""Reads of series and sessions.

Who sees what: a series is seen by those with a role in its municipality or a neighbour taking part, and by its
organisation's; a draft only by those who may edit it. What is published is seen by all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from planner.accounts.models import User
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.base.viewer import EDITORS, EVERYONE, Viewer
from planner.directory.models import Municipality, Room
from planner.series.models import (
    Cohort,
    Series,
    SessionChange,
    Step,
    TrainingSession,
    cohort_company,
    series_municipality,
    session_facilitator,
)
from planner.series.rules import Status, session_status
from planner.series_templates.models import TemplateVersion
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions: every field that is not None narrows. Instants bound the start, `[after, before)`.

    `municipality_codes` means sessions of series that one of them coordinates or takes part in;
    `company_id` those of its cohorts, and open ones of series it has a cohort in.
    """

    published_only: bool = True
    municipality_codes: frozenset[str] | None = None
    county_code: str | None = None
    series_id: int | None = None
    cohort_id: int | None = None
    company_id: int | None = None
    facilitator_id: int | None = None
    organisation_id: int | None = None
    mode: str | None = None
    competence_id: str | None = None
    after: datetime | None = None
    before: datetime | None = None
    with_cancelled: bool = True
    uids: tuple[str, ...] | None = None
    viewer: Viewer | None = None  # only what this viewer may see, drafts among it


TRAINING_LOADS: Any = (
    joinedload(TrainingSession.step),
    joinedload(TrainingSession.series).options(
        joinedload(Series.municipality), joinedload(Series.organisation), selectinload(Series.neighbours)
    ),
    joinedload(TrainingSession.cohort).options(selectinload(Cohort.companies)),
    joinedload(TrainingSession.room).options(joinedload(Room.venue)),
    selectinload(TrainingSession.facilitators),
)


def _takes_part(codes: Iterable[str]) -> ColumnElement[bool]:
    """Series that one of the municipalities coordinates or takes part in."""
    neighbour = exists().where(
        series_municipality.c.series_id == Series.id, series_municipality.c.municipality_code.in_(codes)
    )
    return or_(Series.municipality_code.in_(codes), neighbour)


def _editable(viewer: Viewer) -> ColumnElement[bool]:
    return or_(
        Series.municipality_code.in_(viewer.municipalities(EDITORS)),
        Series.organisation_id.in_(viewer.organisations(EDITORS)),
    )


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on Series that this viewer may see it inside the site."""
    published = and_(Series.published_at.is_not(None), _takes_part(viewer.municipalities(EVERYONE)))
    leads = exists().where(
        TrainingSession.series_id == Series.id,
        session_facilitator.c.training_id == TrainingSession.id,
        session_facilitator.c.user_id == viewer.user_id,
    )
    return or_(published, _editable(viewer), leads if viewer.user_id is not None else false())


def may_edit(viewer: Viewer, series: Series) -> bool:
    """Whether the viewer plans this series: in its municipality, or in its organisation."""
    return viewer.may_edit_in(series.municipality_code) or viewer.may_edit_for(series.organisation_id)


def may_take_attendance(viewer: Viewer, training: TrainingSession) -> bool:
    """Whether the viewer marks anyone at the session (facilitators, series.neighbours loaded).

    Its facilitators do, those who plan the series, and those who plan in a neighbour that takes part.
    """
    if viewer.is_signed_in and viewer.user_id in {user.id for user in training.facilitators}:
        return True
    codes = {place.code for place in training.series.neighbours}
    return may_edit(viewer, training.series) or bool(codes & viewer.municipalities(EDITORS))


def list_series(viewer: Viewer, *, words: str = "", municipality: str | None = None) -> Select[Any]:
    """The series this viewer sees, newest first, as a query for `page_of`."""
    query = (
        select(Series)
        .where(visible_to(viewer), Series.archived_at.is_(None))
        .options(
            joinedload(Series.municipality),
            joinedload(Series.organisation),
            selectinload(Series.steps),
            selectinload(Series.cohorts),
        )
        .order_by(Series.created_at.desc(), Series.id.desc())
    )
    query = query.where(*name_has(Series, words))
    if municipality:
        query = query.where(_takes_part([municipality]))
    return query


def get_series(viewer: Viewer, series_id: int, *, to_edit: bool = False) -> Series:
    """The series with steps, cohorts and their companies; raises NotFoundError when it is not this viewer's.

    `to_edit` asks for the right to change it, and locks its row until the unit of work ends.
    """
    query = (
        select(Series)
        .where(Series.id == series_id, _editable(viewer) if to_edit else visible_to(viewer))
        .options(*SERIES_LOADS)
    )
    if to_edit:
        query = query.with_for_update(of=Series, key_share=True).execution_options(populate_existing=True)
    series = db.session.scalar(query)
    if series is None:
        raise NotFoundError(_("There is no such series here."))
    return series


SERIES_LOADS: Any = (
    joinedload(Series.municipality),
    joinedload(Series.organisation),
    # A statement of its own: joined, PostgreSQL gives none when an update was taken over while we waited for the lock.
    selectinload(Series.template_version).options(joinedload(TemplateVersion.template)),
    selectinload(Series.neighbours),
    selectinload(Series.steps),
    selectinload(Series.cohorts).options(selectinload(Cohort.companies)),
)


def find_public_series(key: str) -> Series | None:
    """The published series at this public address, with its steps; None for a draft or an unknown one."""
    query = select(Series).where(Series.key == key, Series.published_at.is_not(None)).options(*SERIES_LOADS)
    return db.session.scalar(query)


def list_public_series(
    *, municipality: str | None = None, county: str | None = None, competence: str | None = None
) -> list[Series]:
    """Published, unarchived series, by title."""
    query = (
        select(Series)
        .where(Series.published_at.is_not(None), Series.archived_at.is_(None))
        .options(
            joinedload(Series.municipality), joinedload(Series.organisation), selectinload(Series.steps),
            selectinload(Series.neighbours),
        )
        .order_by(Series.sort_key, Series.id)
    )  # fmt: skip
    if municipality:
        query = query.where(_takes_part([municipality]))
    if county:
        query = query.join(Series.municipality).where(Municipality.county_code == county)
    found = list(db.session.scalars(query))
    # Competences are a short JSON list; the handful of published series is narrowed here, alike on both databases.
    return [series for series in found if competence is None or competence in series.competences]


def document_of(series: Series) -> TemplateDocument:
    """The series (steps loaded) as a template document, so that it can be held against one."""
    return TemplateDocument(
        series.title,
        series.summary,
        series.audience,
        tuple(series.competences),
        tuple(
            StepDocument(
                step.key, step.title, step.goals, step.preparation, step.minutes, Mode(step.mode), step.gap_days,
                step.materials, step.follow_up,
            )
            for step in series.steps
        ),
    )  # fmt: skip


def list_removed_steps(series: Series) -> list[Step]:
    """The steps that the series once had and whose sessions, now cancelled, are still shown."""
    query = select(Step).where(Step.series_id == series.id, Step.removed_at.is_not(None))
    return list(db.session.scalars(query.options(joinedload(Step.series))))


def get_step(series: Series, step_id: int) -> Step:
    """The series' step with this id; raises NotFoundError."""
    for step in series.steps:
        if step.id == step_id:
            return step
    raise NotFoundError(_("That step has been removed."))


def get_cohort(series: Series, cohort_id: int) -> Cohort:
    """The series' cohort with this id; raises NotFoundError."""
    for cohort in series.cohorts:
        if cohort.id == cohort_id:
            return cohort
    raise NotFoundError(_("That cohort has been removed."))


def trainings_query(wanted: SessionFilter) -> Select[Any]:
    """The sessions that `wanted` describes, in time order, nothing loaded yet."""
    query = select(TrainingSession).join(TrainingSession.series)
    for condition in _conditions(wanted):
        query = query.where(condition)
    if wanted.county_code is not None:
        query = query.join(Series.municipality).where(Municipality.county_code == wanted.county_code)
    return query.order_by(TrainingSession.starts_at, TrainingSession.uid)


def list_trainings(wanted: SessionFilter, *, limit: int | None = None) -> list[TrainingSession]:
    """The sessions that `wanted` describes, with all a page or a feed shows of them, in time order."""
    query = trainings_query(wanted).options(*TRAINING_LOADS)
    found = list(db.session.scalars(query.limit(limit) if limit else query).unique())
    if wanted.competence_id is None:
        return found
    return [training for training in found if wanted.competence_id in training.series.competences]


def _conditions(wanted: SessionFilter) -> list[ColumnElement[bool]]:
    equal = {
        TrainingSession.series_id: wanted.series_id,
        TrainingSession.cohort_id: wanted.cohort_id,
        TrainingSession.mode: wanted.mode,
        Series.organisation_id: wanted.organisation_id,
    }
    conditions: list[ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if wanted.published_only:
        conditions.append(Series.published_at.is_not(None))
    if wanted.viewer is not None:
        conditions.append(visible_to(wanted.viewer))
    if wanted.municipality_codes is not None:
        conditions.append(_takes_part(wanted.municipality_codes))
    if wanted.company_id is not None:
        conditions.append(_of_company(wanted.company_id))
    if wanted.facilitator_id is not None:
        conditions.append(_led_by(wanted.facilitator_id))
    if wanted.after is not None:
        conditions.append(TrainingSession.starts_at >= wanted.after)
    if wanted.before is not None:
        conditions.append(TrainingSession.starts_at < wanted.before)
    if not wanted.with_cancelled:
        conditions.append(TrainingSession.cancelled_at.is_(None))
    if wanted.uids is not None:
        conditions.append(TrainingSession.uid.in_(wanted.uids))
    return conditions


def _of_company(company_id: int) -> ColumnElement[bool]:
    own = select(cohort_company.c.cohort_id).where(cohort_company.c.company_id == company_id)
    series_of_own = select(Cohort.series_id).where(Cohort.id.in_(own))
    open_to_all = and_(TrainingSession.cohort_id.is_(None), TrainingSession.series_id.in_(series_of_own))
    return or_(TrainingSession.cohort_id.in_(own), open_to_all)


def _led_by(user_id: int) -> ColumnElement[bool]:
    return exists().where(
        session_facilitator.c.training_id == TrainingSession.id, session_facilitator.c.user_id == user_id
    )


def get_training(viewer: Viewer, training_id: int, *, to_edit: bool = False) -> TrainingSession:
    """The session with all a page shows; raises NotFoundError when it is not this viewer's.

    `to_edit` asks for the right to change it, and locks its row until the unit of work ends.
    """
    query = (
        select(TrainingSession)
        .join(TrainingSession.series)
        .where(TrainingSession.id == training_id, _editable(viewer) if to_edit else visible_to(viewer))
        .options(*TRAINING_LOADS)
    )
    if to_edit:
        query = query.with_for_update(of=TrainingSession, key_share=True).execution_options(
            populate_existing=True
        )
    training = db.session.scalar(query)
    if training is None:
        raise NotFoundError(_("There is no such session here."))
    return training


def find_public_training(uid: str) -> TrainingSession | None:
    """The session of a published series with this UID; None for a draft's."""
    found = list_trainings(SessionFilter(uids=(uid,)))
    return found[0] if found else None


def status_of(training: TrainingSession, at: datetime) -> Status:
    """The one word for the session at the instant `at`; its series is loaded."""
    return session_status(
        published=training.series.published_at is not None,
        cancelled=training.cancelled_at is not None,
        moved=training.moved_from_at is not None,
        ends_at=training.ends_at,
        at=at,
    )


def list_changes(training: TrainingSession) -> Sequence[SessionChange]:
    """What was done to the session, newest first."""
    query = select(SessionChange).where(SessionChange.training_id == training.id)
    return db.session.scalars(query.order_by(SessionChange.at.desc(), SessionChange.id.desc())).all()


def count_trainings(series_id: int, *, step_id: int | None = None, cohort_id: int | None = None) -> int:
    """How many sessions the series, or its step or cohort, has; cancelled ones count."""
    query = select(func.count()).select_from(TrainingSession).where(TrainingSession.series_id == series_id)
    if step_id is not None:
        query = query.where(TrainingSession.step_id == step_id)
    if cohort_id is not None:
        query = query.where(TrainingSession.cohort_id == cohort_id)
    return db.session.scalar(query) or 0


def list_users(ids: Iterable[int]) -> list[User]:
    """The users with these ids, by name."""
    return list(db.session.scalars(select(User).where(User.id.in_(list(ids))).order_by(User.sort_key)))

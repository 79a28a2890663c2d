"""Proposals to templates: those that an owner answers, and those that a series has made."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload

from planner.accounts.models import User, UserRole
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.exchange.models import TemplateProposal
from planner.exchange.rules.proposals import ProposalOutcome
from planner.series_templates.models import SeriesTemplate
from planner.web.paging import Page, page_of

_LOADS: Any = (
    joinedload(TemplateProposal.template).joinedload(SeriesTemplate.organisation),
    joinedload(TemplateProposal.from_version),
    joinedload(TemplateProposal.series),
    joinedload(TemplateProposal.municipality),
    joinedload(TemplateProposal.accepted_in_version),
)


def _answered_by(viewer: Viewer) -> ColumnElement[bool]:
    return exists().where(
        SeriesTemplate.id == TemplateProposal.template_id,
        SeriesTemplate.organisation_id.in_(viewer.organisations(EDITORS)),
    )


def get_proposal(
    viewer: Viewer, template_id: int, proposal_id: int, *, lock: bool = False
) -> TemplateProposal:
    """A proposal to a template that the viewer makes, all loaded; locked if asked. Raises NotFoundError."""
    query = (
        select(TemplateProposal)
        .options(*_LOADS)
        .where(
            TemplateProposal.id == proposal_id,
            TemplateProposal.template_id == template_id,
            _answered_by(viewer),
        )
    )
    if lock:
        query = query.with_for_update(of=TemplateProposal, key_share=True).execution_options(
            populate_existing=True
        )
    found = db.session.scalar(query)
    if found is None:
        raise NotFoundError
    return found


def list_proposals(template_id: int, page: int) -> Page:
    """All proposals to a template, those that wait first, then the newest; three statements."""
    query = (
        select(TemplateProposal)
        .options(*_LOADS)
        .where(TemplateProposal.template_id == template_id)
        .order_by((TemplateProposal.outcome != ProposalOutcome.OPEN.value), TemplateProposal.id.desc())
    )
    return page_of(query, page, 30)


def list_made_by(series_id: int) -> list[TemplateProposal]:
    """What a series has proposed, the newest first."""
    query = select(TemplateProposal).options(*_LOADS).where(TemplateProposal.series_id == series_id)
    return list(db.session.scalars(query.order_by(TemplateProposal.id.desc())))


def count_open(viewer: Viewer) -> list[tuple[int, str, int]]:
    """(template id, title, how many wait) for the viewer's templates with proposals to answer; one statement."""
    query = (
        select(SeriesTemplate.id, SeriesTemplate.title, func.count())
        .join(TemplateProposal, TemplateProposal.template_id == SeriesTemplate.id)
        .where(
            TemplateProposal.outcome == ProposalOutcome.OPEN.value,
            SeriesTemplate.organisation_id.in_(viewer.organisations(EDITORS)),
        )
        .group_by(SeriesTemplate.id, SeriesTemplate.title)
        .order_by(SeriesTemplate.title, SeriesTemplate.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def list_unthanked(template_id: int) -> list[TemplateProposal]:
    """Accepted proposals that are in no published version yet, oldest first, municipality loaded."""
    query = (
        select(TemplateProposal)
        .options(joinedload(TemplateProposal.municipality))
        .where(
            and_(
                TemplateProposal.template_id == template_id,
                TemplateProposal.outcome == ProposalOutcome.ACCEPTED.value,
                TemplateProposal.accepted_in_version_id.is_(None),
            )
        )
        .order_by(TemplateProposal.id)
    )
    return list(db.session.scalars(query))


def list_makers(organisation_id: int) -> list[User]:
    """Those who answer for an organisation's templates: its owners and organisers who can sign in."""
    held = select(UserRole.user_id).where(
        UserRole.organisation_id == organisation_id, UserRole.role.in_(EDITORS)
    )
    query = select(User).where(User.id.in_(held), User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


def find_proposer(proposal: TemplateProposal) -> User | None:
    """Whoever made it, if they can still sign in."""
    query = select(User).where(User.id == proposal.by_user_id, User.disabled_at.is_(None))
    return db.session.scalar(query)

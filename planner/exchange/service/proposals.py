"""Proposing a series' own change to its template, and answering. Mails go with the change that they tell of."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.exchange.models import TemplateProposal
from planner.exchange.queries.proposals import find_proposer, list_made_by, list_makers, list_unthanked
from planner.exchange.rules.proposals import ProposalOutcome, proposed
from planner.outbox.service import queue
from planner.series.models import Series
from planner.series.queries import document_of
from planner.series_templates import service as templates
from planner.series_templates.diff import diff
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import TemplateDocument, from_document, to_document


def propose(
    series: Series, template: SeriesTemplate, paths: Collection[str], comment: str, *, by: Viewer
) -> TemplateProposal:
    """Offer these of the series' changes to the owner of its template (loaded); flushes.

    Raises RefusedError when nothing is chosen, or something that the series does not have otherwise.
    """
    version = series.template_version
    assert version is not None  # noqa: S101 - the caller has looked
    base, own = from_document(version.document), document_of(series)
    known = diff(base, own).paths
    if not paths:
        raise RefusedError(_("Choose at least one change to propose."))
    if set(paths) - set(known):
        raise RefusedError(_("The series has changed since you opened the page. Choose again."))
    wanted = to_document(proposed(base, own, paths))
    if any(one.outcome == ProposalOutcome.OPEN and one.document == wanted for one in list_made_by(series.id)):
        raise RefusedError(_("The same has been proposed already, and waits for its answer."))
    made = TemplateProposal(
        template_id=template.id, series_id=series.id, from_version_id=version.id,
        document=wanted, paths=[path for path in known if path in paths],
        comment=comment, by_user_id=by.user_id, by_name=by.name,
        by_municipality_code=series.municipality_code, at=now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for maker in list_makers(template.organisation_id):
        queue(
            f"proposal-{made.id}-{maker.id}",
            maker.email,
            "template_proposal",
            name=maker.name,
            title=template.title,
            municipality=series.municipality.name,
            by=by.name,
            comment=comment,
            template_id=template.id,
            proposal_id=made.id,
        )
    return made


def accept(
    proposal: TemplateProposal,
    template: SeriesTemplate,
    document: TemplateDocument,
    answer: str,
    *,
    by: Viewer,
) -> None:
    """Make `document`, which holds what was taken of it, the template's draft. Load both locked. Flushes."""
    _must_be_open(proposal)
    templates.save_draft(template, document, by=by)
    _answer(proposal, ProposalOutcome.ACCEPTED, answer, by)


def decline(proposal: TemplateProposal, answer: str, *, by: Viewer) -> None:
    """Leave the template as it is, and say why. Load it locked. Flushes."""
    _must_be_open(proposal)
    if not answer:
        raise RefusedError(_("Say why, so that the next proposal fits better."), field="answer")
    _answer(proposal, ProposalOutcome.DECLINED, answer, by)


def thanks_for(template_id: int) -> list[str]:
    """Whose proposals the next version takes up, each named once."""
    return list(
        dict.fromkeys(f"{one.municipality.name} ({one.by_name})" for one in list_unthanked(template_id))
    )


def note_version(template_id: int, version_id: int) -> None:
    """Remember in which version accepted proposals were published. Flushes."""
    for one in list_unthanked(template_id):
        one.accepted_in_version_id = version_id
    db.session.flush()


def _must_be_open(proposal: TemplateProposal) -> None:
    if proposal.outcome != ProposalOutcome.OPEN:
        raise RefusedError(_("It has been answered meanwhile."))


def _answer(proposal: TemplateProposal, outcome: ProposalOutcome, answer: str, by: Viewer) -> None:
    proposal.outcome, proposal.answer = outcome.value, answer
    proposal.answered_by_user_id, proposal.answered_at = by.user_id, now()
    db.session.flush()
    proposer = find_proposer(proposal)
    if proposer is not None:
        queue(
            f"proposal-{proposal.id}-answer",
            proposer.email,
            "template_proposal_answer",
            name=proposer.name,
            title=proposal.template.title,
            is_accepted=outcome is ProposalOutcome.ACCEPTED,
            answer=answer,
            series_id=proposal.series_id,
        )

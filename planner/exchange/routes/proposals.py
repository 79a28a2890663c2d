"""Proposals: a series offers its own change, the template's owner takes it into the draft or declines."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.errors import RefusedError
from planner.exchange.forms import words
from planner.exchange.forms.proposals import AnswerForm, ProposeForm, chosen
from planner.exchange.forms.review import ReviewForm, own_kind
from planner.exchange.models import TemplateProposal
from planner.exchange.queries.proposals import get_proposal, list_made_by, list_proposals
from planner.exchange.queries.series import differences_of, get_adopted
from planner.exchange.routes.blueprint import blueprint
from planner.exchange.rules.proposals import ProposalOutcome, against_newest
from planner.exchange.rules.reviews import Review
from planner.exchange.service import proposals as service
from planner.series_templates.diff import Diff, diff
from planner.series_templates.merge import merge3
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.queries import find_latest_version, get_template
from planner.series_templates.rules import Mode, from_document
from planner.web.access import current_viewer, requires
from planner.web.answers import Answer, form_page
from planner.web.paging import asked_page


@blueprint.route("/series/<int:series_id>/propose", methods=["GET", "POST"])
@requires("organiser")
def propose(series_id: int) -> Answer:
    """Offer own changes to whoever makes the template, and see what was answered before."""
    viewer, form = current_viewer(), ProposeForm()
    series = get_adopted(viewer, series_id, to_edit=True)
    form.offer(differences_of(series))
    if form.validate_on_submit():
        try:
            with unit_of_work():
                series = get_adopted(viewer, series_id, to_edit=True)
                assert series.template_version is not None  # noqa: S101 - get_adopted has looked
                template = series.template_version.template
                service.propose(series, template, chosen(form.paths.data), form.comment.data or "", by=viewer)
        except RefusedError as error:
            form.refuse(error)
            series = get_adopted(viewer, series_id, to_edit=True)
        else:
            flash(_("The proposal is sent to those who make the template."), "success")
            return redirect(url_for(".propose", series_id=series_id))
    return form_page(
        "exchange/propose.html",
        form=form,
        series=series,
        diff=differences_of(series),
        made=list_made_by(series_id),
        outcome_of=ProposalOutcome,
    )


@blueprint.get("/templates/<int:template_id>/proposals")
@requires("organiser")
def proposals(template_id: int) -> Answer:
    """What has been proposed to a template, for those who make it."""
    template = get_template(current_viewer(), template_id)
    page = list_proposals(template_id, asked_page())
    return render_template(
        "exchange/proposals.html", template=template, page=page, outcome_of=ProposalOutcome
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A proposal beside the draft as it now is."""

    proposal: TemplateProposal
    template: SeriesTemplate
    found: Review


def _asked(template_id: int, proposal_id: int, *, lock: bool = False) -> _Asked:
    viewer = current_viewer()
    template = get_template(viewer, template_id, lock=lock)
    proposal = get_proposal(viewer, template_id, proposal_id, lock=lock)
    merge = merge3(
        from_document(proposal.from_version.document),
        from_document(template.draft),
        from_document(proposal.document),
    )
    return _Asked(proposal, template, Review(merge, frozenset(), (), now()))


@blueprint.route("/templates/<int:template_id>/proposals/<int:proposal_id>", methods=["GET", "POST"])
@requires("organiser")
def proposal(template_id: int, proposal_id: int) -> Answer:
    """One proposal against the newest version: take it into the draft, or decline it with an answer."""
    asked = _asked(template_id, proposal_id)
    form, answer = ReviewForm(asked.found), AnswerForm()
    if not form.is_submitted():
        form.opened.data = asked.found.digest
        return _page(asked, form, answer)
    try:
        if request.form.get("action") == "decline":
            if answer.validate():
                return _declined(asked, answer)
        elif form.validate() and answer.validate():
            return _accepted(asked, form, answer)
    except RefusedError as error:
        (answer if error.field == "answer" else form).refuse(error)
    asked = _asked(template_id, proposal_id)
    form.opened.data = asked.found.digest
    return _page(asked, form, answer)


def _declined(asked: _Asked, answer: AnswerForm) -> Answer:
    with unit_of_work():
        found = _asked(asked.template.id, asked.proposal.id, lock=True)
        service.decline(found.proposal, answer.answer.data or "", by=current_viewer())
    flash(_("The proposal is declined, and the answer is sent."), "success")
    return redirect(url_for(".proposals", template_id=asked.template.id))


def _accepted(asked: _Asked, form: ReviewForm, answer: AnswerForm) -> Answer:
    with unit_of_work():
        found = _asked(asked.template.id, asked.proposal.id, lock=True)
        if found.found.digest != form.opened.data:
            raise RefusedError(_("The draft has changed since you opened the page. Look through it again."))
        document = found.found.merge.resolved(form.decisions())
        service.accept(
            found.proposal, found.template, document, answer.answer.data or "", by=current_viewer()
        )
    flash(_("The proposal is in the draft. Publish it when it is ready."), "success")
    return redirect(url_for("series_templates.preview", template_id=asked.template.id))


def _page(asked: _Asked, form: ReviewForm, answer: AnswerForm) -> Answer:
    page, status = form_page(
        "exchange/proposal.html",
        form=form,
        answer=answer,
        proposal=asked.proposal,
        template=asked.template,
        found=asked.found,
        diff=_against_newest(asked.proposal),
        words=words,
        own_kind=own_kind,
        modes=[(mode.value, mode.label) for mode in Mode],
        outcome=ProposalOutcome(asked.proposal.outcome),
    )
    return page, 422 if answer.errors else status


def _against_newest(proposal: TemplateProposal) -> Diff:
    newest = find_latest_version(proposal.template_id) or proposal.from_version
    document = from_document(newest.document)
    wanted = against_newest(
        from_document(proposal.from_version.document), document, from_document(proposal.document)
    )
    return diff(document, wanted)

"""Two who decide at the same moment, with real commits from two connections."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Organisation
from planner.exchange.models import TemplateProposal
from planner.exchange.queries.series import list_updates
from planner.exchange.service.proposals import propose
from planner.outbox.models import Message
from planner.series.queries import document_of
from planner.series_templates.models import SeriesTemplate
from tests import factories as make
from tests.conftest import signed_in
from tests.exchange.common import BASE, fields_of, publish, scene, with_step
from tests.together import all_at_once

pytestmark = pytest.mark.committed


def test_one_of_two_decides_and_the_other_is_told(committed_app: Flask) -> None:
    here = scene(make.LINDESBERG)
    news = replace(with_step(BASE, "s2", minutes=60), title="New")
    publish(here, news)
    people = [here.account, make.user((Role.organiser, here.organisation))]
    address = f"/series/{here.series_id}/update"
    browsers = [signed_in(committed_app, who) for who in people]
    calls = [
        partial(browser.post, address, data=fields_of(browser.get(address).text)) for browser in browsers
    ]
    answers = [answer.status_code for answer in all_at_once(calls)]
    assert sorted(answers) == [302, 409]
    assert [entry.outcome for entry in list_updates(here.series_id)] == ["accepted"]
    assert document_of(here.series) == news


def test_a_proposal_is_answered_once(committed_app: Flask) -> None:
    here = scene(make.LINDESBERG)
    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    series = here.series
    series.summary = "Ours"
    db.session.flush()
    made = propose(series, template, ["summary"], "Better", by=here.viewer)
    db.session.commit()
    owners = db.session.get_one(Organisation, template.organisation_id)
    address = f"/templates/{template.id}/proposals/{made.id}"
    browsers = [signed_in(committed_app, make.user((Role.organiser, owners))) for _ in range(2)]
    fields = {**fields_of(browsers[0].get(address).text), "answer": "Thanks"}
    calls = [
        partial(browser.post, address, data={**fields, "action": action})
        for browser, action in zip(browsers, ("accept", "decline"), strict=True)
    ]
    answers = [answer.status_code for answer in all_at_once(calls)]
    assert sorted(answers) == [302, 422]
    found = db.session.get_one(TemplateProposal, made.id)
    is_in_draft = db.session.get_one(SeriesTemplate, template.id).draft["summary"] == "Ours"
    assert (found.outcome == "accepted") == is_in_draft == (answers[0] == 302)
    mails = db.session.scalars(select(Message).where(Message.key == f"proposal-{made.id}-answer")).all()
    assert len(mails) == 1

"""Two who decide at the same moment, with real commits from two connections."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from planner.accounts.service import start_sign_in
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
from tests.conftest import new_client
from tests.exchange.common import BASE, fields_of, publish, scene, with_step

pytestmark = pytest.mark.committed


def test_one_of_two_decides_and_the_other_is_told(committed_app: Flask) -> None:
    here = scene(make.LINDESBERG)
    news = replace(with_step(BASE, "s2", minutes=60), title="New")
    publish(here, news)
    people = [here.account, make.user((Role.organiser, here.organisation))]
    address, browsers = f"/series/{here.series_id}/update", []
    for who in people:
        browser = new_client(committed_app)
        token = start_sign_in(who, client="test")
        db.session.commit()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        browsers.append(browser)
    fields = [fields_of(browser.get(address).text) for browser in browsers]
    start, answers = threading.Barrier(2), [0, 0]

    def decide(n: int) -> None:
        with committed_app.app_context():
            start.wait(timeout=20)
            answers[n] = browsers[n].post(address, data=fields[n]).status_code
            db.session.remove()

    threads = [threading.Thread(target=decide, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.expire_all()
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
    address, browsers = f"/templates/{template.id}/proposals/{made.id}", []
    for _n in range(2):
        browser = new_client(committed_app)
        token = start_sign_in(make.user((Role.organiser, owners)), client="test")
        db.session.commit()
        with browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        browsers.append(browser)
    fields = {**fields_of(browsers[0].get(address).text), "answer": "Thanks"}
    start, answers = threading.Barrier(2), [0, 0]

    def answer(n: int) -> None:
        with committed_app.app_context():
            start.wait(timeout=20)
            data = {**fields, "action": ("accept", "decline")[n]}
            answers[n] = browsers[n].post(address, data=data).status_code
            db.session.remove()

    threads = [threading.Thread(target=answer, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.expire_all()
    assert sorted(answers) == [302, 422]
    found = db.session.get_one(TemplateProposal, made.id)
    is_in_draft = db.session.get_one(SeriesTemplate, template.id).draft["summary"] == "Ours"
    assert (found.outcome == "accepted") == is_in_draft == (answers[0] == 302)
    mails = db.session.scalars(select(Message).where(Message.key == f"proposal-{made.id}-answer")).all()
    assert len(mails) == 1

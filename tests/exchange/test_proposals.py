"""A municipality proposes its change back; the owner takes it, or declines with an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from sqlalchemy import event, select

from planner.accounts.models import UserRole
from planner.base.db import db
from planner.base.viewer import Role, system
from planner.exchange.models import TemplateProposal
from planner.exchange.rules.proposals import against_newest, proposed
from planner.outbox.models import Message
from planner.series_templates import queries, service
from planner.series_templates.diff import diff
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import from_document
from tests import factories as make
from tests.exchange.common import BASE, Scene, fields_of, ordered, publish, scene, with_step
from tests.series_templates.test_carry import DOCUMENT

SignIn = Callable[[Any], FlaskClient]


@pytest.fixture
def here(app: Flask) -> Scene:
    """A series that has its own length of s2, an own step and an own summary."""
    here = scene()
    here.series.steps[1].minutes = 45
    here.series.summary = "What\n\nWhy here\n\nHow"
    db.session.commit()
    return here


@pytest.fixture
def proposer(here: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in(here.account)


@pytest.fixture
def owner(here: Scene, sign_in: SignIn) -> FlaskClient:
    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    account = make.user(email="owner@example.test")
    db.session.add(
        UserRole(user_id=account.id, role=Role.organiser, organisation_id=template.organisation_id)
    )
    db.session.commit()
    return sign_in(account)


def _propose(here: Scene, client: FlaskClient, *paths: str, comment: str = "Shorter is better") -> int:
    sent = client.post(f"/series/{here.series_id}/propose", data={"paths": list(paths), "comment": comment})
    assert sent.status_code == 302
    return db.session.scalars(select(TemplateProposal.id).order_by(TemplateProposal.id.desc())).first()


def _address(here: Scene, proposal_id: int) -> str:
    return f"/templates/{here.first.template_id}/proposals/{proposal_id}"


def _mails() -> list[tuple[str, str]]:
    query = select(Message).where(Message.key.startswith("proposal-")).order_by(Message.id)
    return [(one.recipient, one.subject) for one in db.session.scalars(query)]


def _draft(here: Scene) -> Any:
    return from_document(db.session.get_one(SeriesTemplate, here.first.template_id).draft)


@given(DOCUMENT, DOCUMENT)
def test_all_changes_proposed_is_the_own_document_and_none_the_version(base: Any, own: Any) -> None:
    paths = diff(base, own).paths
    assert proposed(base, own, paths) == own
    assert proposed(base, own, ()) == base
    assert against_newest(base, base, own) == own


def test_a_proposal_is_accepted_published_and_thanked(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    number = _propose(here, proposer, "steps.s2.minutes")
    assert [(to, "Digital in steps" in subject) for to, subject in _mails()] == [("owner@example.test", True)]
    assert "Shorter is better" in owner.get(f"/templates/{here.first.template_id}/proposals").text
    assert "Proposals to your templates" in owner.get("/").text
    assert "Proposals to your templates" not in proposer.get("/").text
    page = owner.get(_address(here, number)).text
    assert "45 min" in page
    assert "Why here" not in page
    sent = owner.post(
        _address(here, number), data={**fields_of(page), "action": "accept", "answer": "Thanks"}
    )
    assert sent.status_code == 302, sent.text
    assert _draft(here) == with_step(BASE, "s2", minutes=45)
    assert _mails()[1][0] == here.account.email
    preview = owner.get(sent.location).text
    thanks = f"With thanks to Lindesberg ({here.account.name})."
    assert thanks in preview
    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    made = service.publish(template, note="Shorter", by=system())
    db.session.commit()
    assert made.note.startswith("Shorter\n\n")
    assert here.account.name in made.note
    proposal = db.session.get_one(TemplateProposal, number)
    assert (proposal.outcome, proposal.accepted_in_version_id) == ("accepted", made.id)
    assert "In version 2" in proposer.get(f"/series/{here.series_id}/propose").text
    again = service.with_thanks(template, "Next")
    assert again == "Next"


def test_thanks_that_are_in_the_note_stand_there_once(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    number = _propose(here, proposer, "summary")
    page = owner.get(_address(here, number)).text
    owner.post(_address(here, number), data={**fields_of(page), "action": "accept"})
    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    whole = service.with_thanks(template, "News")
    assert service.with_thanks(template, whole) == whole
    preview = owner.get(f"/templates/{template.id}/preview").text
    revision = re.search(r'name="revision"[^>]*value="(\d+)"', preview)[1]
    full = owner.post(f"/templates/{template.id}/publish", data={"note": "x" * 1000, "revision": revision})
    assert (full.status_code, "Shorten the note" in full.text) == (422, True)


def test_a_proposal_is_declined_with_an_answer(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    number = _propose(here, proposer, "summary")
    silent = owner.post(_address(here, number), data={"action": "decline"})
    assert (silent.status_code, "Say why, so that" in silent.text) == (422, True)
    sent = owner.post(_address(here, number), data={"action": "decline", "answer": "Too local"})
    assert sent.status_code == 302
    assert _draft(here) == BASE
    assert "Too local" in proposer.get(f"/series/{here.series_id}/propose").text
    again = owner.post(_address(here, number), data={"action": "decline", "answer": "Twice"})
    told = ("answered meanwhile" in again.text, "What you wrote: Twice" in again.text)
    assert (again.status_code, told) == (422, (True, True))
    assert db.session.get_one(TemplateProposal, number).answer == "Too local"
    assert len(_mails()) == 2


def test_the_same_is_proposed_once_until_it_is_answered(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    number = _propose(here, proposer, "summary")
    twice = proposer.post(f"/series/{here.series_id}/propose", data={"paths": ["summary"], "comment": "x"})
    assert (twice.status_code, "proposed already" in twice.text) == (422, True)
    owner.post(_address(here, number), data={"action": "decline", "answer": "Not yet"})
    assert _propose(here, proposer, "summary") > number


def test_what_both_changed_is_asked_about(here: Scene, proposer: FlaskClient, owner: FlaskClient) -> None:
    number = _propose(here, proposer, "steps.s2.minutes", "summary")
    publish(here, replace(with_step(BASE, "s2", minutes=90), audience="All"))
    page = owner.get(_address(here, number)).text
    asked = owner.post(_address(here, number), data={**fields_of(page), "action": "accept", "answer": "Kept"})
    assert (asked.status_code, "Something is not decided yet" in asked.text, "Kept" in asked.text) == (
        422,
        True,
        True,
    )
    chosen = {**fields_of(page), "take-steps.s2.minutes": "theirs", "action": "accept"}
    assert owner.post(_address(here, number), data=chosen).status_code == 302
    assert (_draft(here).step("s2").minutes, _draft(here).audience, "Why here" in _draft(here).summary) == (
        45,
        "All",
        True,
    )


def test_a_draft_changed_meanwhile_is_looked_through_again(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    number = _propose(here, proposer, "summary")
    data = fields_of(owner.get(_address(here, number)).text)
    service.save_draft(
        db.session.get_one(SeriesTemplate, here.first.template_id), replace(BASE, audience="X"), by=system()
    )
    db.session.commit()
    answer = owner.post(_address(here, number), data={**data, "action": "accept"})
    assert (answer.status_code, "The draft has changed since" in answer.text) == (422, True)
    assert _draft(here).summary == BASE.summary


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"paths": [], "comment": "x"}, "Choose at least one change"),
        ({"paths": ["summary"], "comment": ""}, "Say in a few words why"),
        ({"paths": ["title"], "comment": "x"}, "The series has changed since"),
        ({"paths": ["steps.nope"], "comment": "x"}, "The series has changed since"),
        ({"paths": ["summary"], "comment": "x" * 2001}, "2000"),
    ],
)
def test_a_proposal_of_nothing_is_refused(
    here: Scene, proposer: FlaskClient, data: dict[str, Any], sentence: str
) -> None:
    answer = proposer.post(f"/series/{here.series_id}/propose", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert db.session.scalars(select(TemplateProposal)).all() == []


def test_only_the_maker_answers_and_only_the_planner_proposes(
    here: Scene, proposer: FlaskClient, owner: FlaskClient, sign_in: SignIn
) -> None:
    number = _propose(here, proposer, "summary")
    assert proposer.get(_address(here, number)).status_code == 404
    assert proposer.post(_address(here, number), data={"action": "decline", "answer": "x"}).status_code == 404
    elsewhere = sign_in(make.organiser(make.STOCKHOLM))
    assert elsewhere.get(f"/series/{here.series_id}/propose").status_code == 404
    other = make.published_template(make.organisation())
    assert owner.get(f"/templates/{other.template_id}/proposals/{number}").status_code == 404


def test_the_list_asks_as_much_for_one_as_for_three(
    here: Scene, proposer: FlaskClient, owner: FlaskClient
) -> None:
    counts = []
    for path in ("summary", "steps.s2.minutes"):
        _propose(here, proposer, path)
        seen: list[str] = []
        event.listen(
            db.engine, "before_cursor_execute", note := lambda *args, seen=seen: seen.append(args[2])
        )
        owner.get(f"/templates/{here.first.template_id}/proposals")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len([one for one in seen if one.startswith("SELECT")]))
    assert counts[0] == counts[1]


# --- a copy and its origin ------------------------------------------------------------------------


def test_a_copy_takes_what_is_new_in_its_origin(here: Scene, sign_in: SignIn) -> None:
    organisation = make.organisation(make.NORA)
    made = service.fork(here.first, organisation, by=system())
    own = with_step(BASE, "s1", title="Our first")
    service.save_draft(made, own, by=system())
    db.session.commit()
    browser = sign_in(make.user(("organiser", organisation)))
    address = f"/templates/{made.id}/origin"
    assert "nothing new in the origin" in browser.get(address).text
    newest = publish(
        here, ordered(with_step(BASE, "s1", title="Their first", minutes=60), "s2", "s1", "s3", "s4")
    )
    assert "Version 2 of the origin is out" in browser.get(f"/templates/{made.id}/edit").text
    page = browser.get(address).text
    data = fields_of(page)
    undecided = browser.post(address, data=data)
    assert undecided.status_code == 422
    sent = browser.post(address, data={**data, "take-steps.s1.title": "ours"})
    assert sent.status_code == 302, sent.text
    found = queries.get_template(system_like(organisation), made.id)
    assert from_document(found.draft) == ordered(
        with_step(BASE, "s1", title="Our first", minutes=60), "s2", "s1", "s3", "s4"
    )
    assert found.forked_from_version_id == newest.id
    assert "of the origin is out" not in browser.get(f"/templates/{made.id}/edit").text
    assert "nothing new in the origin" in browser.get(address).text


def test_a_template_of_its_own_has_no_origin(here: Scene, owner: FlaskClient) -> None:
    assert owner.get(f"/templates/{here.first.template_id}/origin").status_code == 404


def system_like(organisation: Any) -> Any:
    return make.viewer_of(make.user(("owner", organisation)))

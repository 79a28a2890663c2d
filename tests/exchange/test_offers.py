from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role
from planner.exchange.queries.offers import find_newest_version, find_offer, list_new_offers, list_offers
from planner.exchange.service.telling import tell_of_offers
from planner.exchange.service.updates import skip
from planner.outbox.models import Message
from planner.series import service as series_service
from planner.series.models import Series
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import Visibility
from tests import factories as make
from tests.exchange.common import BASE, Scene, publish, scene, with_step

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene(make.LINDESBERG)


@contextmanager
def statements() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            said.append(statement)

    event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(sa.Engine, "before_cursor_execute", note)


def template_of(here: Scene) -> SeriesTemplate:
    return db.session.get_one(SeriesTemplate, here.first.template_id)


def offered(here: Scene) -> list[tuple[int, int, int]]:
    return [(offer.series_id, offer.from_number, offer.number) for offer in list_offers(here.viewer)]


# --- who is offered what ---


def test_the_newest_version_is_offered_to_those_who_plan_the_series(here: Scene) -> None:
    assert offered(here) == []
    publish(here, replace(BASE, title="Two"))
    publish(here, replace(BASE, title="Three"))
    assert offered(here) == [(here.series_id, 1, 3)]
    assert list_offers(make.viewer_of(make.organiser(make.NORA))) == []
    reader = make.user((Role.reader, here.organisation))
    assert list_offers(make.viewer_of(reader)) == []


def test_a_skipped_version_is_not_offered_but_the_next_one_is(here: Scene) -> None:
    publish(here, replace(BASE, title="Two"))
    skip(here.series, here.newest, by=here.viewer)
    assert (offered(here), find_offer(here.series_id)) == ([], None)
    assert here.newest.number == 2
    publish(here, replace(BASE, title="Three"))
    assert offered(here) == [(here.series_id, 1, 3)]


def test_archived_templates_and_series_are_left_alone(here: Scene) -> None:
    publish(here, replace(BASE, title="Two"))
    for row in (template_of(here), here.series):
        row.archived_at = now()
        db.session.flush()
        assert offered(here) == []
        assert find_newest_version(db.session.get_one(Series, here.series_id)) is None
        row.archived_at = None
        db.session.flush()


@pytest.mark.parametrize(
    ("visibility", "owner_in", "found"),
    [
        (Visibility.EVERYONE, make.STOCKHOLM, True),
        (Visibility.COUNTY, make.STOCKHOLM, False),
        (Visibility.COUNTY, make.NORA, True),
        (Visibility.OWN, make.NORA, False),
    ],
)
def test_who_a_template_is_shown_to_is_obeyed(
    here: Scene, visibility: Visibility, owner_in: str, found: bool
) -> None:
    template = template_of(here)
    template.organisation_id = make.organisation(owner_in).id
    template.visibility = visibility.value
    publish(here, replace(BASE, title="Two"))
    assert bool(offered(here)) is found


def test_an_own_template_is_offered_to_own_series(here: Scene) -> None:
    template = template_of(here)
    template.organisation_id, template.visibility = here.organisation.id, Visibility.OWN.value
    publish(here, replace(BASE, title="Two"))
    assert offered(here) == [(here.series_id, 1, 2)]


# --- the start page and the mail ---


def test_the_start_page_counts_the_series(here: Scene, sign_in: SignIn) -> None:
    browser = sign_in(here.account)
    assert "Updates of templates" not in browser.get("/").text
    publish(here, replace(BASE, title="Two"))
    page = browser.get("/").text
    assert "Updates of templates: 1 series" in page
    assert f'href="/series/{here.series_id}/update"' in page


def mails() -> list[Message]:
    query = select(Message).where(Message.key.startswith("updates-")).order_by(Message.id)
    return list(db.session.scalars(query))


def test_organisers_are_written_to_once_a_week_at_most(here: Scene, at: Callable[..., Any]) -> None:
    make.user((Role.reader, here.organisation))
    make.user((Role.owner, here.organisation), disabled_at=now())
    assert tell_of_offers() == 0
    publish(here, replace(BASE, title="Two"))
    assert [tell_of_offers(), tell_of_offers()] == [1, 0]
    [mail] = mails()
    assert mail.recipient == here.account.email
    assert f"/series/{here.series_id}/update" in mail.body
    with at(now() + timedelta(days=1)):
        publish(here, replace(BASE, title="Three"))
        assert tell_of_offers() == 0
    with at(now() + timedelta(days=7)):  # the next week: of the one from Wednesday
        assert [tell_of_offers(), tell_of_offers()] == [1, 0]
    with at(now() + timedelta(days=14)):  # nothing new since
        assert tell_of_offers() == 0


# --- how much it takes ---


def test_two_hundred_series_are_offered_a_version_in_few_statements(here: Scene) -> None:
    (place,) = make.municipalities(make.LINDESBERG)
    for _ in range(199):
        series_service.adopt(here.first, here.organisation, place, by=here.viewer)
    db.session.commit()
    publish(here, replace(BASE, title="Two"))
    with statements() as said:
        assert len(list_offers(here.viewer)) == len(list_new_offers(now() - timedelta(days=1))) == 200
        assert tell_of_offers() == 1
    assert len(said) == 5  # two lists; the offers, the organisers and one message


def test_a_review_takes_as_many_statements_for_thirty_steps_as_for_three(app: Flask, sign_in: SignIn) -> None:
    counted = []
    for steps in (3, 30):
        base = make.template_document(step_count=steps)
        here = scene(make.LINDESBERG, document=base)
        theirs = base
        for n in range(1, steps + 1):
            theirs = with_step(theirs, f"s{n}", minutes=150, goals="New\n\ngoals")
            here.session(f"s{n}", 7 * n)
        publish(here, theirs)
        browser = sign_in(here.account)
        with statements() as said:
            assert browser.get(f"/series/{here.series_id}/update").status_code == 200
        counted.append(len(said))
    assert counted[0] == counted[1]
    assert counted[0] <= 40

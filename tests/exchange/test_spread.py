"""Where a template has spread: rows and tiles, sums only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from planner.base.db import db
from planner.base.viewer import system
from planner.exchange.queries.spread import list_adoptions
from planner.exchange.rules.spread import Reach
from planner.series_templates import service
from planner.series_templates.rules import from_document
from tests import factories as make
from tests.exchange.test_gallery import adopted, attend

SignIn = Callable[[Any], FlaskClient]


def test_each_municipality_has_its_versions_changes_and_sums(app: Flask) -> None:
    first = make.published_template()
    here = adopted(first)
    here.steps[0].minutes = 45
    service.save_draft(first.template, replace(from_document(first.document), title="New"), by=system())
    second = service.publish(first.template, by=system())
    adopted(second)
    there = adopted(second, make.NORA)
    adopted(second, make.HALLEFORS, published=False)
    attend(here, 2, 6)
    attend(there, 1, 7)
    db.session.commit()
    found = list_adoptions(first.template_id)
    assert [
        (one.municipality.name, one.series, one.versions, one.steps_changed, one.reach) for one in found
    ] == [
        ("Lindesberg", 2, (1, 2), 1, Reach(6, 6)),
        ("Nora", 1, (2,), 0, Reach(7, 0)),
    ]


def test_a_small_sum_hides_another_beside_it(app: Flask) -> None:
    version = make.published_template()
    attend(adopted(version), 2, 3)
    attend(adopted(version, make.NORA), 1, 7)
    attend(adopted(version, make.HALLEFORS), 1, 9)
    assert [one.reach for one in list_adoptions(version.template_id)] == [
        Reach(9, 0),
        Reach(None, None),
        Reach(None, None),
    ]


def test_the_page_names_no_person_and_asks_as_much_for_one_as_for_three(app: Flask, sign_in: SignIn) -> None:
    organisation = make.organisation(make.LINDESBERG, make.NORA, make.HALLEFORS)
    browser = sign_in(make.user(("organiser", organisation)))
    counts = []
    for codes in ((make.LINDESBERG,), (make.LINDESBERG, make.NORA, make.HALLEFORS)):
        version = make.published_template(organisation)
        for code in codes:
            attend(adopted(version, code), 2, 6)
        seen: list[str] = []
        event.listen(
            db.engine, "before_cursor_execute", note := lambda *args, seen=seen: seen.append(args[2])
        )
        page = browser.get(f"/templates/{version.template_id}/spread")
        event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len([one for one in seen if one.startswith("SELECT")]))
        assert page.status_code == 200
        assert "Person " not in page.text
        assert "tile-1864" in page.text
    assert counts[0] == counts[1]


def test_only_those_who_make_the_template_see_its_spread(app: Flask, sign_in: SignIn) -> None:
    version = make.published_template()
    address = f"/templates/{version.template_id}/spread"
    assert sign_in(make.organiser(make.LINDESBERG)).get(address).status_code == 404

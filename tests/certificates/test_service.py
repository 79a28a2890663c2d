from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.base.viewer import Role
from planner.certificates import queries, service
from planner.certificates.models import Certificate
from planner.certificates.rules import Content, Rule, RuleKind, StepLine
from planner.directory.models import OrganisationLogo
from tests import factories as make
from tests import papers
from tests.certificates.common import ALL, Scene, issued, marked, participant, ruled, scene, standing
from tests.conftest import NOW


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene()


def test_everyone_is_listed_with_how_far_they_are(here: Scene) -> None:
    participant(here, 120, 120, name="Done")
    participant(here, 120, 0, name="Half")
    participant(here, name="New")
    guest = make.person(here.company, name="Walk-in")  # not enrolled
    marked(here.trainings[1], guest, 60)
    found = standing(here)
    assert {name: (one.standing.is_met, one.standing.missing) for name, one in found.items()} == {
        "Done": (True, ()), "Half": (False, ("Step 2",)), "New": (False, ("Step 1", "Step 2")),
        "Walk-in": (False, ("Step 1",)),
    }  # fmt: skip


def test_the_list_costs_the_same_however_long_it_is(here: Scene, count_queries: Callable[[], Any]) -> None:
    costs = []
    for number in range(3):
        participant(here, 120, 120, name=f"Person {number}")
        series = queries.get_planned_series(here.viewer, here.series.id)
        with count_queries() as count:
            queries.list_candidates(series, ALL)
        costs.append(len(count))
    assert costs == [4, 4, 4]


def test_a_cancelled_session_gives_nothing(here: Scene) -> None:
    participant(here, 120, 120, name="Done")
    here.trainings[0].cancelled_at = now()
    db.session.commit()
    assert standing(here)["Done"].standing.missing == ("Step 1",)


def test_certificates_go_to_those_chosen_who_have_met_the_rule(here: Scene) -> None:
    done, half = participant(here, 120, 90, name="Done"), participant(here, 120, 0, name="Half")
    other = participant(here, 120, 120, name="Other")
    ruled(here)
    [made] = issued(here, done, half)
    assert (made.person_id, made.issued_at, made.by_name) == (done.id, NOW, "Olle")
    assert Content.from_json(made.content) == Content(
        "Done", "Digitalisering i steg", "Åby hubb",
        (StepLine("Step 1", date(2026, 9, 15), 120), StepLine("Step 2", date(2026, 9, 29), 90)),
        ("1.1", "3.4"),
    )  # fmt: skip
    assert issued(here, done) == []
    assert [one.person_id for one in issued(here, done, other)] == [other.id]


def test_without_a_rule_there_is_nothing_to_issue(here: Scene) -> None:
    done = participant(here, 120, 120, name="Done")
    with pytest.raises(RefusedError, match="Säg först"):
        issued(here, done)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(RuleKind.some_steps, 0), "steps"), (Rule(RuleKind.some_steps, 3), "steps"),
        (Rule(RuleKind.minutes, 0), "minutes"), (Rule(RuleKind.minutes, 100_001), "minutes"),
    ],
)  # fmt: skip
def test_a_rule_nobody_can_meet_is_refused(here: Scene, rule: Rule, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        ruled(here, rule)
    assert refused.value.field == field


def test_a_rule_can_be_changed_and_taken_away(here: Scene) -> None:
    for rule in (Rule(RuleKind.some_steps, 2), Rule(RuleKind.minutes, 90), ALL, None, None):
        ruled(here, rule)
        assert queries.find_rule(here.series) == rule


def test_a_correction_offers_a_new_one_that_withdraws_the_old(here: Scene) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    [first] = issued(here, done)
    before = first.content
    marked(here.trainings[1], done, 60, reason="Left early")
    found = standing(here)["Done"]
    assert (found.is_changed, found.may_get_one, found.certificate.content) == (True, True, before)
    [second] = issued(here, done)
    assert (second.replaces_id, Content.from_json(second.content).minutes) == (first.id, 180)
    db.session.refresh(first)
    assert (first.withdrawn_at, first.withdraw_reason, first.content) == (NOW, service.REPLACED, before)
    assert not standing(here)["Done"].may_get_one


def test_when_the_rule_is_no_longer_met_nothing_new_can_be_issued(here: Scene) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    issued(here, done)
    marked(here.trainings[1], done, 0, reason="Was not there")
    found = standing(here)["Done"]
    assert (found.is_changed, found.may_get_one) == (True, False)
    assert issued(here, done) == []


def test_withdrawing_says_why_and_is_done_once(here: Scene, at: Callable[..., Any]) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    [made] = issued(here, done)
    with pytest.raises(RefusedError), unit_of_work():
        service.withdraw(made, "", by=here.viewer)
    with pytest.raises(RefusedError, match="personnummer"), unit_of_work():
        service.withdraw(made, "811228-9874", by=here.viewer)
    with unit_of_work():
        service.withdraw(made, "Wrong name", by=here.viewer)
    with at(NOW + timedelta(days=1)), unit_of_work():
        service.withdraw(made, "Another reason", by=here.viewer)
    assert (made.withdrawn_at, made.withdrawn_by_name, made.withdraw_reason) == (NOW, "Olle", "Wrong name")
    assert standing(here)["Done"].may_get_one


def test_nobody_holds_two_certificates_of_a_series(here: Scene) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    [made] = issued(here, done)
    db.session.add(
        Certificate(code="X", series_id=made.series_id, person_id=done.id, content={}, by_name="Bo")
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_only_those_who_plan_the_series_reach_its_certificates(here: Scene) -> None:
    facilitator = make.user((Role.facilitator, here.organisation))
    neighbour = make.organiser(make.NORA)
    for account in (facilitator, neighbour):
        with pytest.raises(NotFoundError):
            queries.get_planned_series(make.viewer_of(account), here.series.id)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sv",
            ["Intyg", "har deltagit i", "Informations- och datakunskap", "av Åby hubb den 6 oktober 2026."],
        ),
        (
            "en",
            ["Certificate", "has taken part in", "Information and data literacy", "Åby hubb on 6 October 2026."],
        ),
    ],
)  # fmt: skip
def test_the_paper_says_it_in_either_language_and_leads_to_where_it_holds(
    here: Scene, language: str, words: list[str]
) -> None:
    done = participant(here, 120, 90, name="Åsa Öberg")
    ruled(here)
    [made] = issued(here, done)
    data = service.draw(made, language)
    [text] = papers.texts(data)
    whole = " ".join(text.split())
    for word in ["Åsa Öberg", "Digitalisering i steg", "3 h 30 min", "Step 1", "Step 2", *words]:
        assert word in whole, word
    [address] = papers.qr_codes(data)
    assert address in whole
    assert address.endswith(f"/verify/{made.code[:4]}-{made.code[4:8]}-{made.code[8:]}")


def test_a_certificate_is_drawn_as_it_was_issued_whatever_happens_since(
    here: Scene, at: Callable[..., Any]
) -> None:
    done = participant(here, 120, 90, name="Åsa")
    ruled(here)
    [made] = issued(here, done)
    before = service.draw(made, "sv")
    done.name, here.series.title, here.organisation.name = "Åsa Ny", "Another", "Another hub"
    db.session.add(OrganisationLogo(organisation_id=here.organisation.id, data=b"not even a picture"))
    db.session.commit()
    with at(NOW + timedelta(days=400)):
        assert service.draw(made, "sv") == before

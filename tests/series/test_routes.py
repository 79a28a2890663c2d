from __future__ import annotations

from html import unescape
from re import findall

import pytest
from flask import Flask

from planner.base.db import db
from planner.base.viewer import Role
from planner.series.models import Cohort, Series, Step
from planner.series_templates import service as templates
from planner.series_templates.rules import Mode, StepDocument, TemplateDocument
from tests import factories as make


def make_version(organisation, by):  # type: ignore[no-untyped-def]
    steps = tuple(
        StepDocument(f"k{n}", f"Step {n}", "Goals", "Prepare", 60 * n, Mode.DIGITAL, 14) for n in (1, 2)
    )
    document = TemplateDocument("Base design", "Summary", "Industry", ("1.1",), steps)
    template = templates.create_template(organisation, document, by=by)
    version = templates.publish(template, note="", by=by)
    db.session.commit()
    return version


def test_use_a_template_in_a_municipality(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    organisation = make.organisation(make.LINDESBERG, make.NORA)
    planner = make.user((Role.organiser, organisation))
    version = make_version(organisation, make.viewer_of(planner))
    client = sign_in(planner)
    page = client.get(f"/series/new?version={version.id}").text
    assert "Base design" in page
    answer = client.post(
        f"/series/new?version={version.id}",
        data={
            "title": "In Nora",
            "municipality": make.NORA,
            "organisation": str(organisation.id),
            "competences": "1.1",
        },
    )
    made = db.session.scalars(db.select(Series)).one()
    assert answer.location == f"/series/{made.id}"
    assert (made.title, made.municipality_code, made.template_version_id) == (
        "In Nora",
        make.NORA,
        version.id,
    )
    steps = db.session.scalars(db.select(Step).order_by(Step.position)).all()
    assert [(step.key, step.minutes, step.gap_days) for step in steps] == [("k1", 60, 14), ("k2", 120, 14)]
    assert client.get(answer.location).status_code == 200


def test_a_refused_form_comes_back_as_typed(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    client = sign_in(make.organiser())
    answer = client.post("/series/new", data={"title": "", "summary": "Typed with care"})
    assert answer.status_code == 422
    assert "Typed with care" in answer.text
    assert "Give the series a title." in answer.text


def test_the_only_municipality_is_chosen_beforehand_and_has_no_neighbours(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    alone = sign_in(make.organiser(make.LINDESBERG)).get("/series/new").text
    assert findall(r'<option[^>]*value="(\w*)">(?:Choose …|Lindesberg)', alone) == [make.LINDESBERG]
    assert 'name="neighbours"' not in alone
    several = make.organisation(make.LINDESBERG, make.NORA)
    page = sign_in(make.user((Role.organiser, several))).get("/series/new").text
    assert '<option selected value="">' in page
    assert findall(r'name="neighbours"[^>]*value="(\d+)"', page) == [make.LINDESBERG, make.NORA]


def test_two_people_edit_the_same_series(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.series(title="First", summary="Old")
    client = sign_in(make.organiser())
    url = f"/series/{series.id}/edit"
    opened = hidden_fields(client.get(url).text)
    other = {**opened, "title": "Theirs", "summary": "Old"}
    assert client.post(url, data=other).status_code == 302
    answer = client.post(url, data={**opened, "title": "Mine", "summary": "New"})
    assert answer.status_code == 422
    assert "Theirs" in answer.text
    assert "Mine" in answer.text
    again = {**hidden_fields(answer.text), "title": "Mine", "summary": "New"}
    assert client.post(url, data=again).status_code == 302
    db.session.refresh(series)
    assert (series.title, series.summary) == ("Mine", "New")


def test_what_only_the_other_changed_is_kept(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.series(title="First", summary="Old")
    client = sign_in(make.organiser())
    url = f"/series/{series.id}/edit"
    opened = hidden_fields(client.get(url).text)
    client.post(url, data={**opened, "title": "Theirs", "summary": "Old"})
    assert client.post(url, data={**opened, "title": "First", "summary": "New"}).status_code == 302
    db.session.refresh(series)
    assert (series.title, series.summary) == ("Theirs", "New")


def hidden_fields(page: str) -> dict[str, str]:
    found = findall(r'<input[^>]*name="(revision|opened_with)"[^>]*value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def test_steps_and_cohorts_by_hand(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.series(steps=1)
    company, elsewhere = make.company(), make.company(make.OREBRO)
    client = sign_in(make.organiser())
    base = f"/series/{series.id}"
    step = {"title": "Second", "minutes": "90", "gap_days": "14", "mode": "hybrid"}
    assert client.post(f"{base}/steps/new", data=step).status_code == 302
    added = db.session.scalars(db.select(Step).where(Step.title == "Second")).one()
    client.post(f"{base}/steps/{added.id}/move", data={"to": "1"})
    db.session.refresh(added)
    assert added.position == 1
    cohort = {"name": "Industry", "companies": [str(company.id)]}
    assert client.post(f"{base}/cohorts/new", data=cohort).status_code == 302
    foreign = {"name": "Others", "companies": [str(elsewhere.id)]}
    assert client.post(f"{base}/cohorts/new", data=foreign).status_code == 422
    made = db.session.scalars(db.select(Cohort).options(db.selectinload(Cohort.companies))).all()
    assert [(one.name, [c.id for c in one.companies]) for one in made] == [("Industry", [company.id])]
    assert client.post(f"{base}/publish").status_code == 302
    db.session.refresh(series)
    assert series.published_at is not None


def test_bad_minutes_get_a_sentence(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.series(steps=1)
    client = sign_in(make.organiser())
    answer = client.post(
        f"/series/{series.id}/steps/new",
        data={"title": "X", "minutes": "two hours", "gap_days": "1", "mode": "digital"},
    )
    assert answer.status_code == 422
    assert "two hours" in answer.text


@pytest.mark.parametrize("role", [Role.reader, Role.guide, Role.facilitator])
def test_others_see_published_series_only_and_change_nothing(app: Flask, sign_in, role: Role) -> None:  # type: ignore[no-untyped-def]
    draft, published = make.series(), make.published_series()
    client = sign_in(make.user((role, make.organisation())))
    assert client.get(f"/series/{draft.id}").status_code == 404
    assert client.get(f"/series/{published.id}").status_code == 200
    assert client.get(f"/series/{published.id}/edit").status_code == 403


def test_another_municipalitys_organiser_sees_nothing(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.published_series()
    client = sign_in(make.organiser(make.OREBRO))
    assert client.get(f"/series/{series.id}").status_code == 404
    assert client.post(f"/series/{series.id}/publish").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_statements_whatever_its_length(
    app: Flask, sign_in, count_queries, count: int
) -> None:  # type: ignore[no-untyped-def]
    organisation = make.organisation()
    for _ in range(count):
        make.cohort(make.published_series(organisation))
    client = sign_in(make.user((Role.organiser, organisation)))
    with count_queries() as counted:
        assert client.get("/series").status_code == 200
    assert len(counted) == 8


def test_a_cohort_with_people_but_no_sessions_is_removed_and_they_stay(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    series = make.series()
    cohort = make.cohort(series)
    enrolled = make.enrolment(series, make.person(), cohort)
    client = sign_in(make.organiser())
    assert client.post(f"/series/{series.id}/cohorts/{cohort.id}/remove").status_code == 302
    db.session.refresh(enrolled)
    assert (enrolled.cohort_id, db.session.scalars(db.select(Cohort)).all()) == (None, [])

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.clock import now, today
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Company
from planner.needs.models import QuietPeriod
from tests import factories as make

SignIn = Callable[[User], FlaskClient]
PICTURES = ["/plan", "/plan/month", "/plan/list"]


def planned(
    code: str = make.LINDESBERG, *, published: bool = True, title: str = "Digital steps", **values: Any
):
    """A series with a cohort of two companies, one of them in Örebro, and one session next week."""
    made = (make.published_series if published else make.series)(code=code, title=title)
    cohort = make.cohort(
        made, make.company(code, name=f"Gruvan {title}"), make.company(make.OREBRO, name="Afar AB")
    )
    made.steps[0].title = f"Begin {title}"
    make.training(made, now() + timedelta(days=7), cohort_id=cohort.id, **values)
    return made


@pytest.mark.parametrize("url", PICTURES)
def test_each_picture_shows_the_series_and_nothing_of_other_municipalities(
    app: Flask, sign_in: SignIn, url: str
) -> None:
    planned(title="Here")
    planned(make.STOCKHOLM, title="Elsewhere")
    page = sign_in(make.user((Role.reader, make.organisation()))).get(url)
    assert page.status_code == 200
    assert "Begin Here" in page.text
    assert "Elsewhere" not in page.text


def test_companies_elsewhere_are_only_counted(app: Flask, sign_in: SignIn) -> None:
    made = planned()
    afar = db.session.query(Company).filter_by(name="Afar AB").one()
    db.session.add(QuietPeriod(company_id=afar.id, starts_on=today(), ends_on=today(), note="secret"))
    db.session.commit()
    client = sign_in(make.organiser())
    for url in ("/plan", "/plan/list", f"/series/{made.id}/plan"):
        page = client.get(url).text
        assert "Afar AB" not in page
        assert "secret" not in page
    assert "1 company, 1 in other municipalities" in client.get("/plan").text


@pytest.mark.parametrize("url", PICTURES)
@pytest.mark.parametrize(("role", "sees"), [(Role.organiser, True), (Role.reader, False)])
def test_drafts_show_as_drafts_to_those_who_plan(
    app: Flask, sign_in: SignIn, url: str, role: Role, sees: bool
) -> None:
    planned(published=False)
    page = sign_in(make.user((role, make.organisation()))).get(url).text
    assert ("Begin Digital steps" in page) is sees
    if sees and url != "/plan/month":
        assert "Draft" in page


@pytest.mark.parametrize("url", PICTURES)
@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("", {"A", "B"}),
        ("municipality=1884", {"B"}),
        ("mode=digital", {"B"}),
        ("topic=3.4", {"A"}),
        ("mode=digital&topic=3.4", set()),
        ("municipality=0180", {"A", "B"}),
    ],
)
def test_the_filter_narrows_and_an_unknown_choice_does_not(
    app: Flask, sign_in: SignIn, url: str, query: str, sees: set[str]
) -> None:
    first, second = planned(title="A"), planned(make.NORA, title="B", mode="digital")
    first.competences, second.competences = ["3.4", "1.1"], ["1.1"]
    db.session.commit()
    page = sign_in(make.organiser(make.LINDESBERG, make.NORA)).get(f"{url}?{query}").text
    assert {name for name in ("A", "B") if f"Begin {name}" in page} == sees


def test_tabs_keep_the_filter(app: Flask, sign_in: SignIn) -> None:
    page = sign_in(make.organiser()).get("/plan?mode=digital&first=2026-W41&last=2026-W50").text
    assert 'href="/plan/month?mode=digital&amp;first=2026-W41&amp;last=2026-W50"' in page
    assert 'href="/plan/list?mode=digital&amp;first=2026-W41&amp;last=2026-W50"' in page


def test_the_period_is_typed_and_stepped(app: Flask, sign_in: SignIn) -> None:
    planned()
    client = sign_in(make.organiser())
    page = client.get("/plan?first=v.+41&last=v.+44").text
    assert "wk 41 2026 – wk 44 2026" in page
    assert "first=2026-W43&amp;last=2026-W46" in page
    assert "Begin Digital steps" not in client.get("/plan?first=v.+45&last=v.+50").text


def test_a_period_that_cannot_be_read_says_so_and_keeps_what_was_typed(app: Flask, sign_in: SignIn) -> None:
    planned()
    page = sign_in(make.organiser()).get("/plan?first=soon")
    assert page.status_code == 200
    assert 'value="soon"' in page.text
    assert "Write a week" in page.text
    assert "Begin Digital steps" in page.text


@pytest.mark.parametrize(
    ("url", "role", "says"),
    [
        ("/plan", Role.organiser, "Make a series from a template"),
        ("/plan", Role.reader, "when they are published in your municipalities"),
        ("/plan/list", Role.organiser, "Make a series from a template"),
        ("/plan/month", Role.organiser, "No sessions this month"),
        ("/plan?mode=digital", Role.organiser, "Nothing matches the filter"),
        ("/plan?first=2027-W20", Role.organiser, "No sessions in these weeks"),
    ],
)
def test_an_empty_picture_says_what_to_do(
    app: Flask, sign_in: SignIn, url: str, role: Role, says: str
) -> None:
    assert says in sign_in(make.user((role, make.organisation()))).get(url).text


def test_a_series_has_a_board_of_its_own(app: Flask, sign_in: SignIn) -> None:
    made = planned()
    page = sign_in(make.organiser()).get(f"/series/{made.id}/plan")
    assert page.status_code == 200
    assert "Gruvan Digital steps" in page.text
    assert sign_in(make.organiser(make.STOCKHOLM)).get(f"/series/{made.id}/plan").status_code == 404


def test_an_empty_series_board_leads_to_planning(app: Flask, sign_in: SignIn) -> None:
    made = make.series()
    page = sign_in(make.organiser()).get(f"/series/{made.id}/plan").text
    assert f'href="/series/{made.id}/sessions/plan"' in page
    assert "Make cohorts" in page


@pytest.mark.parametrize("url", [*PICTURES, "/series/1/plan"])
def test_nobody_without_an_account_comes_in(app: Flask, client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("url", PICTURES)
def test_the_number_of_statements_does_not_grow(
    app: Flask, sign_in: SignIn, count_queries: Callable[[], Any], url: str
) -> None:
    client = sign_in(make.organiser())
    counts = []
    for more in (1, 2):
        for n in range(more):
            made = planned(title=f"{more}{n}")
            make.training(made, now() + timedelta(days=9))
        client.get(url)
        with count_queries() as counted:
            client.get(url)
        counts.append(len(counted))
    assert counts[0] == counts[1]

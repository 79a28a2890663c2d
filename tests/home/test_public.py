from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db
from planner.series.models import TrainingSession
from planner.series.queries import find_public_series
from tests import factories as make

LINK = "https://video.example.test/secret-room"


def published(code: str = make.LINDESBERG, **values: Any) -> Any:
    """A published series whose cohort of one company has a hybrid session next week."""
    made = make.published_series(code=code, **values)
    made.steps[0].title = f"Begin {made.title}"
    made.steps[0].goals = "Know where you stand"
    made.steps[0].preparation = "Bring a question"
    cohort = make.cohort(made, make.company(code, name="Hemliga Verken"), name="Morning group")
    make.training(
        made, now() + timedelta(days=7), cohort_id=cohort.id, mode="hybrid", join_url=LINK, seats_on_site=12
    )
    return made


def test_a_municipality_shows_its_own_and_its_neighbours_shared_series(
    app: Flask, client: FlaskClient
) -> None:
    published(title="Shared", neighbours=make.municipalities(make.NORA))
    published(make.STOCKHOLM, title="Elsewhere")
    make.training(make.series(title="Draft of ours"))
    for code in (make.LINDESBERG, make.NORA):
        page = client.get(f"/m/{code}").text
        assert "Begin Shared" in page
        assert "12 places left" in page
        assert "wk 42" in page
        assert "Elsewhere" not in page
        assert "Draft of ours" not in page


def test_an_unknown_municipality_is_not_found(app: Flask, client: FlaskClient) -> None:
    assert client.get("/m/9999").status_code == 404
    assert client.get("/m/9999/month").status_code == 404


def test_a_municipality_where_nothing_is_open_says_so(app: Flask, client: FlaskClient) -> None:
    assert "Nothing is open here yet" in client.get(f"/m/{make.NORA}").text


def test_the_public_month_shows_published_sessions_only(app: Flask, client: FlaskClient) -> None:
    published(title="Shared")
    make.training(make.series(title="Draft of ours"))
    page = client.get(f"/m/{make.LINDESBERG}/month?month=2026-10").text
    assert "Begin Shared" in page
    assert "Draft of ours" not in page


def test_a_series_page_tells_all_but_links_and_companies(app: Flask, client: FlaskClient) -> None:
    made = published(
        title="Shared", key="shared", summary="In steps", audience="Small firms", competences=["1.1"]
    )
    make.training(made, now() + timedelta(days=9), cancelled_at=now(), cancel_reason="Ill")
    page = client.get("/s/shared").text
    for text in (
        "In steps",
        "Small firms",
        "Know where you stand",
        "Bring a question",
        "Morning group",
        "Cancelled",
    ):
        assert text in page
    assert LINK not in page
    assert "Hemliga Verken" not in page


def test_a_session_page_tells_all_but_links_and_companies(app: Flask, client: FlaskClient) -> None:
    made = published(title="Shared", key="shared")
    other = published(title="Other", key="other")
    training = db.session.query(TrainingSession).filter_by(series_id=made.id).one()
    page = client.get(f"/s/shared/{training.uid}").text
    for text in ("Begin Shared", "Know where you stand", "12 places left", "Morning group"):
        assert text in page
    assert LINK not in page
    assert "Hemliga Verken" not in page
    assert client.get(f"/s/{other.key}/{training.uid}").status_code == 404


def test_a_cancelled_session_says_why(app: Flask, client: FlaskClient) -> None:
    made = make.published_series(key="one")
    training = make.training(made, cancelled_at=now(), cancel_reason="The leader is ill")
    assert "Cancelled: The leader is ill" in client.get(f"/s/one/{training.uid}").text


def test_a_moved_session_says_from_when(app: Flask, client: FlaskClient) -> None:
    made = make.published_series(key="one")
    training = make.training(made, moved_from_at=now() + timedelta(days=1))
    assert "Moved from Wed 7 Oct 10:00" in client.get(f"/s/one/{training.uid}").text


@pytest.mark.parametrize("address", ["/s/draft", "/s/none"])
def test_a_draft_has_no_public_page(app: Flask, client: FlaskClient, address: str) -> None:
    made = make.series(key="draft")
    training = make.training(made)
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/{training.uid}").status_code == 404


@pytest.mark.parametrize("url", [f"/m/{make.LINDESBERG}", "/s/first", f"/m/{make.LINDESBERG}/month"])
def test_the_number_of_statements_does_not_grow(
    app: Flask, client: FlaskClient, count_queries: Callable[[], Any], url: str
) -> None:
    published(key="first")
    counts = []
    for more in (0, 2):
        for _ in range(more):
            published()
            first = find_public_series("first")
            make.training(first, now() + timedelta(days=3), cohort_id=make.cohort(first, make.company()).id)
        client.get(url)
        with count_queries() as counted:
            client.get(url)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_materials_are_public_with_links_and_follow_up_is_for_those_who_lead(
    app: Flask, client: FlaskClient, sign_in: Any
) -> None:
    organisation = make.organisation()
    made = published(title="Shared", organiser_of=organisation)
    made.steps[0].materials = "Workbook: https://material.example.test/book\n<b>Pens</b>"
    made.steps[0].follow_up = "Did the plan hold?"
    db.session.commit()
    training = db.session.scalars(select(TrainingSession).where(TrainingSession.series_id == made.id)).one()
    link = '<a href="https://material.example.test/book" rel="'
    own = sign_in(make.user(("owner", organisation)))
    for page in (f"/s/{made.key}", f"/s/{made.key}/{training.uid}"):
        text = client.get(page).text
        assert link in text
        assert "&lt;b&gt;Pens" in text
        assert "Did the plan hold?" not in text
    for page in (f"/series/{made.id}", f"/sessions/{training.id}"):
        assert link in own.get(page).text
        assert "Did the plan hold?" in own.get(page).text

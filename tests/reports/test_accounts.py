"""Funder projects, and what series and templates are accounted for as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.base.db import db
from planner.base.viewer import Role
from planner.reports.models import FunderProject, SeriesAccount, TemplateAccount
from tests import factories as make

SignIn = Callable[[User], FlaskClient]


def typed(organisation_id: int, **changes: str) -> dict[str, str]:
    values = {"name": "Omställning", "number": "17", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    return {**values, "organisation": str(organisation_id), **changes}


@pytest.fixture
def organiser(app: Flask) -> User:
    return make.organiser()


def own(user: User) -> int:
    return make.viewer_of(user).grants[0].organisation_id


def test_project_is_entered_changed_and_removed(organiser: User, sign_in: SignIn) -> None:
    client = sign_in(organiser)
    assert client.post("/projects/new", data=typed(own(organiser))).status_code == 302
    project = db.session.scalars(select(FunderProject)).one()
    assert "Omställning" in client.get("/projects").text
    changed = typed(own(organiser), name="Annat", revision=str(project.revision))
    assert client.post(f"/projects/{project.id}", data=changed).status_code == 302
    assert db.session.scalars(select(FunderProject.name)).all() == ["Annat"]
    assert client.post(f"/projects/{project.id}/remove").status_code == 302
    assert db.session.scalars(select(FunderProject)).all() == []


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"starts_on": ""}, {"ends_on": "2025-01-01"}, {"ends_on": "v. 99"}, {"organisation": "999"},
     {"name": "x" * 201}],
)  # fmt: skip
def test_project_that_cannot_be_comes_back_as_typed(
    organiser: User, sign_in: SignIn, changes: dict[str, str]
) -> None:
    answer = sign_in(organiser).post("/projects/new", data=typed(own(organiser), **changes))
    assert answer.status_code == 422
    assert "17" in answer.text
    assert db.session.scalars(select(FunderProject)).all() == []


def test_projects_are_their_organisations_own(organiser: User, sign_in: SignIn) -> None:
    sign_in(organiser).post("/projects/new", data=typed(own(organiser)))
    project = db.session.scalars(select(FunderProject)).one()
    other = sign_in(make.organiser())
    assert "Omställning" not in other.get("/projects").text
    assert other.get(f"/projects/{project.id}").status_code == 404
    assert other.post(f"/projects/{project.id}/remove").status_code == 404
    assert sign_in(make.user((Role.reader, make.organisation()))).get("/projects").status_code == 403


def account(**changes: Any) -> dict[str, str]:
    values = {
        "training_type": "green",
        "project": "",
        "provider": "Skolan",
        "is_external": "1",
        "price": "850",
    }
    return {**values, **changes}


def test_series_is_accounted_for(organiser: User, sign_in: SignIn) -> None:
    organisation = make.organisation()
    client = sign_in(make.user((Role.organiser, organisation)))
    series = make.published_series(organisation)
    client.post("/projects/new", data=typed(organisation.id))
    project = db.session.scalars(select(FunderProject)).one()
    path = f"/series/{series.id}/account"
    assert client.get(path).status_code == 200
    assert client.post(path, data=account(project=str(project.id), revision="0")).status_code == 302
    row = db.session.scalars(select(SeriesAccount)).one()
    assert (row.training_type, row.project_id, row.provider, row.is_external, row.price) == (
        "green", project.id, "Skolan", True, 850,
    )  # fmt: skip
    refused = client.post(f"/projects/{project.id}/remove", follow_redirects=True)
    assert "Series belong to this project" in refused.text
    stale = client.post(path, data=account(price="1", revision="0", opened_with='{"price": "0"}'))
    assert stale.status_code == 422
    assert "850" in stale.text


@pytest.mark.parametrize(
    "changes", [{"price": "-1"}, {"price": "1,50"}, {"price": ""}, {"project": "7"}, {"training_type": "art"}]
)
def test_account_that_cannot_be_is_refused(organiser: User, sign_in: SignIn, changes: dict[str, str]) -> None:
    series = make.published_series()
    answer = sign_in(organiser).post(f"/series/{series.id}/account", data=account(revision="0", **changes))
    assert answer.status_code == 422
    assert db.session.scalars(select(SeriesAccount)).all() == []


def test_template_gives_its_series_a_type(organiser: User, sign_in: SignIn) -> None:
    organisation = make.organisation()
    client = sign_in(make.user((Role.organiser, organisation)))
    version = make.published_template(organisation)
    path = f"/templates/{version.template_id}/account"
    assert client.post(path, data={"training_type": "management", "revision": "0"}).status_code == 302
    assert db.session.scalars(select(TemplateAccount.training_type)).all() == ["management"]
    series = make.published_series(organisation, template_version_id=version.id)
    assert "As the template: Management" in client.get(f"/series/{series.id}/account").text
    assert sign_in(organiser).get(path).status_code == 404

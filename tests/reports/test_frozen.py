"""A frozen month stays as it was; what comes later is listed beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.reports.errors import MonthIsFrozenError
from planner.reports.models import FrozenMonth
from tests import factories as make
from tests.reports.parts import crowd, held, note

SignIn = Callable[[User], FlaskClient]


def freeze(client: FlaskClient, user: User, month: str = "2026-09") -> Any:
    whose = make.viewer_of(user).grants[0].organisation_id
    return client.post("/figures/frozen", data={"month": month, "organisation": str(whose)})


def test_frozen_month_stays_byte_for_byte_and_lists_what_came_later(
    app: Flask, sign_in: SignIn, at: Any
) -> None:
    user = make.organiser()
    client = sign_in(user)
    training = held(21)
    person = crowd(training, 2, make.company(name="Bruket"))[0]
    note(held(3), make.person())  # in October
    path = freeze(client, user).headers["Location"]
    before = client.get(f"{path}/file").data
    assert before.decode("utf-8-sig").splitlines()[1].split(";")[5:] == [
        "Bruket",
        "",
        "0",
        "0",
        "0",
        "2",
        "0",
        "240",
        "0",
    ]
    assert "Nothing has been corrected" in client.get(path).text
    with at(now() + timedelta(days=1)):
        note(training, person, 45)
        page = client.get(path).text
        assert [word in page for word in (person.name, "2 h", "45 min", "again")] == [True] * 4
        assert client.get(f"{path}/file").data == before
        again = freeze(client, user).headers["Location"]
        assert again != path
        assert "165" in client.get(f"{again}/file").text
        assert "Nothing has been corrected" in client.get(again).text


@pytest.mark.parametrize("month", ["2026-10", "2027-01", "soon", ""])
def test_month_that_is_not_over_is_not_frozen(app: Flask, sign_in: SignIn, month: str) -> None:
    user = make.organiser()
    crowd(held(21), 1, make.company())
    assert freeze(sign_in(user), user, month).status_code == 422
    assert db.session.scalars(select(FrozenMonth)).all() == []


def test_frozen_months_are_their_organisations_own(app: Flask, sign_in: SignIn) -> None:
    user = make.organiser()
    crowd(held(21), 1, make.company())
    path = freeze(sign_in(user), user).headers["Location"]
    other = sign_in(make.organiser())
    assert [other.get(path).status_code, other.get(f"{path}/file").status_code] == [404, 404]


def test_frozen_month_cannot_be_changed(app: Flask, sign_in: SignIn) -> None:
    user = make.organiser()
    crowd(held(21), 1, make.company())
    freeze(sign_in(user), user)
    frozen = db.session.scalars(select(FrozenMonth)).one()
    frozen.data = b""
    with pytest.raises(MonthIsFrozenError):
        db.session.flush()
    db.session.rollback()

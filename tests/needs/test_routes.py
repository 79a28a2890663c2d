from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.db import db
from planner.base.errors import NotAllowedError
from planner.base.viewer import Role
from planner.directory.models import Company
from planner.needs import service
from planner.needs.models import QuietPeriod
from planner.needs.rules import Stretch
from tests import factories as make

SignIn = Callable[[User], FlaskClient]
DAYS = Stretch(date(2026, 10, 12), date(2026, 10, 25))


def periods_of(company: Company) -> list[tuple[date, date, str]]:
    rows = db.session.query(QuietPeriod).filter_by(company_id=company.id).order_by(QuietPeriod.starts_on)
    return [(row.starts_on, row.ends_on, row.note) for row in rows]


def test_an_organiser_adds_and_removes_a_quiet_period(app: Flask, sign_in: SignIn) -> None:
    company = make.company()
    client, url = sign_in(make.organiser()), f"/companies/{company.id}/quiet-periods"
    assert "may become a public record" in client.get(url).text
    assert client.post(url, data={"days": "v. 42-43", "note": "planned stop"}).status_code == 302
    assert periods_of(company) == [(date(2026, 10, 12), date(2026, 10, 25), "planned stop")]
    shown = client.get(url).text
    assert "planned stop" in shown
    period = db.session.query(QuietPeriod).one()
    assert client.post(f"{url}/{period.id}/remove").status_code == 302
    assert periods_of(company) == []


def test_what_cannot_be_read_comes_back_as_typed(app: Flask, sign_in: SignIn) -> None:
    company = make.company()
    answer = sign_in(make.organiser()).post(
        f"/companies/{company.id}/quiet-periods", data={"days": "someday", "note": "calm weeks"}
    )
    assert answer.status_code == 422
    assert 'value="someday"' in answer.text
    assert 'value="calm weeks"' in answer.text
    assert "Write weeks or days" in answer.text
    assert periods_of(company) == []


def test_the_same_days_twice_are_refused(app: Flask, sign_in: SignIn) -> None:
    company = make.company()
    client, url = sign_in(make.organiser()), f"/companies/{company.id}/quiet-periods"
    assert client.post(url, data={"days": "v. 42"}).status_code == 302
    answer = client.post(url, data={"days": "2026-10-12 – 2026-10-18"})
    assert answer.status_code == 422
    assert "already in the list" in answer.text
    assert len(periods_of(company)) == 1


def test_a_company_elsewhere_is_not_found(app: Flask, sign_in: SignIn) -> None:
    company = make.company(make.OREBRO)
    client = sign_in(make.organiser(make.LINDESBERG))
    url = f"/companies/{company.id}/quiet-periods"
    assert client.get(url).status_code == 404
    assert client.post(url, data={"days": "v. 42"}).status_code == 404
    assert periods_of(company) == []


def test_another_companys_period_is_not_found(app: Flask, sign_in: SignIn) -> None:
    company, other = make.company(), make.company()
    service.add_quiet_period(other, DAYS, "", by=make.viewer_of(make.organiser()))
    db.session.commit()
    period = db.session.query(QuietPeriod).one()
    answer = sign_in(make.organiser()).post(f"/companies/{company.id}/quiet-periods/{period.id}/remove")
    assert answer.status_code == 404
    assert len(periods_of(other)) == 1


@pytest.mark.parametrize("role", [Role.reader, Role.facilitator, Role.guide])
def test_others_see_but_do_not_change(app: Flask, sign_in: SignIn, role: Role) -> None:
    company = make.company()
    client, url = sign_in(make.user((role, make.organisation()))), f"/companies/{company.id}/quiet-periods"
    page = client.get(url)
    assert page.status_code == 200
    assert 'name="days"' not in page.text
    assert client.post(url, data={"days": "v. 42"}).status_code == 403
    assert periods_of(company) == []


def test_a_person_speaks_only_as_contact_of_the_company(app: Flask) -> None:
    company, other = make.company(), make.company()
    contact = make.person(company, is_contact=True)
    participant = make.person(company)
    service.add_quiet_period(company, DAYS, "", by=contact)
    for who, where in ((participant, company), (contact, other)):
        with pytest.raises(NotAllowedError):
            service.add_quiet_period(where, DAYS, "", by=who)


def test_the_companys_page_shows_its_coming_quiet_periods(app: Flask, sign_in: SignIn) -> None:
    account, company = make.organiser(), make.company()
    for days, note in ((DAYS, "calm weeks"), (Stretch(date(2026, 9, 1), date(2026, 9, 4)), "long past")):
        service.add_quiet_period(company, days, note, by=make.viewer_of(account))
    db.session.commit()
    page = sign_in(account).get(f"/companies/{company.id}").text
    assert "calm weeks" in page
    assert "long past" not in page
    assert f"/companies/{company.id}/quiet-periods" in page

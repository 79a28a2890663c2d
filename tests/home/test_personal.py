from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.attendance.models import Presence, PresenceEntry
from planner.base.clock import now
from planner.base.db import db
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.needs.models import QuietPeriod
from tests import factories as make
from tests.conftest import NOW

LINK = "https://video.example.test/room"


def page_of(app: Flask, who: Person) -> str:
    return f"/p/{person_token(app.extensions['settings'].secret, who)}"


def series_for(*companies: Any, title: str = "Steps") -> tuple[Any, Any, Any]:
    """A published series, its cohort of these companies, and its digital session next week."""
    made = make.published_series(title=title)
    made.steps[0].title = f"Begin {title}"
    cohort = make.cohort(made, *companies)
    training = make.training(made, cohort_id=cohort.id, mode="digital", join_url=LINK)
    return made, cohort, training


def attended(training: Any, who: Person, verdict: str, minutes: int) -> None:
    entry = PresenceEntry(
        id=str(uuid.uuid4()), training_id=training.id, person_id=who.id, verdict=verdict, minutes=minutes,
        place="remote", via="roster", by_name="Bo", noted_at=now(),
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    db.session.add(
        Presence(training_id=training.id, person_id=who.id, entry_id=entry.id, verdict=verdict, minutes=minutes,
                 place="remote")
    )  # fmt: skip
    db.session.commit()


def test_a_contact_sees_the_companys_sessions_with_their_link(app: Flask, client: FlaskClient) -> None:
    company, other = make.company(name="Gruvan"), make.company()
    series_for(company, title="Ours")
    series_for(other, title="Theirs")
    page = client.get(page_of(app, make.person(company, is_contact=True))).text
    assert "Begin Ours" in page
    assert LINK in page
    assert "Begin Theirs" not in page


def test_an_open_sessions_link_is_only_for_those_expected(app: Flask, client: FlaskClient) -> None:
    company = make.company()
    made, _cohort, training = series_for(company)
    training.join_url = ""
    make.training(made, cohort_id=None, mode="digital", join_url=LINK)
    contact = make.person(company, is_contact=True)
    assert LINK not in client.get(page_of(app, contact)).text
    make.enrolment(made, contact)
    assert LINK in client.get(page_of(app, contact)).text


def test_a_participant_sees_only_their_own(app: Flask, client: FlaskClient) -> None:
    company = make.company()
    made, cohort, _training = series_for(company, title="Ours")
    _other, _cohort, seated = series_for(company, title="Seated")
    series_for(company, title="Not joined")
    who = make.person(company)
    make.enrolment(made, who, cohort)
    make.seat(seated, who, "remote")
    page = client.get(page_of(app, who)).text
    assert "Begin Ours" in page
    assert "Begin Seated" in page
    assert "Begin Not joined" not in page
    assert 'name="days"' not in page


def test_a_draft_series_stays_unseen(app: Flask, client: FlaskClient) -> None:
    company = make.company()
    made, cohort, _training = series_for(company, title="Draft")
    made.published_at = None
    who = make.person(company, is_contact=True)
    make.enrolment(made, who, cohort)
    assert "Begin Draft" not in client.get(page_of(app, who)).text


@pytest.mark.parametrize(
    ("minutes_after_start", "is_open"), [(-31, False), (-30, True), (60, True), (149, True), (150, False)]
)
def test_the_check_in_button_shows_while_the_door_is_open(
    app: Flask, client: FlaskClient, at: Callable[[datetime], Any], minutes_after_start: int, is_open: bool
) -> None:
    company = make.company()
    made, cohort, training = series_for(company)
    who = make.person(company)
    make.enrolment(made, who, cohort)
    with at(training.starts_at + timedelta(minutes=minutes_after_start)):
        assert ("Check in" in client.get(page_of(app, who)).text) is is_open


def test_who_is_checked_in_is_told_so_and_not_asked_again(
    app: Flask, client: FlaskClient, at: Callable[[datetime], Any]
) -> None:
    company = make.company()
    made, cohort, training = series_for(company)
    who = make.person(company)
    make.enrolment(made, who, cohort)
    with at(training.starts_at):
        door = f"/check-in/{training.uid}"
        token = page_of(app, who).removeprefix("/p/")
        form = {"p": token, "entry_id": str(uuid.uuid4())}
        done = client.post(door, data=form)
        assert f'href="{page_of(app, who)}"' in done.text
        page = client.get(page_of(app, who)).text
    assert f'href="{door}' not in page
    assert page.count("Present") == 2  # at the session, and in the list of one's attendance


def test_own_attendance_is_summed(app: Flask, client: FlaskClient) -> None:
    who = make.person(make.company())
    made = make.published_series()
    other = make.person()
    for days, verdict, minutes in ((3, "present", 120), (2, "late", 90), (1, "absent", 0)):
        training = make.training(made, NOW - timedelta(days=days))
        attended(training, who, verdict, minutes)
        attended(training, other, "present", 600)
    page = client.get(page_of(app, who)).text
    assert "<dd>3.5 <small>h</small></dd>" in page
    assert [word for word in ("Present", "Late", "Absent") if word in page] == ["Present", "Late", "Absent"]


def test_a_contact_adds_and_removes_quiet_periods(app: Flask, client: FlaskClient) -> None:
    company = make.company()
    url = page_of(app, make.person(company, is_contact=True))
    assert client.post(f"{url}/quiet-periods", data={"days": "v. 42-43", "note": "stop"}).status_code == 302
    period = db.session.query(QuietPeriod).filter_by(company_id=company.id).one()
    assert "may become a public record" in client.get(url).text
    refused = client.post(f"{url}/quiet-periods", data={"days": "when I can"})
    assert refused.status_code == 422
    assert 'value="when I can"' in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    assert client.post(f"{url}/quiet-periods/{period.id}/remove").status_code == 302
    assert db.session.query(QuietPeriod).count() == 0


def test_a_participant_and_another_companys_contact_change_nothing(app: Flask, client: FlaskClient) -> None:
    company, other = make.company(), make.company()
    contact = page_of(app, make.person(company, is_contact=True))
    client.post(f"{contact}/quiet-periods", data={"days": "v. 42"})
    period = db.session.query(QuietPeriod).one()
    for who in (make.person(company), make.person(other, is_contact=True)):
        assert client.post(f"{page_of(app, who)}/quiet-periods/{period.id}/remove").status_code == 404
    assert (
        client.post(f"{page_of(app, make.person(company))}/quiet-periods", data={"days": "v. 43"}).status_code
        == 404
    )
    assert db.session.query(QuietPeriod).count() == 1


def test_the_page_is_told_to_nobody(app: Flask, client: FlaskClient) -> None:
    answer = client.get(page_of(app, make.person()))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("token", ["1-wrong", "x", "99999999999-a", "-", "1"])
def test_a_wrong_link_is_not_found(app: Flask, client: FlaskClient, token: str) -> None:
    assert client.get(f"/p/{token}").status_code == 404


def test_a_link_dies_with_its_generation(app: Flask, client: FlaskClient) -> None:
    who = make.person()
    url = page_of(app, who)
    who.link_generation += 1
    db.session.commit()
    assert client.get(url).status_code == 404


def test_the_number_of_statements_does_not_grow(
    app: Flask, client: FlaskClient, count_queries: Callable[[], Any]
) -> None:
    company = make.company()
    who = make.person(company, is_contact=True)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            made, cohort, training = series_for(company)
            make.enrolment(made, who, cohort)
            attended(training, who, "present", 10)
        client.get(page_of(app, who))
        with count_queries() as counted:
            client.get(page_of(app, who))
        counts.append(len(counted))
    assert counts[0] == counts[1]

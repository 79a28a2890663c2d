"""The pages of seats: the organiser's, the contact's by the personal link, and a person's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import queries, service
from planner.attendance.models import Seat
from planner.attendance.queries import PeopleScope
from planner.attendance.rules import Place
from planner.base.db import db
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.series.models import TrainingSession, series_municipality
from tests import factories as make

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def session(app: Flask) -> TrainingSession:
    """A coming hybrid session for one company's cohort, one seat on site and one by video."""
    series = make.published_series()
    company = make.company(name="Bruket")
    cohort = make.cohort(series, company)
    training = make.training(series, mode="hybrid", seats_on_site=1, seats_remote=1, cohort_id=cohort.id)
    db.session.refresh(training, ["series"])
    db.session.refresh(training.series, ["steps"])
    return training


def company_of(training: TrainingSession) -> Any:
    return queries.list_companies_of_series(training.series_id)[0]


def states(training: TrainingSession) -> list[tuple[str, str, str]]:
    rows = queries.list_seats(training, PeopleScope(None))
    return [(row.person.name if row.person else "", row.state, row.seat.place) for row in rows]


def link_of(app: Flask, who: Person) -> str:
    return f"/p/{person_token(app.extensions['settings'].secret, who)}"


def visitor(app: Flask) -> FlaskClient:
    """A browser without an account, in English."""
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


# --- the organiser --------------------------------------------------------------------------------


def test_organiser_books_moves_and_takes_back(session: TrainingSession, sign_in: SignIn) -> None:
    people = [make.person(company_of(session), name=name) for name in ("Asta", "Bo", "Cia")]
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/seats"
    assert "Asta" in client.get(url, query_string={"q": "ast"}).text
    for person in people[:2]:
        client.post(f"{url}/book", data={"person": person.id, "place": "on_site"})
    page = client.get(url).text
    assert "All seats are taken: Bo is number 1 in line." in page
    asta = db.session.scalars(select(Seat).where(Seat.person_id == people[0].id)).one()
    client.post(f"{url}/{asta.id}", data={"action": "move"})
    assert states(session) == [("Asta", "booked", "remote"), ("Bo", "booked", "on_site")]
    assert "All seats there are taken" in client.post(
        f"{url}/{asta.id}", data={"action": "move"}, follow_redirects=True
    ).text  # fmt: skip
    client.post(f"{url}/{asta.id}", data={"action": "cancel"})
    assert client.post(f"{url}/{asta.id}", data={"action": "cancel"}).status_code == 404
    assert states(session) == [("Bo", "booked", "on_site")]


@pytest.mark.parametrize("action", ["", "name", "fly", "approve\x00"])
def test_what_cannot_be_done_is_said(session: TrainingSession, sign_in: SignIn, action: str) -> None:
    make.seat(session, make.person(name="Asta", code=make.LINDESBERG))
    seat = db.session.scalars(select(Seat)).one()
    answer = sign_in(make.organiser()).post(
        f"/sessions/{session.id}/seats/{seat.id}", data={"action": action}, follow_redirects=True
    )
    assert (answer.status_code, "That cannot be done" in answer.text) == (200, True)
    assert states(session) == [("Asta", "booked", "on_site")]


def test_organiser_reserves_for_a_company_and_names(session: TrainingSession, sign_in: SignIn) -> None:
    later = make.training(session.series, cohort_id=session.cohort_id)
    company = company_of(session)
    asta = make.person(company, name="Asta")
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/seats"
    sent = {"company": company.id, "place": "on_site", "count": "2"}
    assert client.post(f"{url}/reserve", data=sent).status_code == 302
    seat = db.session.scalars(select(Seat).order_by(Seat.id)).first()
    assert seat is not None
    client.post(f"{url}/{seat.id}", data={"action": "name", "person": asta.id})
    assert states(session) == [("Asta", "booked", "on_site"), ("", "waiting", "on_site")]
    assert client.post(f"{url}/reserve", data=sent | {"whole_series": "y"}).status_code == 302
    assert len(states(later)) == 2
    assert client.post(f"{url}/{seat.id}", data={"action": "name", "person": asta.id}).status_code == 302
    for bad in ({"count": "many"}, {"count": "101"}, {"count": "0"}, {"company": "9"}, {"place": "moon"}):
        refused = client.post(f"{url}/reserve", data=sent | bad)
        assert refused.status_code == 422, bad
    assert len(states(session)) == 2


def test_list_is_shown_before_it_is_booked(session: TrainingSession, sign_in: SignIn) -> None:
    make.person(company_of(session), name="Asta Berg", email="asta@x.test")
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/seats/paste"
    sent = {"text": "asta@x.test\nNy Person ny@x.test\nIngen", "place": "remote"}
    page = client.post(url, data=sent)
    assert [word in page.text for word in ("Gets a seat", "New person, gets a seat", "Not found")] == [
        True
    ] * 3
    assert states(session) == []
    for _ in range(2):
        assert client.post(url, data=sent | {"confirmed": "1"}).status_code == 302
    assert states(session) == [("Asta Berg", "booked", "remote"), ("Ny Person", "waiting", "remote")]
    assert client.post(url, data={"text": " ", "place": "remote"}).status_code == 422
    number = "Anna 19850101-1236 a@x.test"
    assert client.post(url, data={"text": number, "place": "remote"}).status_code == 422


def test_neighbour_touches_its_own_people_only(session: TrainingSession, sign_in: SignIn) -> None:
    db.session.execute(
        series_municipality.insert().values(series_id=session.series_id, municipality_code=make.NORA)
    )
    theirs = make.seat(session, make.person(company_of(session), name="Asta"))
    make.seat(session, make.person(make.company(make.NORA), name="Nils"), place="remote")
    client, url = sign_in(make.organiser(make.NORA)), f"/sessions/{session.id}/seats"
    page = client.get(url).text
    assert ("Nils" in page, "Asta" in page, "Save the rules" in page) == (True, False, False)
    assert client.post(f"{url}/{theirs.id}", data={"action": "cancel"}).status_code == 404
    assert client.post(f"{url}/terms", data={"answer_hours": "1", "needs_approval": ""}).status_code == 404
    assert client.get(f"/series/{session.series_id}/seats").status_code == 404
    assert len(states(session)) == 2


def test_rules_are_set_and_requests_answered(session: TrainingSession, sign_in: SignIn, app: Flask) -> None:
    client = sign_in(make.organiser())
    url = f"/series/{session.series_id}/seats"
    assert client.post(url, data={"answer_hours": "400"}).status_code == 422
    assert client.post(url, data={"answer_hours": "24", "needs_approval": "y"}).status_code == 302
    assert queries.terms_of(session).needs_approval
    asta = make.person(company_of(session), name="Asta")
    own = f"{link_of(app, asta)}/sessions/{session.uid}"
    visitor(app).post(own, data={"coming": "1", "place": "remote"})
    assert states(session) == [("Asta", "requested", "remote")]
    assert "Seats that wait for your approval" in client.get("/").text
    assert "Seats that wait for your approval" not in sign_in(make.organiser(make.NORA)).get("/").text
    assert "You have asked for a seat" in visitor(app).get(own).text
    seat = db.session.scalars(select(Seat)).one()
    client.post(f"/sessions/{session.id}/seats/{seat.id}", data={"action": "approve"})
    assert states(session) == [("Asta", "booked", "remote")]
    terms = f"/sessions/{session.id}/seats/terms"
    assert client.post(terms, data={"answer_hours": "", "needs_approval": "no"}).status_code == 302
    assert (queries.terms_of(session).answer_hours, queries.terms_of(session).needs_approval) == (24, False)
    assert client.post(terms, data={"answer_hours": "x", "needs_approval": "no"}).status_code == 422


# --- the company's contact ------------------------------------------------------------------------


def test_contact_reserves_names_and_swaps(session: TrainingSession, app: Flask) -> None:
    company = company_of(session)
    kim = make.person(company, name="Kim", is_contact=True)
    asta = make.person(company, name="Asta")
    client, url = visitor(app), f"{link_of(app, kim)}/sessions/{session.uid}/company"
    for _ in range(2):
        assert client.post(url, data={"count": "2", "place": "on_site"}).status_code == 302
    first, second = db.session.scalars(select(Seat).order_by(Seat.id)).all()
    client.post(f"{url}/{first.id}", data={"person": asta.id})
    client.post(f"{url}/{second.id}", data={"person": "", "name": "Ny Person", "email": "Ny@x.test"})
    assert states(session) == [("Asta", "booked", "on_site"), ("Ny Person", "waiting", "on_site")]
    client.post(f"{url}/{first.id}", data={"person": kim.id})
    page = client.get(url)
    assert (states(session)[0], page.headers["Cache-Control"]) == (("Kim", "booked", "on_site"), "no-store")
    assert "number 1 in line" in page.text
    refused = client.post(url, data={"count": "1", "place": "on_site"})
    assert (refused.status_code, "Take names away first" in refused.text) == (422, True)


def test_contact_reserves_in_every_coming_session(session: TrainingSession, app: Flask) -> None:
    kim = make.person(company_of(session), is_contact=True)
    later = make.training(session.series, mode="digital", cohort_id=session.cohort_id)
    others = make.training(session.series, mode="digital", cohort_id=make.cohort(session.series).id)
    url = f"{link_of(app, kim)}/sessions/{session.uid}/company"
    visitor(app).post(url, data={"count": "1", "place": "remote", "whole_series": "y"})
    assert [len(states(one)) for one in (session, later, others)] == [1, 1, 0]


def test_nobody_names_across_companies(session: TrainingSession, app: Flask) -> None:
    kim = make.person(company_of(session), is_contact=True)
    far = make.person(make.company(), name="Far", email="far@x.test")
    mine = make.reserved_seat(session, company_of(session))
    other = make.reserved_seat(session, make.company(), place="remote")
    client, url = visitor(app), f"{link_of(app, kim)}/sessions/{session.uid}/company"
    for sent in ({"person": far.id}, {"name": "X", "email": "far@x.test"}):
        client.post(f"{url}/{mine.id}", data=sent)
    assert client.post(f"{url}/{other.id}", data={"person": kim.id}).status_code == 404
    assert states(session) == [("", "booked", "on_site"), ("", "booked", "remote")]
    assert "Far" not in client.get(url).text


def test_only_contacts_of_companies_that_take_part_come_in(session: TrainingSession, app: Flask) -> None:
    participant = make.person(company_of(session))
    stranger = make.person(make.company(), is_contact=True)
    for who in (participant, stranger):
        url = f"{link_of(app, who)}/sessions/{session.uid}/company"
        assert visitor(app).get(url).status_code == 404
        assert visitor(app).post(url, data={"count": "1", "place": "on_site"}).status_code == 404
    assert states(session) == []


# --- a person -------------------------------------------------------------------------------------


def test_person_books_waits_switches_and_sees_their_number(session: TrainingSession, app: Flask) -> None:
    asta, bo = (make.person(company_of(session), name=name) for name in ("Asta", "Bo"))
    client = visitor(app)
    urls = [f"{link_of(app, who)}/sessions/{session.uid}" for who in (asta, bo)]
    for url in urls:
        client.post(url, data={"coming": "1", "place": "on_site"})
    assert "You are number 1 on the waiting list." in client.get(urls[1]).text
    assert "number 1 in line" in client.get(link_of(app, bo)).text
    client.post(urls[1], data={"coming": "1", "place": "remote"})
    assert states(session) == [("Asta", "booked", "on_site"), ("Bo", "booked", "remote")]
    assert client.post(urls[0], data={"coming": "1", "place": "moon"}).status_code == 302
    assert states(session)[0] == ("Asta", "booked", "on_site")


def test_person_takes_what_is_offered(session: TrainingSession, app: Flask) -> None:
    service.set_session_terms(session, 24, needs_approval=None)
    asta, bo = (make.person(company_of(session), name=name) for name in ("Asta", "Bo"))
    for who in (asta, bo):
        service.book_seat(session, who, Place.on_site)
    service.cancel_seat(session, asta)
    db.session.commit()
    url = f"{link_of(app, bo)}/sessions/{session.uid}"
    assert "kept for you until" in visitor(app).get(url).text
    visitor(app).post(url, data={"coming": "1", "place": "on_site"})
    assert states(session) == [("Bo", "booked", "on_site")]


def test_stranger_gets_no_seat(session: TrainingSession, app: Flask) -> None:
    url = f"{link_of(app, make.person(make.company()))}/sessions/{session.uid}"
    assert visitor(app).get(url).status_code == 404
    assert visitor(app).post(url, data={"coming": "1", "place": "on_site"}).status_code == 404

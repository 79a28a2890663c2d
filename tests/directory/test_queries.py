from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import ANONYMOUS, Role, Viewer
from planner.directory import queries
from planner.directory.rules import person_token
from tests import factories as make

SECRET = "a secret"


def viewer_in(*codes: str, role: str = Role.organiser) -> Viewer:
    return make.viewer_of(make.user((role, make.organisation(*codes))))


def test_companies_are_seen_by_anyone_with_a_role_in_their_municipality(app: Flask) -> None:
    here, there = make.company(), make.company(make.NORA)
    viewer = viewer_in(make.LINDESBERG, role=Role.reader)
    assert queries.list_companies(viewer).items == [here]
    assert queries.get_company(viewer, here.id).municipality.name == "Lindesberg"
    with pytest.raises(NotFoundError):
        queries.get_company(viewer, there.id)
    assert queries.list_companies(ANONYMOUS).items == []


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({}, ["Ahlbergs", "Åkeri", "Öppet 50% AB"]),
        ({"words": "åker"}, ["Åkeri"]),
        ({"words": "AHL"}, ["Ahlbergs"]),
        ({"words": "50%"}, ["Öppet 50% AB"]),
        ({"words": "5%0"}, []),
        ({"words": "ab öppet"}, ["Öppet 50% AB"]),
        ({"words": "556036-07"}, ["Ahlbergs"]),
        ({"municipality": make.NORA}, ["Åkeri"]),
        ({"sector": "C"}, ["Ahlbergs"]),
        ({"sector": "G"}, ["Åkeri"]),
        ({"size": "micro"}, ["Åkeri"]),
        ({"archived": True}, ["Gamla"]),
    ],
)
def test_companies_are_narrowed(app: Flask, narrowed: dict[str, Any], names: list[str]) -> None:
    make.company(name="Öppet 50% AB")
    make.company(name="Ahlbergs", organisation_number="5560360793", sni_version="SNI2025", sni_division="25")
    make.company(make.NORA, name="Åkeri", sni_version="SNI2007", sni_division="45", size_class="micro")
    make.company(name="Gamla", archived_at=make.now())
    viewer = viewer_in(make.LINDESBERG, make.NORA)
    found = queries.list_companies(viewer, queries.CompanyFilter(**narrowed))
    assert [company.name for company in found.items] == names


@pytest.mark.parametrize(
    ("role", "sees"),
    [("owner", True), ("organiser", True), ("guide", True), ("facilitator", False), ("reader", False)],
)
def test_people_are_seen_by_owner_organiser_and_guide_of_their_municipality(
    app: Flask, role: str, sees: bool
) -> None:
    company = make.company()
    person = make.person(company)
    make.person(make.company(make.NORA))
    viewer = viewer_in(make.LINDESBERG, role=role)
    seen = [person] if sees else []
    assert queries.list_people(viewer).items == seen
    assert queries.list_people_of(viewer, company) == seen
    if sees:
        assert queries.get_person(viewer, person.id).company == company
    else:
        with pytest.raises(NotFoundError):
            queries.get_person(viewer, person.id)


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({}, ["Bo Ek", "Éva Ny"]),
        ({"words": "eva"}, ["Éva Ny"]),
        ({"words": "BO@example"}, ["Bo Ek"]),
        ({"words": "verkstad"}, ["Bo Ek"]),
        ({"kind": "contact"}, ["Bo Ek"]),
        ({"kind": "participant"}, ["Éva Ny"]),
        ({"archived": True}, ["Cia"]),
    ],
)
def test_people_are_narrowed(app: Flask, narrowed: dict[str, Any], names: list[str]) -> None:
    make.person(make.company(name="Verkstaden"), name="Bo Ek", email="bo@example.test", is_contact=True)
    make.person(name="Éva Ny")
    make.person(name="Cia", archived_at=make.now())
    found = queries.list_people(viewer_in(make.LINDESBERG), queries.PeopleFilter(**narrowed))
    assert [person.name for person in found.items] == names


def test_find_person_by_token_follows_the_generation_and_archiving(app: Flask) -> None:
    person = make.person()
    token = person_token(SECRET, person)
    assert queries.find_person_by_token(SECRET, token) == person
    assert queries.find_person_by_token("another", token) is None
    assert queries.find_person_by_token(SECRET, token[:-1]) is None
    assert queries.find_person_by_token(SECRET, "nonsense") is None
    person.link_generation += 1
    assert queries.find_person_by_token(SECRET, token) is None
    person.archived_at = make.now()
    assert queries.find_person_by_token(SECRET, person_token(SECRET, person)) is None


def test_rooms_come_by_venue_without_archived_ones(app: Flask) -> None:
    inn, hall = make.venue(name="Värdshuset"), make.venue(name="Aulan")
    made = [make.room(inn, name="Salen"), make.room(hall, name="Scenen")]
    make.room(hall, name="Gamla", archived_at=make.now())
    make.room(make.venue(archived_at=make.now()))
    make.room(make.venue(make.NORA))
    rooms = queries.list_rooms([make.LINDESBERG])
    assert rooms == [made[1], made[0]]
    assert [room.venue.name for room in rooms] == ["Aulan", "Värdshuset"]


def test_venue_of_another_municipality_is_not_found(app: Flask) -> None:
    room = make.room(make.venue(make.NORA))
    viewer = viewer_in(make.LINDESBERG)
    with pytest.raises(NotFoundError):
        queries.get_venue(viewer, room.venue_id)
    with pytest.raises(NotFoundError):
        queries.get_room(viewer, room.id)
    assert queries.get_room(viewer_in(make.NORA), room.id).venue.municipality_code == make.NORA


def test_municipalities_are_290_in_swedish_order(app: Flask) -> None:
    everyone = queries.list_municipalities()
    assert len(everyone) == 290
    assert [everyone[0].name, everyone[-1].name] == ["Ale", "Övertorneå"]
    named = queries.list_municipalities_of([make.NORA, make.LINDESBERG, "9999"])
    assert [item.name for item in named] == ["Lindesberg", "Nora"]


def test_organisations_come_with_what_they_serve(app: Flask) -> None:
    one = make.organisation(make.NORA, make.LINDESBERG, name="Parken")
    make.organisation(make.OREBRO, name="Almi", kind="support_actor")
    assert [o.name for o in queries.list_organisations().items] == ["Almi", "Parken"]
    assert queries.list_organisations("park").items == [one]
    assert [o.name for o in queries.list_organisations(kind="support_actor").items] == ["Almi"]
    db.session.expire_all()
    found = queries.get_organisation(one.id)
    assert [m.name for m in found.municipalities] == ["Lindesberg", "Nora"]
    assert queries.list_organisations_of([one.id]) == [one]
    assert queries.list_served_codes(except_by=one.id) == {make.OREBRO}
    with pytest.raises(NotFoundError):
        queries.get_organisation(0)

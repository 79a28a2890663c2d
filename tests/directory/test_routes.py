from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Company, ImportBatch, Organisation, Person, Room, Venue
from planner.directory.parts import _company_parts, company_part
from planner.directory.rules import person_token
from tests import factories as make

L, N, OREBRO = make.LINDESBERG, make.NORA, make.OREBRO
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.organiser(L))


def with_role(sign_in: SignIn, role: str, code: str = L) -> FlaskClient:
    return sign_in(make.user((role, make.organisation(code))))


PAGES = ["/companies", "/people", "/venues", "/organisations"]


@pytest.mark.parametrize("page", PAGES)
def test_lists_have_their_tabs_and_an_empty_state(organiser: FlaskClient, page: str) -> None:
    html = organiser.get(page).text
    assert [label for label in ("Companies", "People", "Venues", "Organisations") if f">{label}</a>" in html] == [
        "Companies", "People", "Venues", "Organisations",
    ]  # fmt: skip
    assert organiser.get(page, query_string={"words": "zzz"}).text.count("Show all") == 1


@pytest.mark.parametrize("page", PAGES)
def test_lists_take_the_same_queries_for_1_and_3_items(
    app: Flask, organiser: FlaskClient, count_queries: Any, page: str
) -> None:
    def fill() -> None:
        make.room(make.venue())
        make.person(make.company(sni_version="SNI2025", sni_division="25", size_class="micro"))
        make.organisation(L, N)

    fill()
    with count_queries() as one:
        assert organiser.get(page).status_code == 200
    fill(), fill()
    with count_queries() as three:
        assert organiser.get(page).status_code == 200
    assert len(one) == len(three)


def test_a_company_takes_the_same_queries_for_1_and_3_people(
    app: Flask, organiser: FlaskClient, count_queries: Any
) -> None:
    company = make.company()
    make.person(company)
    with count_queries() as one:
        organiser.get(f"/companies/{company.id}")
    make.person(company), make.person(company)
    with count_queries() as three:
        organiser.get(f"/companies/{company.id}")
    assert len(one) == len(three)


@pytest.mark.parametrize("role", ["facilitator", "reader"])
def test_who_may_not_see_people_finds_none(app: Flask, sign_in: SignIn, role: str) -> None:
    company = make.company(note="Only for those who see people")
    person = make.person(company, name="Hemliga Lisa")
    client = with_role(sign_in, role)
    assert client.get("/people").status_code == 404
    assert client.get(f"/people/{person.id}").status_code == 404
    page = client.get(f"/companies/{company.id}")
    assert page.status_code == 200
    assert "Hemliga Lisa" not in page.text
    assert company.note not in page.text
    assert ">People</a>" not in client.get("/companies").text


def test_an_organiser_of_nora_sees_nobody_in_lindesberg(app: Flask, sign_in: SignIn) -> None:
    company, venue = make.company(), make.venue()
    person = make.person(company)
    client = with_role(sign_in, "organiser", N)
    addresses = [
        f"/companies/{company.id}", f"/companies/{company.id}/edit", f"/people/{person.id}",
        f"/people/{person.id}/edit", f"/venues/{venue.id}", f"/venues/{venue.id}/edit",
    ]  # fmt: skip
    assert [client.get(address).status_code for address in addresses] == [404] * 6
    posts = [f"/people/{person.id}/link", f"/people/{person.id}/archive", f"/companies/{company.id}/archive"]
    assert [client.post(address).status_code for address in posts] == [404] * 3
    assert person.name not in client.get("/people").text


def test_a_guide_sees_people_but_neither_link_nor_forms(app: Flask, sign_in: SignIn) -> None:
    person = make.person(make.company(), is_contact=True)
    client = with_role(sign_in, "guide")
    page = client.get(f"/people/{person.id}")
    assert person.email in page.text
    assert "/p/" not in page.text
    assert client.get(f"/people/{person.id}/edit").status_code == 403
    assert client.post(f"/people/{person.id}/link").status_code == 403


def test_an_organiser_who_is_reader_elsewhere_edits_nothing_there(app: Flask, sign_in: SignIn) -> None:
    account = make.user((Role.organiser, make.organisation(N)), (Role.reader, make.organisation(L)))
    company = make.company(L)
    assert sign_in(account).get(f"/companies/{company.id}/edit").status_code == 403


def test_a_company_is_added_edited_and_archived(app: Flask, organiser: FlaskClient) -> None:
    given = {
        "name": " Åkeriet ", "municipality_code": L, "organisation_number": "556036-0793", "sni_division": "49",
        "sni_version": "SNI2025", "size_class": "micro", "website": "akeriet.se", "note": "",
    }  # fmt: skip
    answer = organiser.post("/companies/new", data=given)
    company = db.session.query(Company).one()
    assert answer.location == f"/companies/{company.id}"
    page = organiser.get(answer.location).text
    assert "556036-0793" in page
    assert "Transportation and storage" in page
    assert company.name == "Åkeriet"
    edit = f"/companies/{company.id}/edit"
    answer = organiser.post(edit, data={**given, "name": "Åkeri AB", "revision": company.revision})
    assert answer.status_code == 302
    assert db.session.get(Company, company.id).name == "Åkeri AB"
    organiser.post(f"/companies/{company.id}/archive")
    assert "Åkeri AB" not in organiser.get("/companies").text.split("</form>")[-1]
    organiser.post(f"/companies/{company.id}/restore")
    assert "Åkeri AB" in organiser.get("/companies").text


def test_a_refused_company_comes_back_as_typed(app: Flask, organiser: FlaskClient) -> None:
    answer = organiser.post(
        "/companies/new",
        data={
            "name": "X",
            "municipality_code": L,
            "organisation_number": "811228-9874",
            "sni_version": "SNI2025",
            "size_class": "",
        },
    )
    assert answer.status_code == 422
    assert "leave the field empty" in answer.text
    assert 'value="811228-9874"' in answer.text
    assert db.session.query(Company).count() == 0


def test_a_text_that_is_too_long_is_refused_whole_and_never_cut(organiser: FlaskClient) -> None:
    assert "maxlength" not in organiser.get("/companies/new").text
    note = "lång " * 500
    answer = organiser.post(
        "/companies/new",
        data={"name": "X", "municipality_code": L, "sni_version": "SNI2025", "size_class": "", "note": note},
    )
    assert answer.status_code == 422
    assert note.strip() in answer.text
    assert "cannot be longer than 2000 characters" in answer.text


def test_companies_and_organisations_offer_their_calendar(app: Flask, organiser: FlaskClient) -> None:
    company = make.company()
    organisation = make.organisation(L)
    assert f'href="/subscribe/company/{company.id}"' in organiser.get(f"/companies/{company.id}").text
    page = organiser.get(f"/organisations/{organisation.id}").text
    assert f'href="/subscribe/organisation/{organisation.id}"' in page


def test_who_may_not_see_people_is_offered_no_company_calendar(app: Flask, sign_in: SignIn) -> None:
    company = make.company()
    reader = with_role(sign_in, Role.reader)
    page = reader.get(f"/companies/{company.id}")
    assert (page.status_code, "/subscribe/company/" in page.text) == (200, False)


def test_a_company_in_a_municipality_of_others_is_refused(app: Flask, organiser: FlaskClient) -> None:
    answer = organiser.post(
        "/companies/new",
        data={"name": "X", "municipality_code": N, "sni_version": "SNI2025", "size_class": ""},
    )
    assert answer.status_code == 422
    assert "municipality_code-error" in answer.text


def test_the_second_of_two_editors_sees_both_versions(app: Flask, organiser: FlaskClient) -> None:
    company = make.company(name="Before")
    opened = {
        "revision": company.revision,
        "opened_with": json.dumps({"name": "Before", "municipality_code": L, "website": "", "note": ""}),
    }
    mine = {"name": "Mine", "municipality_code": L, "sni_version": "SNI2025", "size_class": "", **opened}
    company.name = "Theirs"
    db.session.commit()
    answer = organiser.post(f"/companies/{company.id}/edit", data=mine)
    assert answer.status_code == 422
    assert re.search("<dd>Theirs</dd>", answer.text)
    assert 'value="Mine"' in answer.text
    assert db.session.get(Company, company.id).name == "Theirs"
    chosen = {
        **mine,
        "revision": re.search('name="revision" type="hidden" value="(.*?)"', answer.text).group(1),
    }
    assert organiser.post(f"/companies/{company.id}/edit", data=chosen).status_code == 302
    assert db.session.get(Company, company.id).name == "Mine"


def test_other_features_hang_their_part_on_a_company(app: Flask, organiser: FlaskClient) -> None:
    @company_part(order=1)
    def part(viewer: Any, company: Company) -> str:
        return f"<needs of {company.name}>"

    try:
        company = make.company(name="Verkstaden")
        assert "&lt;needs of Verkstaden&gt;" in organiser.get(f"/companies/{company.id}").text
    finally:
        _company_parts.remove((1, part))


def test_a_person_is_added_to_the_company_in_the_address(app: Flask, organiser: FlaskClient) -> None:
    company = make.company()
    form = organiser.get(f"/people/new?company={company.id}").text
    assert re.search(rf'<option selected value="{company.id}">', form)
    given = {
        "name": "Bo", "company_id": company.id, "municipality_code": L, "email": "bo@example.test", "is_contact": "y",
    }  # fmt: skip
    organiser.post("/people/new", data=given)
    person = db.session.query(Person).one()
    assert (person.company_id, person.is_contact) == (company.id, True)
    answer = organiser.post(
        f"/people/{person.id}/edit", data={**given, "name": "Bo Ek", "revision": person.revision}
    )
    assert answer.status_code == 302
    assert db.session.get(Person, person.id).name == "Bo Ek"


def test_a_new_link_replaces_the_one_shown(app: Flask, organiser: FlaskClient) -> None:
    person = make.person(make.company(), is_contact=True)
    secret = app.extensions["settings"].secret
    before = person_token(secret, person)
    assert f"/p/{before}" in organiser.get(f"/people/{person.id}").text
    organiser.post(f"/people/{person.id}/link")
    page = organiser.get(f"/people/{person.id}").text
    assert before not in page
    assert f"/p/{person_token(secret, db.session.get(Person, person.id))}" in page
    organiser.post(f"/people/{person.id}/archive")
    assert "/p/" not in organiser.get(f"/people/{person.id}").text


def test_a_venue_gets_rooms_that_change_and_rest(app: Flask, organiser: FlaskClient) -> None:
    given = {"name": "Salen", "municipality_code": L, "position": "59.5, 15.2"}
    organiser.post("/venues/new", data=given)
    venue = db.session.query(Venue).one()
    page = f"/venues/{venue.id}"
    assert organiser.post(f"{page}/rooms", data={"name": "Stora", "capacity": "x"}).status_code == 422
    organiser.post(f"{page}/rooms", data={"name": "Stora", "capacity": "20"})
    room = db.session.query(Room).one()
    organiser.post(f"{page}/rooms/{room.id}", data={"name": "Stora", "capacity": "25"})
    assert db.session.get(Room, room.id).capacity == 25
    assert "Stora (25)" in organiser.get("/venues").text
    organiser.post(f"{page}/rooms/{room.id}/archive")
    assert "Stora" not in organiser.get("/venues").text
    assert "Archived" in organiser.get(page).text
    other = make.venue()
    assert organiser.get(f"/venues/{other.id}/rooms/{room.id}").status_code == 404
    answer = organiser.post(
        f"{page}/edit", data={**given, "position": "", "revision": db.session.get(Venue, venue.id).revision}
    )
    assert answer.status_code == 302
    assert db.session.get(Venue, venue.id).latitude is None


@pytest.fixture
def owned(app: Flask) -> Organisation:
    return make.organisation(L, kind="municipality", name="Lindesbergs kommun")


@pytest.fixture
def owner(owned: Organisation, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user((Role.owner, owned)))


def test_an_owner_chooses_the_neighbours_it_coordinates(owner: FlaskClient, owned: Organisation) -> None:
    make.organisation(OREBRO)
    edit = f"/organisations/{owned.id}/edit"
    form = owner.get(edit).text
    assert len(re.findall('type="checkbox"', form)) == 290
    assert re.search(f'value="{L}" checked', form)
    assert re.search(f'value="{OREBRO}" disabled', form)
    assert form.index("Örebro län") < form.index("Blekinge län")
    given = {
        "name": owned.name, "kind": "municipality", "home_code": L, "municipality_codes": [L, N],
        "revision": owned.revision,
    }  # fmt: skip
    assert owner.post(edit, data=given).status_code == 302
    page = owner.get(f"/organisations/{owned.id}").text
    assert re.search(r"Coordinates</dt><dd>Nora", page)
    revision = db.session.get(Organisation, owned.id).revision
    refused = owner.post(edit, data={**given, "municipality_codes": [L, OREBRO], "revision": revision})
    assert refused.status_code == 422
    assert "Others already work in Örebro" in refused.text


def test_founding_an_organisation_makes_one_its_owner(owner: FlaskClient) -> None:
    given = {"name": "Almi", "kind": "support_actor", "home_code": "", "municipality_codes": [L]}
    answer = owner.post("/organisations/new", data=given)
    assert answer.status_code == 302
    assert owner.get(f"{answer.location}/edit").status_code == 200


def test_an_owner_lets_another_organisation_in(owner: FlaskClient, owned: Organisation) -> None:
    other = make.organisation(OREBRO, name="Almi")
    assert "Let it in" in owner.get(f"/organisations/{other.id}").text
    assert owner.post(f"/organisations/{other.id}/let-in", data={"municipality_code": N}).status_code == 422
    owner.post(f"/organisations/{other.id}/let-in", data={"municipality_code": L})
    page = owner.get(f"/organisations/{other.id}").text
    assert "Lindesberg" in page
    assert "Let it in" not in page


def test_an_organiser_changes_no_organisation(
    app: Flask, organiser: FlaskClient, owned: Organisation
) -> None:
    assert organiser.get(f"/organisations/{owned.id}").status_code == 200
    assert organiser.get(f"/organisations/{owned.id}/edit").status_code == 403
    assert organiser.post(f"/organisations/{owned.id}/let-in").status_code == 403


def upload(client: FlaskClient, text: str, code: str = L) -> Any:
    file = (io.BytesIO(text.encode()), "lista.csv")
    return client.post("/people/import", data={"municipality_code": code, "file": file})


def test_a_list_is_looked_through_before_it_is_written(app: Flask, organiser: FlaskClient) -> None:
    make.company(name="Gamla AB", size_class="micro")
    answer = upload(
        organiser,
        "Företag;Orgnr;Antal anställda;Namn;E-post;Skostorlek\n"
        "Nya AB;;;Eva Ny;eva@example.test;38\n"
        "Gamla AB;;12;;;\n"
        "Bo;811228-9874;;Bo Ek;;\n"
        "Nya AB;;;Eva Ny;eva@example.test;\n",
    )
    preview = organiser.get(answer.location).text
    for text in (
        "New company", "With a new person.", "Micro (0–9 employees)", "Small (10–49 employees)",
        "A sole trader's number: leave the column empty.", "The same as row 2.", "Columns left out: Skostorlek.",
    ):  # fmt: skip
        assert text in preview
    assert "811228" not in preview
    assert db.session.query(Person).count() == 0
    only = organiser.get(f"{answer.location}?fate=refused").text
    assert "Eva Ny" not in only
    seen = re.search('name="seen" value="(.*?)"', preview).group(1)
    done = organiser.post(answer.location, data={"seen": seen})
    assert done.location == f"/people?municipality={L}"
    company = db.session.query(Company).filter_by(name="Nya AB").one()
    assert db.session.query(Person).one().company_id == company.id
    assert db.session.query(Company).filter_by(name="Gamla AB").one().size_class == "small"
    assert organiser.get(answer.location).status_code == 404


def test_a_change_meanwhile_shows_the_rows_again(app: Flask, organiser: FlaskClient) -> None:
    address = upload(organiser, "Namn;E-post\nEva;eva@example.test\n").location
    seen = re.search('name="seen" value="(.*?)"', organiser.get(address).text).group(1)
    make.person(name="Eva", email="eva@example.test")
    answer = organiser.post(address, data={"seen": seen})
    assert answer.status_code == 409
    assert "has changed since" in answer.text
    assert db.session.query(Person).count() == 1


def test_a_list_is_seen_only_by_whom_it_was_uploaded(
    app: Flask, organiser: FlaskClient, sign_in: SignIn
) -> None:
    address = upload(organiser, "Namn\nEva\n").location
    other = sign_in(make.organiser(L))
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert other.post(f"{address}/discard").status_code == 404
    organiser.post(f"{address}/discard")
    assert db.session.query(ImportBatch).count() == 0


@pytest.mark.parametrize("text", ["", "E-post\nx@example.test\n"])
def test_what_is_no_list_is_refused_beside_the_file(app: Flask, organiser: FlaskClient, text: str) -> None:
    answer = upload(organiser, text)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert upload(organiser, "Namn\nEva\n", N).status_code == 422


def test_the_empty_list_has_headings_that_are_recognised(app: Flask, organiser: FlaskClient) -> None:
    for language in ("en", "sv"):
        organiser.set_cookie("language", language)
        answer = organiser.get("/people/import/template.csv")
        assert answer.data.startswith(b"\xef\xbb\xbf")
        text = answer.data.decode("utf-8-sig") + ";" * 3 + "Eva\n"
        preview = organiser.get(upload(organiser, text.replace(";;;Eva", ";;;;Eva")).location).text
        assert "Columns left out" not in preview
        assert "Eva" in preview


def test_no_municipality_is_chosen_beforehand_among_several(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(make.organiser(L, N))
    for page in ("/companies/new", "/venues/new", "/people/import"):
        html = client.get(page).text
        assert re.search(r'name="municipality_code"[^>]*><option (selected )?value="">Choose', html)
        assert re.search("municipality_code-error", client.post(page, data={"municipality_code": ""}).text)

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError, PlannerError, RefusedError
from planner.base.viewer import Role, Viewer
from planner.directory import service
from planner.directory.models import Company, ImportBatch, Organisation, Person
from planner.directory.rules import CompanyDetails, OrganisationDetails, PersonDetails, VenueDetails
from planner.directory.rules.import_fates import fingerprint
from planner.directory.service import ChangedMeanwhileError
from planner.directory.signals import organisation_founded
from tests import factories as make

L, N, OREBRO = make.LINDESBERG, make.NORA, make.OREBRO
NUMBER = "5560360793"


def organiser(*codes: str) -> Viewer:
    return make.viewer_of(make.organiser(*codes))


def refused_field(call: Any) -> str | None:
    with pytest.raises(RefusedError) as refused:
        call()
    return refused.value.field


def test_a_company_is_kept_cleaned(app: Flask) -> None:
    details = CompanyDetails("Verkstaden", L, "16556036-0793", "", "25.1", "small", "www.ab.se", "Ring först")
    company = service.create_company(details, by=organiser(L))
    assert company.organisation_number == NUMBER
    assert (company.sni_version, company.sni_division) == ("SNI2025", "25")
    assert company.website == "https://www.ab.se"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"organisation_number": "811228-9874"}, "organisation_number"),
        ({"organisation_number": NUMBER}, "organisation_number"),
        ({"sni_division": "00"}, "sni_division"),
        ({"website": "x"}, "website"),
        ({"note": "Ägaren 811228-9874"}, "note"),
    ],
)
def test_a_company_is_refused_beside_its_field(app: Flask, changes: dict[str, str], field: str) -> None:
    make.company(N, organisation_number=NUMBER)
    details = CompanyDetails(**{"name": "X", "municipality_code": L, **changes})
    assert refused_field(lambda: service.create_company(details, by=organiser(L))) == field


def test_companies_are_edited_only_where_one_plans(app: Flask) -> None:
    company, by = make.company(L), organiser(N)
    for details in (CompanyDetails("X", L), CompanyDetails("X", N)):
        with pytest.raises(NotAllowedError):
            service.edit_company(company, details, by=by)
    with pytest.raises(NotAllowedError):
        service.edit_company(company, CompanyDetails("X", N), by=organiser(L))
    with pytest.raises(NotAllowedError):
        service.archive_company(company, by=by)
    with pytest.raises(NotAllowedError):
        service.create_company(CompanyDetails("X", L), by=by)


def test_people_follow_their_company_to_another_municipality(app: Flask) -> None:
    company = make.company(L)
    person = make.person(company, email="a@example.test")
    service.edit_company(company, CompanyDetails("X", N), by=organiser(L, N))
    assert (company.municipality_code, person.municipality_code) == (N, N)


def test_a_company_stays_when_an_address_is_taken_where_it_moves(app: Flask) -> None:
    company = make.company(L)
    make.person(company, email="a@example.test")
    make.person(code=N, email="a@example.test")
    move = CompanyDetails("X", N)
    assert (
        refused_field(lambda: service.edit_company(company, move, by=organiser(L, N))) == "municipality_code"
    )


def test_archiving_and_restoring(app: Flask) -> None:
    by = organiser(L)
    company, person, room = make.company(), make.person(), make.room()
    room.venue = make.venue()
    service.archive_company(company, by=by)
    service.archive_person(person, by=by)
    service.archive_room(room, by=by)
    assert [x.archived_at for x in (company, person, room)] == [now()] * 3
    service.restore_company(company, by=by)
    service.restore_person(person, by=by)
    service.restore_room(room, by=by)
    assert [x.archived_at for x in (company, person, room)] == [None] * 3


def test_a_person_belongs_to_the_company_s_municipality(app: Flask) -> None:
    details = PersonDetails("Bo", L, "Bo@Example.Test", is_contact=True)
    person = service.create_person(details, make.company(N), by=organiser(L, N))
    assert (person.municipality_code, person.email, person.is_contact) == (N, "bo@example.test", True)
    with pytest.raises(NotAllowedError):
        service.create_person(details, make.company(N), by=organiser(L))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"municipality_code": ""}, "municipality_code"),
        ({"email": "bo@"}, "email"),
        ({"email": "TAKEN@example.test"}, "email"),
        ({"is_contact": True}, "email"),
        ({"phone": "811228-9874"}, "phone"),
        ({"name": "Bo 198112289874"}, "name"),
        ({"work_title": "8112289874"}, "work_title"),
    ],
)
def test_a_person_is_refused_beside_the_field(app: Flask, changes: dict[str, Any], field: str) -> None:
    make.person(email="taken@example.test")
    details = PersonDetails(**{"name": "Bo", "municipality_code": L, **changes})
    assert refused_field(lambda: service.create_person(details, None, by=organiser(L))) == field


def test_a_number_taken_at_the_same_moment_is_refused(app: Flask) -> None:
    company = make.company()
    waiting = [True]

    def rival(*_: Any) -> None:
        if waiting:
            waiting.pop()
            db.session.connection().execute(
                sa.insert(Company).values(
                    name="Other", sort_key="o", municipality_code=L, organisation_number=NUMBER,
                    website="", note="", created_at=now(), revision=1,
                )
            )  # fmt: skip

    by, details = organiser(L), CompanyDetails("X", L, NUMBER)
    sa.event.listen(db.session, "before_flush", rival)
    try:
        field = refused_field(lambda: service.edit_company(company, details, by=by))
    finally:
        sa.event.remove(db.session, "before_flush", rival)
    assert field == "organisation_number"


def test_a_new_link_raises_the_generation(app: Flask) -> None:
    person = make.person()
    service.renew_link(person, by=organiser(L))
    assert person.link_generation == 1
    with pytest.raises(NotAllowedError):
        service.renew_link(person, by=organiser(N))


def test_a_venue_and_its_rooms(app: Flask) -> None:
    by = organiser(L)
    venue = service.create_venue(VenueDetails("Salen", L, position="59.5, 15.2"), by=by)
    assert (venue.latitude, venue.longitude) == (59.5, 15.2)
    db.session.refresh(venue, ["rooms"])
    service.create_room(venue, "Stora", 20, by=by)
    db.session.refresh(venue, ["rooms"])
    assert refused_field(lambda: service.create_room(venue, "STORA", 5, by=by)) == "name"
    assert refused_field(lambda: service.create_room(venue, "Lilla", 0, by=by)) == "capacity"
    with pytest.raises(NotAllowedError):
        service.edit_venue(venue, VenueDetails("Salen", N), by=by)


def owner(organisation: Organisation) -> Viewer:
    return make.viewer_of(make.user((Role.owner, organisation)))


def test_an_owner_adds_only_municipalities_that_are_free_or_their_own(app: Flask) -> None:
    own, other = make.organisation(L), make.organisation(N)
    by = owner(own)
    assert service.municipalities_to_add(own, [L, N, OREBRO], by=by) == {L, OREBRO}
    details = OrganisationDetails("X", "municipality", L, municipality_codes=frozenset({L, N}))
    assert refused_field(lambda: service.edit_organisation(own, details, by=by)) == "municipality_codes"
    details = OrganisationDetails("X", "municipality", L, municipality_codes=frozenset({L, OREBRO}))
    service.edit_organisation(own, details, by=by)
    assert [m.name for m in own.municipalities] == ["Lindesberg", "Örebro"]
    with pytest.raises(NotAllowedError):
        service.edit_organisation(other, details, by=by)


def test_an_owner_there_lets_an_organisation_in(app: Flask) -> None:
    own, other = make.organisation(L), make.organisation(N)
    service.let_in(own, N, by=owner(other))
    assert [m.name for m in own.municipalities] == ["Lindesberg", "Nora"]
    with pytest.raises(NotAllowedError):
        service.let_in(other, L, by=make.viewer_of(make.user((Role.organiser, own))))


def test_a_municipality_with_people_is_not_left_to_nobody(app: Flask) -> None:
    own = make.organisation(L, N)
    make.company(N)
    details = OrganisationDetails("X", "municipality", L, municipality_codes=frozenset({L}))
    by = owner(own)
    assert refused_field(lambda: service.edit_organisation(own, details, by=by)) == "municipality_codes"
    make.organisation(N)
    service.edit_organisation(own, details, by=by)
    assert [m.code for m in own.municipalities] == [L]


def test_founding_is_for_owners_and_is_told(app: Flask) -> None:
    heard: list[dict[str, Any]] = []

    def hear(_sender: object, **told: Any) -> None:
        heard.append(told)

    details = OrganisationDetails("Nya", "support_actor", municipality_codes=frozenset({OREBRO}))
    with pytest.raises(NotAllowedError):
        service.create_organisation(details, by=organiser(L))
    by = owner(make.organisation(L))
    with organisation_founded.connected_to(hear):
        made = service.create_organisation(details, by=by)
    assert heard == [{"organisation_id": made.id, "by_user_id": by.user_id}]


LIST = (
    "Företag;Organisationsnummer;Namn;E-post;Roll\n"
    "Nya AB;556036-0793;Eva Ny;eva@example.test;kontakt\n"
    "Nya AB;;Pia Ny;pia@example.test;deltagare\n"
    "Gamla AB;;Bo Ek;bo@example.test;kontakt\n"
    "Bo Ek;811228-9874;Bo Ek;bo2@example.test;\n"
    ";;Eva Ny;eva@example.test;\n"
)


def start(by: Viewer, text: str = LIST) -> ImportBatch:
    municipality = make.municipalities(L)[0]
    return service.start_import("lista.csv", text.encode(), municipality, by=by)


def test_an_import_writes_what_was_seen_in_one_go(app: Flask) -> None:
    old = make.company(name="Gamla AB")
    bo = make.person(old, name="Bo Ek", email="bo@example.test")
    by = organiser(L)
    batch = start(by)
    fates = service.judge_import(batch)
    assert [fate.kind for fate in fates] == ["new_company", "new_person", "update", "refused", "duplicate"]
    result = service.run_import(batch, fingerprint(fates), by=by)
    assert (result.companies, result.people, result.updated) == (1, 2, 1)
    made = db.session.scalars(sa.select(Company).where(Company.name == "Nya AB")).one()
    assert (made.organisation_number, made.municipality_code) == (NUMBER, L)
    names = db.session.scalars(sa.select(Person.name).where(Person.company_id == made.id)).all()
    assert set(names) == {"Eva Ny", "Pia Ny"}
    assert bo.is_contact
    assert db.session.scalar(sa.select(sa.func.count(ImportBatch.id))) == 0


def test_a_personal_number_is_not_stored_with_the_list(app: Flask) -> None:
    batch = start(organiser(L))
    assert "9874" not in str(batch.rows)
    assert "bo2" not in str(batch.rows)


def test_what_changed_meanwhile_is_shown_again_not_written(app: Flask) -> None:
    by = organiser(L)
    batch = start(by)
    seen = fingerprint(service.judge_import(batch))
    make.company(name="Nya AB")
    with pytest.raises(ChangedMeanwhileError):
        service.run_import(batch, seen, by=by)
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0
    assert service.run_import(batch, fingerprint(service.judge_import(batch)), by=by).companies == 1


def test_importing_is_for_those_who_plan_there(app: Flask) -> None:
    with pytest.raises(NotAllowedError):
        start(organiser(N))
    batch = start(organiser(L))
    seen = fingerprint(service.judge_import(batch))
    for call in (
        lambda by: service.run_import(batch, seen, by=by),
        lambda by: service.discard_import(batch, by=by),
    ):
        with pytest.raises(NotAllowedError):
            call(organiser(N))


def test_5_000_rows_are_imported_with_few_statements(app: Flask, count_queries: Any) -> None:
    lines = [f"Företag {n % 500};Person {n};p{n}@example.test" for n in range(5000)]
    by = organiser(L)
    batch = start(by, "Företag;Namn;E-post\n" + "\n".join(lines))
    with count_queries() as count:
        fates = service.judge_import(batch)
        result = service.run_import(batch, fingerprint(fates), by=by)
    assert (result.companies, result.people) == (500, 5000)
    inserts = [text for text in count.statements if text.startswith("INSERT")]
    assert len(count) - len(inserts) <= 8
    assert len(inserts) <= 5


def test_lists_older_than_a_day_are_thrown_away(app: Flask, at: Any) -> None:
    by = organiser(L)
    with at(now() - timedelta(hours=25)):
        old = start(by).id
    kept = start(by).id
    assert service.remove_old_imports() == 1
    assert db.session.scalars(sa.select(ImportBatch.id)).all() == [kept]
    assert old != kept


def test_a_file_that_is_no_list_is_refused(app: Flask) -> None:
    with pytest.raises(PlannerError) as error:
        start(organiser(L), "E-post\nx@example.test\n")
    assert error.value.field == "file"

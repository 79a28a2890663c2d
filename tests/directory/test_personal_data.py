"""All that is kept of a person: handed out whole, and erased everywhere, whatever table it lies in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from planner.accounts.models import OneTimeLink, SignIn, User
from planner.attendance import queries as attendance
from planner.attendance.models import Enrolment, Presence, PresenceEntry, Seat
from planner.attendance.queries import list_differences
from planner.attendance.service.personal_data import list_disposable
from planner.base.clock import now
from planner.base.db import Model, db, unit_of_work
from planner.base.viewer import Role
from planner.calendars import service as feeds
from planner.calendars.rules import FeedWish, ScopeKind
from planner.certificates.models import Certificate
from planner.directory import service
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.directory.rules.personal_data import DataPart, as_json, is_confirmed
from planner.invitations.service import wish
from planner.outbox.models import Message
from tests import factories as make
from tests.certificates.common import Scene, issued, marked, participant, ruled, scene
from tests.conftest import NOW

SignInAs = Callable[[User], FlaskClient]
NAME, EMAIL = "Zqvist Zqberg", "zqvist@example.test"
OF_THEM = re.compile("zqvist|zqberg|zqord", re.IGNORECASE)


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene()


@pytest.fixture
def person(here: Scene, app: Flask) -> Person:
    """Somebody of whom every room keeps something, always with their name or words of theirs in it."""
    who = participant(here, 120, 60, name=NAME)
    who.email, who.phone, who.work_title = EMAIL, "Zqord 070", "Zqord chief"
    coming = make.training(here.series, NOW + timedelta(days=3), seats_on_site=1)
    db.session.add(
        Seat(training_id=coming.id, person_id=who.id, status="booked", place="on_site", note="Zqord note")
    )
    db.session.commit()
    make.seat(coming, make.person(here.company), status="waiting")
    db.session.add(
        PresenceEntry(
            id=str(make.uuid.uuid4()), training_id=here.trainings[0].id, person_id=who.id, verdict="absent", minutes=0,
            place="on_site", via="link", by_name=NAME, reason="Zqord was ill", noted_at=NOW - timedelta(days=30),
        )
    )  # fmt: skip
    with unit_of_work():
        wish(who, "sv")
        secret = app.extensions["settings"].secret
        feeds.feed_for_person(
            who, ScopeKind.PARTICIPANT, str(who.id), FeedWish(name="Zqord phone"), secret=secret
        )
    own = attendance.list_own_hours(who)[0]
    from planner.attendance.service import answer_hours  # noqa: PLC0415 - reads as one step with the above

    with unit_of_work():
        answer_hours(own, own.presence.entry_id, agrees=False, words="Zqord left early")
    ruled(here)
    issued(here, who)
    return who


def page_of(app: Flask, who: Person) -> str:
    return f"/p/{person_token(app.extensions['settings'].secret, who)}"


def everything() -> str:
    """All text in the database."""
    db.session.expire_all()
    tables = (table for table in Model.metadata.sorted_tables if table.name != "municipality")
    return "\n".join(f"{table.name} {row}" for table in tables for row in db.session.execute(select(table)))


def sums() -> list[Any]:
    query = (
        "SELECT training_id, person_id, verdict, minutes, place FROM presence ORDER BY training_id, person_id"
    )
    return [tuple(row) for row in db.session.execute(text(query))]


def test_everything_is_handed_out(app: Flask, client: FlaskClient, person: Person) -> None:
    page = page_of(app, person) + "/data"
    data = json.loads(client.get(page + ".json").data)
    [own] = data["person"]
    assert (own["name"], own["email"], own["phone"]) == (NAME, EMAIL, "Zqord 070")
    assert {key: len(rows) for key, rows in data.items() if key != "mail_messages"} == {
        "person": 1, "attendance_answers": 1, "attendance_enrolments": 1, "attendance_marks": 3,
        "attendance_seats": 1, "calendars": 1, "certificates": 1, "mail_choices": 1, "mail_invitations": 1,
        "mail_replies": 0,
    }  # fmt: skip
    assert len(data["mail_messages"]) >= 1
    shown = client.get(page).text
    for words in (NAME, EMAIL, "Zqord note", "Zqord was ill", "Zqord left early", "Zqord phone"):
        assert words in shown, words


def test_everything_is_erased_and_the_sums_stay(
    app: Flask, client: FlaskClient, person: Person, here: Scene
) -> None:
    page, id_, before = page_of(app, person), person.id, sums()
    [code] = [one.code for one in db.session.query(Certificate)]
    assert len(OF_THEM.findall(everything())) > 10
    answer = client.post(f"{page}/erase", data={"name": f" {NAME.upper()} ", "certificates": "withdraw"})
    assert (answer.status_code, "You are erased" in answer.text) == (200, True)
    left = everything()
    assert [line for line in left.splitlines() if OF_THEM.search(line)] == []
    assert sums() == before
    assert list(list_differences()) == []
    erased = db.session.get_one(Person, id_)
    assert erased.name.startswith("Raderad ")
    assert (erased.email, erased.company_id, erased.erased_at) == (None, here.company.id, NOW)
    assert client.get(page).status_code == 404
    assert [one.ended_at for one in db.session.query(Enrolment).filter_by(person_id=id_)] == [NOW]
    told = client.get(f"/verify/{code}").text
    assert "The holder has asked to be erased." in told


def test_the_seat_that_is_given_up_goes_to_whoever_waits(
    app: Flask, client: FlaskClient, person: Person
) -> None:
    [waiting] = db.session.query(Seat).filter_by(status="waiting")
    client.post(f"{page_of(app, person)}/erase", data={"name": NAME, "certificates": "keep"})
    db.session.refresh(waiting)
    assert waiting.status == "booked"


def test_certificates_can_be_kept_with_the_name(app: Flask, client: FlaskClient, person: Person) -> None:
    client.post(f"{page_of(app, person)}/erase", data={"name": NAME, "certificates": "keep"})
    [kept] = db.session.query(Certificate).all()
    assert (kept.content["name"], kept.withdrawn_at) == (NAME, None)
    assert {line.split()[0] for line in everything().splitlines() if OF_THEM.search(line)} == {"certificate"}
    assert "This certificate holds." in client.get(f"/verify/{kept.code}").text


@pytest.mark.parametrize(
    "form", [{}, {"name": "Zqvist"}, {"name": NAME, "certificates": "x"}, {"name": "x" * 300}]
)
def test_nobody_is_erased_by_mistake(
    app: Flask, client: FlaskClient, person: Person, form: dict[str, str]
) -> None:
    before = everything()
    assert client.post(f"{page_of(app, person)}/erase", data=form).status_code == 422
    assert everything() == before


def test_an_owner_where_the_person_is_may_do_the_same(here: Scene, person: Person, sign_in: SignInAs) -> None:
    owner = sign_in(make.user((Role.owner, here.organisation)))
    elsewhere = sign_in(make.user((Role.owner, make.organisation(make.NORA))))
    organiser = sign_in(here.organiser)
    page = f"/people/{person.id}"
    for rest in ("/data", "/data.json", "/erase"):
        codes = [client.get(page + rest).status_code for client in (owner, elsewhere, organiser)]
        assert codes == [200, 404, 403], rest
    assert f'href="{page}/data"' in owner.get(page).text
    assert owner.post(page + "/erase", data={"name": NAME, "certificates": "withdraw"}).status_code == 302
    assert OF_THEM.search(everything()) is None
    assert owner.get(page).status_code == 404
    assert "Raderad" not in owner.get("/people?archived=y").text


def test_an_owner_who_sees_the_person_only_as_organiser_may_not(app: Flask, sign_in: SignInAs) -> None:
    owned, other = make.organisation(make.NORA), make.organisation()
    somebody = make.person(make.company())
    client = sign_in(make.user((Role.owner, owned), (Role.organiser, other)))
    assert client.get(f"/people/{somebody.id}").status_code == 200
    assert client.get(f"/people/{somebody.id}/data").status_code == 403


def test_erasing_twice_changes_nothing_more(person: Person) -> None:
    for _time in range(2):
        with unit_of_work():
            service.erase(person, keep_certificates=False)
        names = [person.name]
    assert names == [person.name]
    assert person.link_generation == 1


def test_parts_are_json_that_programmes_read() -> None:
    part = DataPart("a", "A", [("at", "At"), ("n", "N")], [(NOW, 1), (NOW.date(), None)])
    assert as_json([part]) == {
        "a": [{"at": "2026-10-06T08:00:00+00:00", "n": 1}, {"at": "2026-10-06", "n": None}]
    }


@pytest.mark.parametrize(
    ("typed", "same"),
    [("åsa  öberg ", True), ("ÅSA ÖBERG", True), ("Åsa", False), ("", False), ("Asa Oberg", False)],
)
def test_the_name_is_confirmed_as_it_is(typed: str, same: bool) -> None:
    assert is_confirmed(typed, "Åsa Öberg") is same


def old(who: Person, **values: Any) -> Person:
    for name, value in {"created_at": NOW - timedelta(days=1000), **values}.items():
        setattr(who, name, value)
    db.session.commit()
    return who


def test_who_has_been_away_for_as_long_as_the_organisation_says_is_erased(here: Scene, app: Flask) -> None:
    long_ago, recently = NOW - timedelta(days=800), NOW - timedelta(days=100)
    company = here.company
    past = make.published_series(here.organisation)
    before = make.training(past, long_ago)
    gone = old(make.person(company, name="Gone"))
    make.enrolment(past, gone)
    db.session.query(Enrolment).update({"created_at": long_ago})
    marked(before, gone, 120)
    stays = {
        "new": make.person(company),
        "contact": old(make.person(company, is_contact=True)),
        "marked": old(make.person(company)),
        "expected": old(make.person(company)),
        "enrolled": old(make.person(company)),
        "archived lately": old(make.person(company, is_contact=True), archived_at=recently),
        "elsewhere": old(make.person(make.company(make.NORA))),
    }
    marked(here.trainings[0], stays["marked"], 60)
    make.seat(make.training(make.published_series(), NOW + timedelta(days=9)), stays["expected"])
    make.enrolment(here.series, stays["enrolled"])
    archived = old(make.person(company, is_contact=True, name="Old contact"), archived_at=long_ago)
    db.session.commit()
    run = app.test_cli_runner().invoke
    assert run(args=["planner", "disposal", "--dry-run"]).output == "0 people would be erased\n"
    owner = make.viewer_of(make.user((Role.owner, here.organisation)))
    with unit_of_work():
        service.set_disposal(here.organisation, 24, by=owner)
    assert {who.name for who in list_disposable(9)} == {gone.name, archived.name}
    assert run(args=["planner", "disposal", "--dry-run"]).output == "2 people would be erased\n"
    assert (
        run(args=["planner", "disposal"]).output
        == "2 people erased; 0 old sign-ins, links and mails deleted\n"
    )
    db.session.expire_all()
    assert all(who.erased_at is None for who in stays.values())
    assert gone.name.startswith("Raderad ")
    assert db.session.get_one(Presence, (before.id, gone.id)).minutes == 120
    assert run(args=["planner", "disposal"]).output.startswith("0 people erased")


def test_where_several_serve_a_municipality_the_longest_time_holds(here: Scene) -> None:
    old(make.person(here.company))
    other = make.organisation()
    owner = make.viewer_of(make.user((Role.owner, here.organisation), (Role.owner, other)))
    counts = []
    for organisation, months in (
        (here.organisation, 24),
        (other, 60),
        (other, None),
        (here.organisation, None),
    ):
        with unit_of_work():
            service.set_disposal(organisation, months, by=owner)
        counts.append(len(list_disposable(9)))
    assert counts == [1, 0, 1, 0]


@pytest.mark.parametrize(("months", "status"), [("24", 302), ("", 302), ("5", 422), ("241", 422), ("x", 422)])
def test_how_long_people_are_kept_is_the_owners_to_say(
    here: Scene, sign_in: SignInAs, months: str, status: int
) -> None:
    page = f"/organisations/{here.organisation.id}/disposal"
    assert sign_in(here.organiser).get(page).status_code == 403
    owner = sign_in(make.user((Role.owner, here.organisation)))
    assert owner.post(page, data={"months": months}).status_code == status
    if status == 302:
        assert f'value="{months}"' in owner.get(page).text


def test_old_sign_ins_links_and_mails_are_deleted(app: Flask) -> None:
    user, ages = make.user(), (0, 100, 200)
    for number, days in enumerate(ages):
        then = now() - timedelta(days=days)
        db.session.add(SignIn(token_digest=f"s{number}", user_id=user.id, seen_at=then))
        db.session.add(
            OneTimeLink(token_digest=f"l{number}", purpose="sign_in", user_id=user.id, expires_at=then)
        )
        for status in ("sent", "queued"):
            db.session.add(
                Message(
                    key=f"{status}{number}",
                    recipient="a@example.test",
                    subject="s",
                    status=status,
                    created_at=then,
                )
            )
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["planner", "disposal"])
    assert result.output == "0 people erased; 5 old sign-ins, links and mails deleted\n"
    assert [row.token_digest for row in db.session.query(SignIn)] == ["s0"]
    assert sorted(row.key for row in db.session.query(Message)) == [
        "queued0",
        "queued1",
        "queued2",
        "sent0",
        "sent1",
    ]

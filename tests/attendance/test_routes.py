from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.accounts.models import User
from planner.attendance import queries
from planner.attendance.models import Enrolment, Presence, PresenceEntry
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.series.models import TrainingSession, series_municipality
from planner.web.security import limiter
from tests import factories as make
from tests.conftest import close_connections, make_app

STEP = "Step 1"  # what the factories call it
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def session_now(app: Flask) -> TrainingSession:
    """A hybrid session that began an hour ago, with two enrolled."""
    series = make.published_series()
    for name in ("Asta Berg", "Bo Dal"):
        make.enrolment(
            series, make.person(make.company(), name=name, email=f"{name.split()[0]}@x.test".lower())
        )
    return make.training(series, now() - timedelta(hours=1), mode="hybrid")


def people(training: TrainingSession) -> list[Person]:
    rows = queries.list_roster(training, queries.PeopleScope(None))
    return [row.person for row in rows]


def current(training: TrainingSession) -> dict[str, tuple[str, int, str]]:
    query = select(Person.name, Presence.verdict, Presence.minutes, Presence.place).join(Presence.person)
    found = db.session.execute(query.where(Presence.training_id == training.id))
    return {name: (verdict, minutes, place) for name, verdict, minutes, place in found}


def fields_of(page: str) -> dict[str, str]:
    """What the browser would send of the page's roster form."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name and (" checked" in tag or 'type="radio"' not in tag):
            found[name[1]] = value[1] if value else ""
    return found


# --- who may open it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((Role.owner, make.LINDESBERG), 200),
        ((Role.organiser, make.LINDESBERG), 200),
        ((Role.facilitator, make.LINDESBERG), 404),
        ((Role.guide, make.LINDESBERG), 403),
        ((Role.reader, make.LINDESBERG), 403),
        ((Role.organiser, make.OREBRO), 404),
    ],
)
@pytest.mark.parametrize("path", ["attendance", "attendance/walk-in", "check-in", "check-in.svg"])
def test_roster_is_for_those_who_plan_there(
    session_now: TrainingSession, sign_in: SignIn, held: tuple[str, str], expected: int, path: str
) -> None:
    role, code = held
    client = sign_in(make.user((role, make.organisation(code))))
    assert client.get(f"/sessions/{session_now.id}/{path}").status_code == expected


def test_listed_facilitator_opens_the_roster_wherever_they_come_from(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    account = make.user((Role.facilitator, make.organisation(make.STOCKHOLM)))
    db.session.refresh(session_now, ["facilitators"])
    session_now.facilitators = [account]
    db.session.commit()
    page = sign_in(account).get(f"/sessions/{session_now.id}/attendance")
    assert page.status_code == 200
    assert "Asta Berg" in page.text


def test_neighbour_sees_its_own_people_only(session_now: TrainingSession, sign_in: SignIn) -> None:
    db.session.execute(
        series_municipality.insert().values(series_id=session_now.series_id, municipality_code=make.NORA)
    )
    own = make.person(make.company(make.NORA), name="Nils Nora")
    make.enrolment(session_now.series, own)
    client = sign_in(make.organiser(make.NORA))
    page = client.get(f"/sessions/{session_now.id}/attendance").text
    assert "Nils Nora" in page
    assert "Asta Berg" not in page
    other = people(session_now)[0]
    assert client.get(f"/sessions/{session_now.id}/attendance/{other.id}").status_code == 404
    sent = tap(client, session_now, other)
    assert sent.status_code == 404
    assert current(session_now) == {}


def test_roster_costs_the_same_with_one_and_with_three(
    app: Flask, sign_in: SignIn, count_queries: Callable[[], Any]
) -> None:
    series = make.series()
    training = make.training(series, now() - timedelta(hours=1))
    client = sign_in(make.organiser())
    costs = []
    for more in (1, 2):
        for _ in range(more):
            make.enrolment(series, make.person(make.company()))
        db.session.expunge_all()
        with count_queries() as count:
            assert client.get(f"/sessions/{training.id}/attendance").status_code == 200
        costs.append(len(count))
    assert costs[0] == costs[1]


# --- without JavaScript ---------------------------------------------------------------------------


def test_form_saves_the_rows_that_were_changed(session_now: TrainingSession, sign_in: SignIn) -> None:
    asta, bo = people(session_now)
    client = sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance"
    sent = fields_of(client.get(url).text)
    sent |= {f"verdict-{asta.id}": "late", f"minutes-{asta.id}": "95", f"place-{asta.id}": "remote"}
    for _ in range(2):  # sent twice, it counts once
        assert client.post(url, data=sent).status_code == 302
    assert current(session_now) == {"Asta Berg": ("late", 95, "remote")}
    assert db.session.scalar(select(func.count()).select_from(PresenceEntry)) == 1
    page = client.get(url).text
    assert fields_of(page)[f"verdict-{asta.id}"] == "late"
    assert fields_of(page)[f"minutes-{asta.id}"] == "95"
    assert f"verdict-{bo.id}" not in fields_of(page)


def test_usual_minutes_need_not_be_typed(session_now: TrainingSession, sign_in: SignIn) -> None:
    asta, bo = people(session_now)
    client = sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance"
    sent = fields_of(client.get(url).text)
    client.post(url, data=sent | {f"verdict-{asta.id}": "present", f"verdict-{bo.id}": "absent"})
    assert current(session_now) == {
        "Asta Berg": ("present", 120, "on_site"),
        "Bo Dal": ("absent", 0, "on_site"),
    }


def test_row_that_cannot_be_saved_comes_back_as_typed_and_the_rest_is_saved(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, bo = people(session_now)
    client = sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance"
    sent = fields_of(client.get(url).text)
    sent |= {f"verdict-{asta.id}": "present", f"minutes-{asta.id}": "a lot", f"verdict-{bo.id}": "absent"}
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "Give the minutes as a whole number." in answer.text
    back = fields_of(answer.text)
    assert (back[f"verdict-{asta.id}"], back[f"minutes-{asta.id}"]) == ("present", "a lot")
    assert current(session_now) == {"Bo Dal": ("absent", 0, "on_site")}
    again = client.post(url, data=back | {f"minutes-{asta.id}": "100"})
    assert again.status_code == 302
    assert current(session_now)["Asta Berg"] == ("present", 100, "on_site")


def test_second_of_two_facilitators_sees_both_marks_and_chooses(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, _bo = people(session_now)
    first, second = sign_in(make.organiser()), sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance"
    opened = [fields_of(client.get(url).text) for client in (first, second)]
    first.post(url, data=opened[0] | {f"verdict-{asta.id}": "absent"})
    answer = second.post(url, data=opened[1] | {f"verdict-{asta.id}": "present"})
    assert answer.status_code == 422
    assert "marked this person while your page was open" in answer.text
    assert "Noted meanwhile by" in answer.text
    assert current(session_now)["Asta Berg"][0] == "absent"
    chosen = fields_of(answer.text)
    assert chosen[f"verdict-{asta.id}"] == "present"
    assert second.post(url, data=chosen).status_code == 422  # someone else's: it takes a reason
    chosen = fields_of(answer.text) | {f"reason-{asta.id}": "She sits here"}
    assert second.post(url, data=chosen).status_code == 302
    assert current(session_now)["Asta Berg"][0] == "present"
    history = second.get(f"{url}/{asta.id}").text
    assert "She sits here" in history
    assert history.count("<tr>") == 3


def test_rows_nobody_touched_are_not_written_over(session_now: TrainingSession, sign_in: SignIn) -> None:
    asta, bo = people(session_now)
    first, second = sign_in(make.organiser()), sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance"
    opened = [fields_of(client.get(url).text) for client in (first, second)]
    first.post(url, data=opened[0] | {f"verdict-{asta.id}": "late"})
    assert second.post(url, data=opened[1] | {f"verdict-{bo.id}": "present"}).status_code == 302
    assert current(session_now) == {
        "Asta Berg": ("late", 120, "on_site"),
        "Bo Dal": ("present", 120, "on_site"),
    }


# --- tap by tap -----------------------------------------------------------------------------------


def tap(client: FlaskClient, training: TrainingSession, who: Person, **values: Any) -> Any:
    sent = {
        "person": who.id, "verdict": "present", "place": "on_site", "minutes": "", "reason": "",
        "id": str(uuid.uuid4()), "seen": "", "waited": 0, **values,
    }  # fmt: skip
    return client.post(f"/sessions/{training.id}/attendance/marks", json=sent)


def test_tap_is_saved_once_however_often_it_is_sent(session_now: TrainingSession, sign_in: SignIn) -> None:
    asta, _bo = people(session_now)
    client, number = sign_in(make.organiser()), str(uuid.uuid4())
    answers = [tap(client, session_now, asta, id=number, waited=90_000) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json["state"] for answer in answers] == ["saved"] * 3
    assert answers[0].json["standing"]["id"] == number
    entry = db.session.get_one(PresenceEntry, number)
    assert entry.noted_at == now() - timedelta(seconds=90)
    assert db.session.scalar(select(func.count()).select_from(PresenceEntry)) == 1


def test_taps_in_a_row_follow_each_other_by_their_own_numbers(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, _bo = people(session_now)
    client = sign_in(make.organiser())
    first = tap(client, session_now, asta).json["standing"]
    second = tap(client, session_now, asta, verdict="absent", seen=first["id"])
    assert (second.status_code, second.json["standing"]["verdict"]) == (200, "absent")
    reasons = [e.reason for e in queries.list_entries_of(session_now, asta)]
    assert reasons == ["changed on the roster", ""]


def said(entry: dict[str, Any]) -> tuple[str, str]:
    return entry["verdict"], entry["typed"]


def test_two_who_mark_the_same_person_are_both_kept_and_asked(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, _bo = people(session_now)
    first, second = sign_in(make.organiser()), sign_in(make.organiser())
    theirs = tap(first, session_now, asta, verdict="late", minutes="95").json["standing"]
    number = str(uuid.uuid4())
    for _sent in range(2):  # the first answer may have been lost
        answer = tap(second, session_now, asta, id=number)
        assert (answer.status_code, answer.json["state"]) == (200, "conflict")
        assert answer.json["theirs"] == theirs
        assert (said(answer.json["mine"]), answer.json["standing"]["id"]) == (("present", ""), number)
    assert current(session_now)["Asta Berg"] == ("present", 120, "on_site")
    reasons = [entry.reason for entry in queries.list_entries_of(session_now, asta)]
    assert (len(reasons), "noted without having seen" in reasons[0]) == (2, True)

    chosen = tap(second, session_now, asta, seen=number, verdict="late", minutes="95", reason="chosen")
    assert chosen.json["state"] == "saved"
    needs = tap(first, session_now, asta, seen=chosen.json["standing"]["id"])
    assert (needs.status_code, needs.json["state"]) == (422, "reason")


def test_mark_that_waited_meets_a_newer_one_and_both_are_kept(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, _bo = people(session_now)
    first, second = sign_in(make.organiser()), sign_in(make.organiser())
    tap(first, session_now, asta, verdict="late", minutes="95")
    number = str(uuid.uuid4())
    for _sent in range(2):
        answer = tap(second, session_now, asta, id=number, waited=600_000)
        told = answer.json
        assert (told["state"], said(told["standing"]), said(told["mine"])) == (
            "conflict",
            ("late", "95"),
            ("present", ""),
        )
    assert current(session_now)["Asta Berg"] == ("late", 95, "on_site")
    assert len(queries.list_entries_of(session_now, asta)) == 2
    same = tap(second, session_now, asta, verdict="late", minutes="95", waited=300_000)
    assert same.json["state"] == "kept"


def walked_in(client: FlaskClient, training: TrainingSession, **values: Any) -> Any:
    sent = {
        "person": 0,
        "name": "Gun",
        "email": "",
        "company": "",
        "place": "remote",
        "id": str(uuid.uuid4()),
        **values,
    }
    return client.post(f"/sessions/{training.id}/attendance/marks", json=sent)


def test_walk_in_that_waited_is_one_person_however_often_it_is_sent(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    client, number = sign_in(make.organiser()), str(uuid.uuid4())
    answers = [walked_in(client, session_now, id=number, waited=60_000) for _ in range(3)]
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "saved")] * 3
    assert current(session_now) == {"Gun": ("present", 120, "remote")}
    assert db.session.scalar(select(func.count()).select_from(Person).where(Person.name == "Gun")) == 1
    assert db.session.get_one(PresenceEntry, number).noted_at == now() - timedelta(minutes=1)
    data = {"name": "Gun", "entry_id": number, "place": "remote"}  # and once more from the page
    assert client.post(f"/sessions/{session_now.id}/attendance/walk-in", data=data).status_code == 302
    assert len(people(session_now)) == 3


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"name": ["x"] * 200}, {"email": "no address"}, {"company": "999"}, {"place": "moon"}, {"id": "1"},
     {"name": "Gun 811228-9874"}],
)  # fmt: skip
def test_walk_in_that_cannot_be_is_refused_in_words(
    session_now: TrainingSession, sign_in: SignIn, values: dict[str, Any]
) -> None:
    answer = walked_in(sign_in(make.organiser()), session_now, **values)
    assert (answer.status_code, answer.json["state"]) == (422, "refused")
    assert answer.json["message"]
    assert current(session_now) == {}


def test_roster_says_when_it_was_made_and_what_stood(session_now: TrainingSession, sign_in: SignIn) -> None:
    asta, _bo = people(session_now)
    client = sign_in(make.organiser())
    told = tap(client, session_now, asta, verdict="late", minutes="95").json["standing"]
    page = client.get(f"/sessions/{session_now.id}/attendance").text
    assert f'data-made="{told["received"]}"' in page
    before = re.findall(r'data-before="([^"]+)"', page)
    assert [json.loads(html.unescape(one)) for one in before] == [
        {"verdict": "late", "place": "on_site", "minutes": "95"}
    ]


def test_row_sent_with_a_forged_past_comes_back_with_what_stands(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    asta, _bo = people(session_now)
    client = sign_in(make.organiser())
    tap(client, session_now, asta, verdict="late", minutes="95")
    url, key = f"/sessions/{session_now.id}/attendance", asta.id
    sent = {
        f"was-{key}": "forged",
        f"verdict-{key}": "present",
        f"minutes-{key}": "x",
        f"place-{key}": "on_site",
    }
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert [json.loads(html.unescape(one)) for one in re.findall(r'data-before="([^"]+)"', answer.text)] == [
        {"verdict": "late", "place": "on_site", "minutes": "95"}
    ]


def test_service_worker_may_serve_those_pages_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/offline.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert re.match(r"// [0-9a-f]{16}\n", answer.text)


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "here"},
        {"minutes": "-5"},
        {"minutes": "241"},
        {"minutes": "١٢"},
        {"id": "1"},
        {"place": "moon"},
        {"person": "x"},
    ],
)
def test_tap_that_cannot_be_is_refused_in_words(
    session_now: TrainingSession, sign_in: SignIn, values: dict[str, Any]
) -> None:
    asta, _bo = people(session_now)
    answer = tap(sign_in(make.organiser()), session_now, asta, **values)
    assert answer.status_code in (404, 422)
    assert answer.json["state"] == "refused"
    assert answer.json["message"]
    assert current(session_now) == {}


# --- walk-ins -------------------------------------------------------------------------------------


def test_walk_in_is_found_by_words_within_the_municipality(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    here = make.person(make.company(name="Verkstan i Guldsmedshyttan"), name="Cia Ek")
    make.person(make.company(make.STOCKHOLM), name="Cia Far")
    client = sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance/walk-in"
    page = client.get(url, query_string={"q": "verkst cia"}).text
    assert "Cia Ek" in page
    assert "Cia Far" not in client.get(url, query_string={"q": "cia"}).text
    assert "Cia Ek" not in client.get(url, query_string={"q": "c"}).text
    sent = {"person": here.id, "entry_id": str(uuid.uuid4()), "place": "remote"}
    assert client.post(url, data=sent).status_code == 302
    assert client.post(url, data=sent).status_code == 302
    assert current(session_now) == {"Cia Ek": ("present", 120, "remote")}
    assert [p.name for p in people(session_now)] == ["Asta Berg", "Bo Dal", "Cia Ek"]


@pytest.mark.parametrize("words", ["öst", "ÖSTEN", "asa@x.test", "åkeri öst"])
def test_walk_in_is_found_in_any_case(words: str, session_now: TrainingSession, sign_in: SignIn) -> None:
    make.person(make.company(name="Bergs Åkeri"), name="Östen Dal", email="asa@x.test")
    url = f"/sessions/{session_now.id}/attendance/walk-in"
    page = sign_in(make.organiser()).get(url, query_string={"q": words})
    assert "Östen Dal" in page.text


def test_walk_in_from_elsewhere_cannot_be_taken_by_number(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    far = make.person(make.company(make.STOCKHOLM))
    answer = sign_in(make.organiser()).post(
        f"/sessions/{session_now.id}/attendance/walk-in",
        data={"person": far.id, "entry_id": str(uuid.uuid4())},
    )
    assert answer.status_code == 404
    assert current(session_now) == {}


def test_new_walk_in_needs_only_a_name(session_now: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser())
    url = f"/sessions/{session_now.id}/attendance/walk-in"
    refused = client.post(url, data={"name": " ", "email": "kim(at)x", "entry_id": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "kim(at)x" in refused.text
    assert client.post(url, data={"name": "Kim Ny", "entry_id": str(uuid.uuid4())}).status_code == 302
    assert current(session_now) == {"Kim Ny": ("present", 120, "on_site")}


# --- the enrolled ---------------------------------------------------------------------------------


def test_people_of_the_cohorts_companies_are_chosen_and_ended(app: Flask, sign_in: SignIn) -> None:
    company = make.company()
    person = make.person(company, name="Elin Gran")
    make.person(make.company(), name="Other Company")
    series = make.series()
    cohort = make.cohort(series, company)
    client, url = sign_in(make.organiser()), f"/series/{series.id}/people"
    page = client.get(url).text
    assert "Elin Gran" in page
    assert "Other Company" not in page
    assert client.post(url, data={}).status_code == 422
    assert client.post(url, data={"pick": f"{person.id}:{cohort.id}"}).status_code == 302
    enrolment = db.session.scalars(select(Enrolment)).one()
    assert (enrolment.person_id, enrolment.cohort_id) == (person.id, cohort.id)
    assert client.post(f"{url}/end", data={"enrolment": enrolment.id}).status_code == 302
    assert db.session.get_one(Enrolment, enrolment.id).ended_at == now()
    assert client.post(f"{url}/end", data={"enrolment": enrolment.id}).status_code == 404


def test_somebody_new_is_enrolled_in_a_cohort(app: Flask, sign_in: SignIn) -> None:
    company, series = make.company(make.NORA), make.series()
    cohort = make.cohort(series, company)
    client, url = sign_in(make.organiser()), f"/series/{series.id}/people/new"
    sent = {"name": "Ny Person", "email": "ny@x.test", "company": company.id, "cohort": cohort.id}
    assert client.post(url, data=sent).status_code == 302
    person = db.session.scalars(select(Person)).one()
    assert (person.name, person.company_id, person.municipality_code) == ("Ny Person", company.id, make.NORA)
    again = client.post(url, data=sent)
    assert again.status_code == 422
    assert "Ny Person is enrolled already." in again.text


@pytest.mark.parametrize(("code", "expected"), [(make.LINDESBERG, 200), (make.OREBRO, 404)])
def test_enrolled_are_seen_by_the_series_own_planners(
    app: Flask, sign_in: SignIn, code: str, expected: int
) -> None:
    series = make.published_series()
    assert sign_in(make.organiser(code)).get(f"/series/{series.id}/people").status_code == expected


def test_enrolled_cost_the_same_with_one_and_with_three(
    app: Flask, sign_in: SignIn, count_queries: Callable[[], Any]
) -> None:
    company, series = make.company(), make.series()
    cohort = make.cohort(series, company)
    client, costs = sign_in(make.organiser()), []
    for more in (1, 2):
        for _ in range(more):
            make.enrolment(series, make.person(company), cohort)
            make.person(company)
        db.session.expunge_all()
        with count_queries() as count:
            assert client.get(f"/series/{series.id}/people").status_code == 200
        costs.append(len(count))
    assert costs[0] == costs[1]


# --- at the door ----------------------------------------------------------------------------------

SECRET = "test-secret-" * 4


def code_of(training: TrainingSession) -> str:
    return queries.spoken_code(SECRET, training.uid)


def enter(client: FlaskClient, training: TrainingSession, **values: str) -> Any:
    sent = {"entry_id": str(uuid.uuid4()), "place": "on_site", **values}
    return client.post(f"/check-in/{training.uid}", data=sent)


def test_spoken_code_leads_to_the_session_and_the_address_checks_in(
    session_now: TrainingSession, client: FlaskClient
) -> None:
    code = code_of(session_now)
    answer = client.post("/check-in", data={"code": f"{code[:3]} {code[3:]}"})
    assert answer.status_code == 302
    assert answer.location == f"/check-in/{session_now.uid}?k={code}"
    page = client.get(answer.location).text
    assert STEP in page
    assert "Asta" not in page
    done = enter(client, session_now, k=code, email=" Asta@x.test ", place="remote")
    assert done.status_code == 200
    assert "Your attendance is noted" in done.text
    assert enter(client, session_now, k=code, email="asta@x.test").status_code == 200
    assert current(session_now) == {"Asta Berg": ("present", 120, "remote")}
    assert db.session.scalars(select(PresenceEntry.via)).all() == ["code"]


def test_every_address_not_on_the_list_gets_the_same_answer(
    session_now: TrainingSession, client: FlaskClient
) -> None:
    make.person(make.company(), email="known@x.test")
    code = code_of(session_now)
    answers = [
        enter(client, session_now, k=code, email=email, entry_id=str(uuid.UUID(int=1)))
        for email in ("known@x.test", "never@x.test", "")
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    # The form's token differs from one second to the next.
    varies = re.compile(r'known@x\.test|never@x\.test|name="csrf_token"[^>]*>')
    texts = {varies.sub("", answer.text) for answer in answers}
    assert len(texts) == 1
    assert "Ask the facilitator to add you." in texts.pop()
    assert current(session_now) == {}


def test_address_of_the_session_alone_opens_nothing(
    session_now: TrainingSession, client: FlaskClient
) -> None:
    page = client.get(f"/check-in/{session_now.uid}")
    assert page.status_code == 200
    assert STEP not in page.text
    assert enter(client, session_now, email="asta@x.test").status_code == 422
    assert enter(client, session_now, k="000000", email="asta@x.test").status_code == 422
    assert client.get(f"/check-in/{session_now.uid}?k=123456").status_code == 422
    assert current(session_now) == {}
    typed = enter(client, session_now, code=code_of(session_now), email="asta@x.test")
    assert typed.status_code == 200
    assert client.get("/check-in/unknown").status_code == 404


def test_personal_link_checks_in_with_one_tap(session_now: TrainingSession, client: FlaskClient) -> None:
    asta, _bo = people(session_now)
    token = person_token(SECRET, asta)
    assert "Welcome, Asta Berg." in client.get(f"/check-in/{session_now.uid}?p={token}").text
    assert enter(client, session_now, p=token).status_code == 200
    assert current(session_now) == {"Asta Berg": ("present", 120, "on_site")}
    stranger = person_token(SECRET, make.person())
    assert enter(client, session_now, p=stranger).status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_at": timedelta(hours=3)}, "Check-in opens 30 minutes before"),
        ({"starts_at": -timedelta(hours=9)}, "Check-in has closed"),
        ({"cancelled": True}, "This session is cancelled"),
    ],
)
def test_door_is_closed_outside_the_window(
    app: Flask, client: FlaskClient, change: dict[str, Any], words: str
) -> None:
    series = make.published_series()
    make.enrolment(series, make.person(email="asta@x.test"))
    starts = now() + change.get("starts_at", timedelta())
    training = make.training(series, starts, cancelled_at=now() if "cancelled" in change else None)
    code = code_of(training)
    assert client.post("/check-in", data={"code": code}).status_code == 422
    page = enter(client, training, k=code, email="asta@x.test")
    assert words in page.text
    assert current(training) == {}


def test_guessing_codes_is_stopped_and_arriving_together_is_not(
    migrated_app: Flask, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)  # one per process: put back afterwards
    limited = make_app(server_url, rate_limits=True)
    limiter.reset()
    client = limited.test_client()
    with limited.app_context():
        assert {client.get("/check-in").status_code for _ in range(40)} == {200}
        guesses = [client.post("/check-in", data={"code": f"{n:06}"}).status_code for n in range(31)]
        assert guesses == [422] * 30 + [429]
        assert client.get("/check-in/unknown").status_code == 429
        close_connections()
    limiter.reset()

"""Every municipality's people are its own: all views are walked with another municipality's objects.

The address map tells which views there are, so a new view is walked the day it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.routing import Rule

from planner.accounts.models import User, UserRole
from planner.base.db import Model, db
from planner.base.viewer import Role
from planner.calendars.queries import feed_token
from planner.directory.rules import person_token
from tests import factories as make
from tests import world
from tests.conftest import new_client
from tests.contract.test_access_table import rules
from tests.world import World

SECRET = "zqhemlig"
PART_OF_IT = "zqheml"  # what is typed into a search comes back in its field
SignIn = Callable[[User], FlaskClient]

# Views of what anyone may know; what is secret must be missing all the same.
OPEN = {
    "calendars.public_feed", "calendars.qr", "calendars.subscribe", "directory.organisation", "home.municipality",
    "home.municipality_month", "home.series_page", "home.session_page", "series_templates.template",
    "series_templates.version", "series_templates.compare", "series_templates.export_file", "series_templates.fork",
    "exchange.use", "attendance.check_in_session", "directory.organisation_logo_png",
    "directory.let_in",  # to let an organisation in is to reach for a foreign one
}  # fmt: skip
# The address is itself the proof of who asks: whoever has it is the one. Asked with our own token instead.
BY_TOKEN = {"accounts.use_link", "calendars.private_feed", "certificates.verify"}
ONE_MORE = (Role.owner, Role.facilitator, Role.guide)
# These reach for nothing in the directory.
WITHOUT_OBJECTS = {"web.language", "web.theme"}

# Arguments that choose among what everybody has.
NO_OBJECTS = {"kind", "language"}


@pytest.fixture
def theirs(app: Flask) -> World:
    return world.build(make.NORA, SECRET, "Nora")


@pytest.fixture
def clients(ours: World, app: Flask, sign_in: SignIn) -> dict[str, FlaskClient]:
    """A browser of somebody who holds every role of ours and has made nothing there, and one of nobody's."""
    everything = make.user(*((role, ours.organisation) for role in Role))
    return {"nobody": new_client(app), "ours": sign_in(everything)}


def object_rules(app: Flask) -> list[tuple[Rule, str]]:
    skipped = BY_TOKEN | WITHOUT_OBJECTS
    return [(rule, method) for rule, method in rules(app) if rule.arguments and rule.endpoint not in skipped]


def addresses(rule: Rule, ours: World, theirs: World) -> Iterator[str]:
    """The rule with their objects, and with ours outside and theirs inside."""
    if "scope" in rule.arguments:
        for scope, key in theirs.scopes():
            yield _built(rule, {"scope": scope, "key": key})
        return
    other, own = theirs.values(rule), ours.values(rule)
    if "token" in other:
        other["token"] = own["token"]
    for chosen in product(*other.values()):
        yield _built(rule, dict(zip(other, chosen, strict=True)))
    outer = _first_argument(rule)
    if len(other.keys() - NO_OBJECTS) > 1 and outer in own:
        mixed = {**other, outer: own[outer][:1]}
        for chosen in product(*mixed.values()):
            yield _built(rule, dict(zip(mixed, chosen, strict=True)))


def _first_argument(rule: Rule) -> str:
    return min(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))


def _built(rule: Rule, values: dict[str, Any]) -> str:
    built = rule.build(values)
    assert built is not None, (rule.rule, values)
    return built[1]


def is_only_ours(rule: Rule) -> bool:
    """Whether every argument of the address was given as our own (a page behind our own token)."""
    return rule.arguments == {"token"}


def is_refused(client_name: str, answer: Any) -> bool:
    asked_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
    return answer.status_code in (403, 404) or (client_name == "nobody" and asked_in)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for sign-ins, which each visit touches."""
    db.session.expire_all()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Model.metadata.sorted_tables
        if table.name not in ("sign_in", "municipality")
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_view_opens_another_municipalitys_objects(
    app: Flask, ours: World, theirs: World, clients: dict[str, FlaskClient], method: str
) -> None:
    before, wrong = snapshot(), []
    for rule, its_method in object_rules(app):
        if its_method != method or is_only_ours(rule):
            continue
        for address in addresses(rule, ours, theirs):
            for who, client in clients.items():
                answer = client.open(
                    address, method=method, data={"reason": "x"} if method == "POST" else None
                )
                if rule.endpoint not in OPEN and not is_refused(who, answer):
                    wrong.append(f"{who} {method} {address}: {answer.status_code}")
                if SECRET in answer.text or SECRET in str(answer.headers):
                    wrong.append(f"{who} {method} {address} tells a secret: {around(answer.text)}")
    assert wrong == []
    assert snapshot() == before


def test_the_walk_asks_for_what_is_there(app: Flask, ours: World, theirs: World, sign_in: SignIn) -> None:
    """The same addresses open to their own people, or the walk above would prove nothing."""
    holder = theirs.users[Role.organiser]
    more = [
        UserRole(user_id=holder.id, organisation_id=theirs.organisation.id, role=role) for role in ONE_MORE
    ]
    db.session.add_all(more)
    own = sign_in(holder)
    closed = {
        rule.endpoint
        for rule, method in object_rules(app)
        if method == "GET"
        and not any(own.get(address).status_code == 200 for address in addresses(rule, theirs, theirs))
    }
    # The first two are for public scopes, the third leads on to a version, the last is in the demo only.
    assert closed == {"calendars.public_feed", "calendars.qr", "series_templates.template", "outbox.letter"}


def around(text: str) -> str:
    at = text.find(SECRET)
    return text[max(0, at - 60) : at + 40]


def asks(theirs: World) -> list[str]:
    """What somebody may write after the question mark to reach for theirs."""
    company, series = theirs.companies[0].id, theirs.series[1].id
    token = person_token(world.secret(), theirs.contact)
    return [
        f"q={PART_OF_IT}&words={PART_OF_IT}",
        f"municipality={theirs.code}&company={company}&session={theirs.trainings[0].id}&p={token}x&by=company",
        f"cohort={theirs.cohorts[0].id}&step={theirs.step_id}&version={theirs.version.id}&series={series}&by=series",
        f"archived=y&show=archived&by=session&show={theirs.code}",
    ]


@pytest.mark.thorough
def test_no_list_tells_of_another_municipality(
    app: Flask, ours: World, theirs: World, clients: dict[str, FlaskClient]
) -> None:
    lists = [rule for rule, method in rules(app) if method == "GET" and not rule.arguments]
    own = [
        _built(rule, {name: values[0] for name, values in ours.values(rule).items()})
        for rule, method in object_rules(app)
        if method == "GET" and "scope" not in rule.arguments
    ]
    told = []
    for address in [*(rule.rule for rule in lists), *own]:
        for who, ask in [("nobody", ""), ("ours", ""), *(("ours", ask) for ask in asks(theirs))]:
            answer = clients[who].get(f"{address}?{ask}")
            if SECRET.encode() in answer.data:
                told.append(f"{who} {address}?{ask}: {around(answer.text)}")
    assert told == []


def reaching(ours: World, theirs: World) -> dict[str, dict[str, Any]]:
    """Forms at our own addresses that name their objects."""
    series, training = ours.series[0].id, ours.trainings[0].id
    company, person = str(theirs.companies[0].id), theirs.people[1]
    texts = {"name": "Somebody", "title": "Something", "revision": "1"}
    session = {"step_id": ours.step_id, "day": "2026-11-03", "starts": "09:00", "mode": "on_site"}
    return {
        "/people/new": {**texts, "company_id": company},
        f"/people/{ours.contact.id}/edit": {**texts, "company_id": company},
        "/companies/new": {**texts, "municipality_code": theirs.code},
        f"/companies/{ours.companies[0].id}/edit": {**texts, "municipality_code": theirs.code},
        "/venues/new": {**texts, "municipality_code": theirs.code},
        f"/venues/{ours.venue.id}/edit": {**texts, "municipality_code": theirs.code},
        "/series/new": {**texts, "municipality": theirs.code, "organisation": theirs.organisation.id},
        f"/series/{series}/edit": {**texts, "neighbours": theirs.code},
        f"/series/{series}/cohorts/new": {**texts, "companies": company},
        f"/series/{series}/people": {"pick": f"{person.id}:{ours.cohorts[0].id}"},
        f"/series/{series}/people/new": {**texts, "company": company, "cohort": theirs.cohorts[0].id},
        f"/series/{series}/people/end": {"enrolment": theirs.enrolment_id},
        f"/series/{series}/sessions/new": {**session, "room_id": theirs.room.id},
        f"/series/{series}/sessions/check": {**session, "room_id": theirs.room.id},
        f"/sessions/{training}/edit": {**session, "facilitator_ids": theirs.users[Role.facilitator].id},
        f"/sessions/{training}/attendance/walk-in": {"person": person.id, "place": "on_site"},
        "/templates/new": {**texts, "organisation_id": theirs.organisation.id},
        f"/organisations/{ours.organisation.id}/edit": {
            **texts, "kind": "region", "municipality_codes": [ours.code, theirs.code],
        },
        f"/organisations/{ours.organisation.id}/let-in": {"municipality_code": theirs.code},
        f"/p/{ours.token}/subscribe": {"name": "x", "scope_key": company},
    }  # fmt: skip


def test_no_form_of_ours_reaches_for_their_objects(
    app: Flask, ours: World, theirs: World, clients: dict[str, FlaskClient]
) -> None:
    held = {
        table: snapshot()[table] for table in ("company", "person", "cohort_company", "enrolment", "seat")
    }
    for address, form in reaching(ours, theirs).items():
        answer = clients["ours"].post(address, data=form)
        # The check answers beside the form whatever it holds; the personal form has no place for a scope.
        expected = (200, 302) if "/check" in address or address.startswith("/p/") else (403, 404, 422)
        assert answer.status_code in expected, address
        assert SECRET not in answer.text, (address, around(answer.text))
    after = snapshot()
    assert {table: after[table] for table in held} == held


def test_a_tap_on_the_roster_marks_nobody_elses_people(
    ours: World, theirs: World, clients: dict[str, FlaskClient]
) -> None:
    mark = {"person": theirs.contact.id, "verdict": "present", "place": "on_site", "id": "x"}
    answer = clients["ours"].post(f"/sessions/{ours.trainings[0].id}/attendance/marks", json=mark)
    assert answer.status_code == 404
    assert SECRET not in answer.text


def test_public_feeds_and_pages_keep_links_and_people_to_themselves(app: Flask, theirs: World) -> None:
    client, published = new_client(app), theirs.series[0]
    public = [
        f"/calendars/series/{published.key}.ics", f"/calendars/municipality/{theirs.code}.ics",
        f"/calendars/organisation/{theirs.organisation.id}.ics", f"/calendars/coordinated/{theirs.code}.ics",
        f"/calendars/county/{theirs.code[:2]}.ics", f"/s/{published.key}", f"/m/{theirs.code}",
        f"/s/{published.key}/{theirs.trainings[0].uid}", f"/m/{theirs.code}/month", "/",
    ]  # fmt: skip
    for address in public:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.text.replace("\r\n ", ""), (address, around(answer.text))
        assert "@example.test" not in answer.text, address


def test_a_feed_dies_with_its_holders_right(app: Flask, theirs: World) -> None:
    client, feed = new_client(app), theirs.user_feeds[0]
    address = f"/feeds/{feed_token(world.secret(), feed)}.ics"
    assert client.get(address).status_code == 200
    db.session.execute(delete(UserRole).where(UserRole.user_id == theirs.users[Role.organiser].id))
    db.session.commit()
    assert client.get(address).status_code == 404


def test_a_renewed_personal_link_leaves_the_old_one_dead(app: Flask, theirs: World) -> None:
    client, token = new_client(app), theirs.token
    pages = [f"/p/{token}", f"/p/{token}/subscribe", f"/p/{token}/feeds/{theirs.person_feed.id}"]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    theirs.contact.link_generation += 1
    db.session.commit()
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]

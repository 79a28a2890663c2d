"""What a browser never sends: forged tokens, broken addresses and bodies, and what answers must never carry."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.accounts.rules import Purpose
from planner.accounts.service import invite, make_link
from planner.base.db import SavedMeanwhileError, db, unit_of_work
from planner.base.viewer import Role
from planner.calendars.queries import feed_token
from planner.directory.models import Person
from planner.outbox.delivery import deliver_due
from planner.outbox.models import Message
from planner.outbox.sender import MailboxSender
from planner.web.addresses import safe_next
from planner.web.logs import JsonLines
from tests import factories as make
from tests import world
from tests.conftest import close_connections, make_app, new_client
from tests.contract.test_access_table import path_of, rules
from tests.world import World

SignIn = Callable[[User], FlaskClient]


# What a mail programme posts to by itself (RFC 8058); the address is the proof.
POSTED_BY_OTHERS = {"invitations.choose_reminders"}


def test_every_post_asks_for_its_token(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = {
            rule.endpoint: client.post(path_of(rule), data={"csrf_token": "forged"}).status_code
            for rule, method in rules(app)
            if method == "POST" and rule.endpoint not in POSTED_BY_OTHERS
        }
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert {endpoint: code for endpoint, code in answers.items() if code != 400} == {}
    assert len(answers) > 50


ASKED = (
    "q", "words", "municipality", "kind", "sector", "size", "archived", "mode", "topic", "county", "length", "first",
    "last", "month", "starts", "ends", "by", "lang", "fate", "show", "next", "k", "p", "version", "company", "contact",
    "minutes", "page", "check",
)  # fmt: skip


def test_no_address_and_no_question_takes_a_nul(app: Flask, client: FlaskClient) -> None:
    texts = [rule for rule, method in rules(app) if method == "GET" and "string" in converters(rule)]
    for rule in texts:
        address = re.sub(r"<int:\w+>", "1", rule.rule)
        answer = client.get(re.sub(r"<\w+>", "a%00b", address))
        assert answer.status_code == 404, rule.rule
    question = "&".join(f"{name}=a%00b" for name in ASKED)
    for rule, method in rules(app):
        if method == "GET" and not rule.arguments:
            assert client.get(f"{rule.rule}?{question}").status_code in (200, 302, 404, 422), rule.rule


def converters(rule: Any) -> set[str]:
    return {"int" if hasattr(each, "num_convert") and each.num_convert is int else "string"
            for each in rule._converters.values()}  # fmt: skip


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999", "-1", "0", "x", "1e9", "٣"])
def test_no_number_in_a_question_is_too_strange(client: FlaskClient, ours: World, number: str) -> None:
    series, training = ours.series[0].id, ours.trainings[0].id
    asked = [
        f"/series/new?version={number}", f"/series?page={number}&municipality={number}", f"/people?page={number}",
        f"/series/{series}/sessions/new?step={number}&cohort={number}", f"/companies?municipality={number}",
        f"/series/{series}/sessions/plan?cohort={number}", f"/plan?page={number}&first={number}",
        f"/plan/month?month={number}", f"/figures?page={number}&by={number}&starts={number}",
        f"/people/new?company={number}", f"/templates?minutes={number}&page={number}",
    ]  # fmt: skip
    assert [address for address in asked if client.get(address).status_code >= 500] == []
    checked = client.post(f"/series/{series}/sessions/check?session={number}")
    assert checked.status_code < 500
    walked_in = client.post(f"/sessions/{training}/attendance/walk-in", data={"person": number})
    assert walked_in.status_code in (404, 422)


JUNK: list[Any] = [
    None, [], "text", 7, True, {"person": 10**30}, {"person": True}, {"person": -1}, {"person": {"a": 1}},
    {"person": "1"}, {"verdict": ["present"]}, {"waited": -(10**30)}, {"waited": 10**30}, {"waited": "x"},
    {"minutes": 10**30}, {"minutes": -5}, {"minutes": [1]}, {"reason": "a\0b\ud800"}, {"reason": {"x": 1}},
    {"id": "\0"}, {"id": 5}, {"seen": "\0"}, {"place": "moon"},
]  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_no_tap_is_too_strange(client: FlaskClient, ours: World, junk: Any) -> None:
    whole = {
        "person": ours.contact.id, "verdict": "present", "place": "on_site",
        "id": "11111111-1111-4111-8111-111111111111",
    }  # fmt: skip
    sent = {**whole, **junk} if isinstance(junk, dict) else junk
    answer = client.post(f"/sessions/{ours.trainings[0].id}/attendance/marks", json=sent)
    assert answer.status_code in (200, 404, 422)
    assert answer.is_json


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00=%zz&&==", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x"),
        (b"{", "application/json"),
        (b"<a/>", "text/xml"),
        (b"name=" + b"%C3" * 10, "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_no_body_is_too_strange(client: FlaskClient, ours: World, body: bytes, kind: str) -> None:
    training = ours.trainings[0].id
    for address in ("/companies/new", "/people/import", f"/sessions/{training}/attendance/marks", "/sign-in"):
        assert client.post(address, data=body, content_type=kind).status_code < 500, address


def test_other_methods_are_not_taken(client: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"):
        assert client.open("/companies", method=method).status_code == 405, method


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test", "/\\evil.test", "\\\\evil.test", "https://evil.test", "javascript:alert(1)", "/\t/evil.test",
        "/\n/evil.test", "///evil.test", "/\r\nLocation: //evil.test/", "evil.test", "", " /x",
        "/%5cevil.test/../..//x:y@z\\",
    ],
)  # fmt: skip
def test_nobody_is_led_away(client: FlaskClient, target: str) -> None:
    assert safe_next(target, "/home") == "/home"
    for address in ("/language/en", "/theme/dark", "/sign-in"):
        answer = client.get(address, query_string={"next": target})
        assert answer.status_code == 302, address
        assert answer.location == "/", address


def test_the_headers_that_every_answer_carries(client: FlaskClient, ours: World) -> None:
    for address in ("/", "/companies", "/no-such-page", f"/p/{ours.token}", "/static/no"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers or "Python" not in headers["Server"]


def test_a_page_at_a_secret_address_is_told_to_nobody(app: Flask, ours: World) -> None:
    browser = new_client(app)
    _link, token = make_link(ours.users[Role.owner], Purpose.sign_in)
    db.session.commit()
    uid = ours.trainings[0].uid
    pages = [
        f"/p/{ours.token}", f"/p/{ours.token}/subscribe", f"/p/{ours.token}/feeds/{ours.person_feed.id}",
        f"/p/{ours.token}/feeds/{ours.person_feed.id}/revoke", f"/link/{token}", "/link/gone", "/p/gone",
        f"/check-in/{uid}?p={ours.token}", f"/check-in/{uid}?k=123456",
    ]  # fmt: skip
    for address in pages:
        headers = browser.get(address).headers
        assert headers["Cache-Control"] == "no-store", address
        assert headers["Referrer-Policy"] == "no-referrer", address
        assert headers["X-Robots-Tag"].startswith("noindex"), address
    feed = browser.get(f"/feeds/{feed_token(world.secret(), ours.person_feed)}.ics")
    assert feed.headers["Cache-Control"] == "private, no-cache"  # 304 needs a copy
    assert feed.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in feed.headers


def test_pages_of_an_account_are_kept_by_no_shared_cache(client: FlaskClient, ours: World) -> None:
    for address in ("/people", f"/people/{ours.contact.id}", "/account", "/feeds", "/figures.csv?by=company"):
        assert "private" in client.get(address).headers["Cache-Control"], address


def test_cookies_are_out_of_reach_for_scripts_and_other_sites() -> None:
    app = make_app("sqlite://", site_url="https://plan.example.test")
    assert app.config["SESSION_COOKIE_SECURE"] is True
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    with app.test_request_context():
        cookie = app.test_client().get("/language/en").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_name_of_several_lines_stays_in_its_line_of_a_mail(client: FlaskClient, ours: World) -> None:
    name = "Anna\r\nBcc: two@example.test\r\n\r\nPay here: https://evil.test"
    client.post("/account", data={"name": name})
    colleagues = f"/organisations/{ours.organisation.id}/colleagues"
    client.post(colleagues, data={"name": name, "email": "new@example.test", "role": "guide"})
    mail = db.session.query(Message).order_by(Message.id.desc()).first()
    assert mail is not None
    assert mail.recipient == "new@example.test"
    assert "\n" not in mail.subject
    lines = (mail.body or "").splitlines()
    assert not [line for line in lines if line.startswith(("Bcc", "Pay"))]


@pytest.mark.parametrize("text", ["811228-9874", "19811228-9874", "8112289874", "Anna (811228+9874)"])
def test_a_personal_number_is_kept_in_no_field_about_people(
    client: FlaskClient, ours: World, text: str
) -> None:
    series, training, company = ours.series[0].id, ours.trainings[0].id, ours.companies[0].id
    tap = {"person": ours.people[1].id, "verdict": "absent", "place": "on_site", "reason": text}
    sent = {
        "/people/new": {"name": text, "company_id": str(company)},
        f"/people/{ours.contact.id}/edit": {"name": "Anna", "work_title": text, "company_id": str(company)},
        "/companies/new": {"name": "Works", "note": text, "municipality_code": ours.code},
        f"/companies/{company}/edit": {"name": text, "municipality_code": ours.code},
        f"/companies/{company}/quiet-periods": {"days": "v. 50", "note": text},
        f"/p/{ours.token}/quiet-periods": {"days": "v. 50", "note": text},
        f"/series/{series}/people/new": {"name": text},
        f"/sessions/{training}/attendance/walk-in": {"name": text, "place": "on_site"},
    }
    for address, form in sent.items():
        assert client.post(address, data=form).status_code == 422, address
    tap["id"] = "11111111-1111-4111-8111-111111111111"
    assert client.post(f"/sessions/{training}/attendance/marks", json=tap).status_code == 422


def test_what_the_log_says_of_a_refused_row(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """A clash of keys in a unit of work is somebody else's doing at the same moment; its values are in no log."""
    first = make.person(email="secret@example.test")
    with pytest.raises(SavedMeanwhileError) as caught, unit_of_work():
        db.session.add(Person(name="Two", email=first.email, municipality_code=first.municipality_code))
    app.logger.error("unexpected error", exc_info=caught.value)
    line = JsonLines().format(caplog.records[-1])
    assert "UNIQUE" in line.upper()
    assert "secret@example.test" not in line


def test_no_request_is_logged_by_its_path(app: Flask, ours: World, client: FlaskClient) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    app.logger.addHandler(handler)
    try:
        client.get(f"/p/{ours.token}?p={ours.token}")
        client.get(f"/people?words={ours.contact.email}")
        client.post("/sign-in", data={"email": ours.contact.email, "password": "hunter2 hunter2"})
        client.get(f"/sessions/{ours.trainings[0].id}")
    finally:
        app.logger.removeHandler(handler)
    logged = lines.getvalue()
    assert logged.count("\n") == 4
    assert "/p/<token>" in logged
    for secret in (ours.token, ours.contact.email, "hunter2", "/join"):
        assert str(secret) not in logged


def test_clients_behind_a_proxy_are_counted_one_by_one(migrated_app: Flask) -> None:
    url = migrated_app.config["SQLALCHEMY_DATABASE_URI"]
    for proxies, expected in ((1, 422), (0, 429)):
        app = make_app(url, rate_limits=True, trusted_proxies=proxies)
        with app.app_context():
            for number in range(20):
                assert knock(app, number, "203.0.113.1") == 422
            assert knock(app, 20, "203.0.113.2") == expected, proxies
            close_connections()


def knock(app: Flask, number: int, client_address: str) -> int:
    form = {"email": f"{number}@example.test", "password": "x"}
    return (
        app.test_client().post("/sign-in", data=form, headers={"X-Forwarded-For": client_address}).status_code
    )


def test_an_invitation_tells_no_token_once_it_is_sent(app: Flask, ours: World) -> None:
    owner = make.viewer_of(ours.users[Role.owner])
    invite(ours.organisation, "New", "new@example.test", Role.guide, language="en", by=owner)
    db.session.commit()
    assert deliver_due(MailboxSender()) > 0
    db.session.expire_all()
    assert {message.body for message in db.session.query(Message)} == {None}

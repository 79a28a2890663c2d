from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts import passwords, queries, service
from planner.accounts.models import OneTimeLink, SignIn, User
from planner.accounts.rules import Purpose
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role
from planner.outbox.models import Message
from planner.web.logs import JsonLines
from planner.web.security import limiter
from tests import factories as make
from tests.conftest import make_app, new_client

GOOD = "korrekt häst batteri"


@pytest.fixture
def account(app: Flask) -> User:
    return make.user(email="eva@example.test", name="Eva", password_hash=passwords.hash_password(GOOD))


def post(client: FlaskClient, url: str, **fields: Any) -> Any:
    return client.post(url, data=fields)


def sign_in_with(client: FlaskClient, password: str = GOOD, url: str = "/sign-in") -> Any:
    return post(client, url, email="eva@example.test", password=password)


def mailed_path() -> str:
    """The path of the link in the newest mail."""
    body = db.session.scalars(select(Message.body).order_by(Message.id.desc())).first() or ""
    (path,) = re.findall(r"http://127\.0\.0\.1:8000(/link/\S+)", body)
    return str(path)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


# --- signing in and out ---


def test_sign_in_and_out(account: User, client: FlaskClient) -> None:
    assert not is_in(client)
    answer = sign_in_with(client)
    assert (answer.status_code, answer.location) == (302, "/")
    assert is_in(client)
    assert client.post("/sign-out").location == "/"
    assert not is_in(client)
    assert db.session.scalars(select(SignIn.ended_at)).all() == [now()]


@pytest.mark.parametrize(
    "fields", [("eva@example.test", "wrong"), ("no@example.test", GOOD), ("eva@example.test", "")]
)
def test_wrong_sign_in_comes_back_with_the_address(
    account: User, client: FlaskClient, fields: tuple[str, str]
) -> None:
    answer = post(client, "/sign-in", email=fields[0], password=fields[1])
    assert answer.status_code == 422
    assert f'value="{fields[0]}"' in answer.text
    assert not is_in(client)


def test_wrong_password_and_unknown_address_get_the_same_page(account: User, client: FlaskClient) -> None:
    texts = {
        post(client, "/sign-in", email=email, password="wrong-password").text.replace(email, "X")
        for email in ("eva@example.test", "ivo@example.test")
    }
    assert len(texts) == 1


def test_signing_in_replaces_the_token_and_ends_the_earlier_stay(account: User, client: FlaskClient) -> None:
    sign_in_with(client)
    with client.session_transaction() as session:
        first = session["_user_id"]
    sign_in_with(client)
    with client.session_transaction() as session:
        second = session["_user_id"]
    assert first != second
    assert queries.find_sign_in(first) is None
    assert is_in(client)


def test_disabled_user_is_out_at_once(account: User, client: FlaskClient) -> None:
    sign_in_with(client)
    with unit_of_work():
        queries.get_self(make.viewer_of(account)).disabled_at = now()
    assert not is_in(client)
    assert sign_in_with(client).status_code == 422


@pytest.mark.parametrize(
    ("target", "arrives"),
    [
        ("/account", "/account"),
        ("/account?x=1", "/account?x=1"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_stays_on_the_site(account: User, client: FlaskClient, target: str, arrives: str) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": target}, data={"email": account.email, "password": GOOD}
    )
    assert answer.location == arrives


def test_guarded_page_leads_back_after_sign_in(account: User, client: FlaskClient) -> None:
    guarded = client.get("/account/password")
    assert sign_in_with(client, url=guarded.location).location == "/account/password"


def test_cookie_is_for_this_site_only_and_secure_over_https(account: User, client: FlaskClient) -> None:
    cookie = sign_in_with(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    assert make_app("sqlite://", site_url="https://s.example").config["SESSION_COOKIE_SECURE"] is True


def test_last_visit_is_noted_every_ten_minutes(
    account: User, client: FlaskClient, at: Callable[..., Any]
) -> None:
    sign_in_with(client)
    start = now()
    seen = []
    for minutes in (9, 10, 19, 20):
        with at(start + timedelta(minutes=minutes)):
            client.get("/account")
        db.session.expire_all()
        seen.append((db.session.scalars(select(SignIn.seen_at)).one() - start).seconds // 60)
    assert seen == [0, 10, 10, 20]


# --- links ---


def test_link_signs_in_by_its_button_only(account: User, client: FlaskClient, app: Flask) -> None:
    assert post(client, "/sign-in/link", email=" EVA@example.test ").location == "/sign-in/sent"
    path = mailed_path()
    for _ in range(2):
        assert client.get(path).status_code == 200
        assert not is_in(client)
    assert client.post(path).location == "/"
    assert is_in(client)
    other = new_client(app)
    assert [other.get(path).status_code, other.post(path).status_code, is_in(other)] == [410, 410, False]


@pytest.mark.parametrize("url", ["/sign-in/link", "/forgotten"])
def test_same_answer_for_known_and_unknown_address(account: User, client: FlaskClient, url: str) -> None:
    answers = [post(client, url, email=email) for email in (account.email, "none@example.test")]
    assert [(a.status_code, a.location) for a in answers] == [(302, "/sign-in/sent")] * 2
    assert db.session.scalars(select(Message.recipient)).all() == [account.email]


def test_forgotten_password_is_chosen_anew(account: User, client: FlaskClient) -> None:
    post(client, "/forgotten", email=account.email)
    path = mailed_path()
    refused = post(client, path, password="password123")
    assert refused.status_code == 422
    assert "first that someone would guess" in refused.text
    assert post(client, path, password="en annan lång fras").location == "/"
    assert is_in(client)
    assert client.get(path).status_code == 410
    assert sign_in_with(client).status_code == 422


def test_reset_without_a_password_does_not_use_the_link(account: User, client: FlaskClient) -> None:
    post(client, "/forgotten", email=account.email)
    assert client.post(mailed_path()).status_code == 422
    assert not is_in(client)


def test_expired_link_says_what_to_do(account: User, client: FlaskClient, at: Callable[..., Any]) -> None:
    post(client, "/sign-in/link", email=account.email)
    with at(now() + timedelta(minutes=20)):
        answer = client.post(mailed_path())
    assert answer.status_code == 410
    assert "Get a new link" in answer.text


# --- the own account ---


def test_name_is_changed(account: User, sign_in: Callable[[User], FlaskClient]) -> None:
    client = sign_in(account)
    assert post(client, "/account", name="  Eva Ö  ").status_code == 302
    assert post(client, "/account", name="").status_code == 422
    assert db.session.get_one(User, account.id).name == "Eva Ö"


def test_password_is_changed_and_other_browsers_leave(account: User, app: Flask) -> None:
    here, there = new_client(app), new_client(app)
    sign_in_with(here)
    sign_in_with(there)
    wrong = post(here, "/account/password", current="wrong", password="en annan lång fras")
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    assert post(here, "/account/password", current=GOOD, password="en annan lång fras").status_code == 302
    assert [is_in(here), is_in(there)] == [True, False]


def test_first_password_needs_no_present_one(app: Flask, sign_in: Callable[[User], FlaskClient]) -> None:
    account = make.user()
    client = sign_in(account)
    assert 'name="current"' not in client.get("/account/password").text
    assert post(client, "/account/password", password=GOOD).status_code == 302
    assert 'name="current"' in client.get("/account/password").text


def test_own_sign_ins_are_listed_and_ended(account: User, app: Flask) -> None:
    here, there = new_client(app), new_client(app)
    sign_in_with(here)
    there.post(
        "/sign-in",
        data={"email": account.email, "password": GOOD},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Firefox/130.0"},
    )
    assert "Firefox, Windows" in here.get("/account").text
    other = db.session.scalars(select(SignIn).order_by(SignIn.id.desc())).first()
    assert other is not None
    here.post(f"/account/sign-ins/{other.id}/end")
    assert [is_in(here), is_in(there)] == [True, False]


def test_another_users_sign_in_cannot_be_ended(
    account: User, app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    client = new_client(app)
    sign_in_with(client)
    stay = db.session.scalars(select(SignIn)).one()
    assert sign_in(make.user()).post(f"/account/sign-ins/{stay.id}/end").status_code == 404
    assert is_in(client)


# --- colleagues ---


@pytest.fixture
def team(app: Flask, sign_in: Callable[[User], FlaskClient]) -> tuple[Any, User, FlaskClient, str]:
    """An organisation, its owner, the owner's browser and the address of its colleagues."""
    organisation = make.organisation(name="Masugnen")
    owner = make.user((Role.owner, organisation), name="Olle")
    return organisation, owner, sign_in(owner), f"/organisations/{organisation.id}/colleagues"


def test_invited_colleague_chooses_a_password_and_is_in(team: Any, app: Flask) -> None:
    organisation, _owner, client, url = team
    assert post(client, url, name="Bo", email="bo@example.test", role="guide").status_code == 302
    assert "bo@example.test" in client.get(url).text
    newcomer = new_client(app)
    path = mailed_path()
    assert "Welcome to Masugnen, Bo." in newcomer.get(path).text
    assert post(newcomer, path, password="short").status_code == 422
    assert post(newcomer, path, password=GOOD).location == "/"
    assert is_in(newcomer)
    members = {m.user.name: m.roles for m in queries.list_members(organisation)}
    assert members == {"Bo": (Role.guide,), "Olle": (Role.owner,)}


def test_invitation_is_accepted_without_a_password(team: Any, app: Flask) -> None:
    _organisation, _owner, client, url = team
    post(client, url, name="Bo", email="bo@example.test", role="guide")
    newcomer = new_client(app)
    assert post(newcomer, mailed_path(), password="").location == "/"
    assert is_in(newcomer)


def test_invitation_is_refused_beside_its_field(team: Any) -> None:
    _organisation, owner, client, url = team
    for fields, words in (
        ({"name": "Bo", "email": "nowhere", "role": "guide"}, "Write an e-mail address"),
        ({"name": "x", "email": owner.email, "role": "owner"}, "has this role already"),
    ):
        answer = post(client, url, **fields)
        assert (answer.status_code, words in answer.text) == (422, True)
        assert f'value="{fields["email"]}"' in answer.text


def test_invitation_is_sent_again_and_taken_back(team: Any, app: Flask) -> None:
    organisation, _owner, client, url = team
    post(client, url, name="Bo", email="bo@example.test", role="guide")
    first = mailed_path()
    (link,) = queries.list_invitations(organisation)
    base = f"/organisations/{organisation.id}/invitations"
    assert client.post(f"{base}/{link.id}/resend").status_code == 302
    second = mailed_path()
    assert [new_client(app).get(path).status_code for path in (first, second)] == [410, 200]
    (link,) = queries.list_invitations(organisation)
    client.post(f"{base}/{link.id}/withdraw")
    assert new_client(app).get(second).status_code == 410


def test_roles_are_changed_and_the_last_owner_stays(team: Any) -> None:
    organisation, owner, client, url = team
    colleague = make.user((Role.reader, organisation))
    page = f"{url}/{colleague.id}"
    fields = hidden_fields(client.get(page).text)
    assert post(client, page, roles=["guide", "facilitator"], **fields).location == url
    assert queries.get_member(organisation, colleague.id).roles == (Role.facilitator, Role.guide)
    own = f"{url}/{owner.id}"
    refused = post(client, own, roles=["organiser"], **hidden_fields(client.get(own).text))
    assert (refused.status_code, "is the only owner" in refused.text) == (422, True)
    assert client.post(f"{own}/remove").location == own
    assert client.post(f"{page}/remove").location == url
    assert [m.user.id for m in queries.list_members(organisation)] == [owner.id]


def test_two_owners_change_the_same_roles(team: Any) -> None:
    organisation, _owner, client, url = team
    colleague = make.user((Role.reader, organisation))
    page = f"{url}/{colleague.id}"
    fields = hidden_fields(client.get(page).text)
    with unit_of_work():
        service.set_roles(organisation, colleague, {Role.guide})
    second = post(client, page, roles=["organiser"], **fields)
    assert (second.status_code, "Saved meanwhile" in second.text) == (422, True)
    assert queries.get_member(organisation, colleague.id).roles == (Role.guide,)
    assert post(client, page, roles=["organiser"], **hidden_fields(second.text)).status_code == 302
    assert queries.get_member(organisation, colleague.id).roles == (Role.organiser,)


def hidden_fields(page: str) -> dict[str, str]:
    """Revision and opened_with as a browser would send them back."""
    found = re.findall(r'<input[^>]*name="(revision|opened_with)"[^>]*value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def test_colleagues_of_another_organisation_are_not_there(team: Any) -> None:
    organisation, _owner, client, _url = team
    other = make.organisation()
    stranger = make.user((Role.owner, other))
    with unit_of_work():
        link, _token = service.make_link(stranger, Purpose.invite, organisation=other, role=Role.guide)
    base = f"/organisations/{other.id}"
    gets = [f"{base}/colleagues", f"{base}/colleagues/{stranger.id}"]
    posts = [
        f"{base}/colleagues/{stranger.id}/remove",
        f"/organisations/{organisation.id}/colleagues/{stranger.id}/remove",
        f"/organisations/{organisation.id}/invitations/{link.id}/resend",
        f"{base}/invitations/{link.id}/withdraw",
    ]
    assert {client.get(url).status_code for url in gets} == {404}
    assert {client.post(url).status_code for url in posts} == {404}
    assert db.session.get(OneTimeLink, link.id) is not None


def test_organiser_does_not_see_colleagues(team: Any, sign_in: Callable[[User], FlaskClient]) -> None:
    organisation, _owner, _client, url = team
    assert sign_in(make.user((Role.organiser, organisation))).get(url).status_code == 403


# --- limits and logs ---


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser on a site that counts; the limiter is one per process, so it is put back afterwards."""
    monkeypatch.setattr(limiter, "enabled", limiter.enabled)
    make_app("sqlite://", rate_limits=True)
    limiter.reset()
    yield new_client(app)
    limiter.reset()


def test_sign_in_is_limited_per_address_typed(account: User, limited: FlaskClient) -> None:
    statuses = [sign_in_with(limited, "wrong").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    last = sign_in_with(limited)
    assert (last.status_code, "That was many times" in last.text) == (429, True)
    assert post(limited, "/sign-in", email="other@example.test", password="wrong").status_code == 422
    assert limited.get("/sign-in").status_code == 200


def test_links_are_limited_per_network_address(app: Flask, limited: FlaskClient) -> None:
    statuses = [post(limited, "/forgotten", email=f"a{n}@example.test").status_code for n in range(21)]
    assert statuses == [302] * 20 + [429]


def test_neither_token_nor_password_is_logged(account: User, client: FlaskClient, app: Flask) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonLines().format(record))

    keep, level = Keep(), app.logger.level
    app.logger.addHandler(keep)
    app.logger.setLevel(logging.DEBUG)
    try:
        sign_in_with(client, "a-wrong-secret")
        post(client, "/forgotten", email=account.email)
        path = mailed_path()
        client.get(path)
        post(client, path, password="en annan lång fras")
        client.get(path)
        sign_in_with(client, "en annan lång fras")
    finally:
        app.logger.removeHandler(keep)
        app.logger.setLevel(level)
    log = "\n".join(lines)
    assert len(lines) >= 6
    with client.session_transaction() as session:
        cookie_token = session["_user_id"]
    secrets = ("a-wrong-secret", "annan", path.removeprefix("/link/"), cookie_token, account.email)
    assert [secret for secret in secrets if secret in log] == []


def test_a_failing_statement_does_not_show_its_values(app: Flask) -> None:
    assert db.engine.engine.hide_parameters is True

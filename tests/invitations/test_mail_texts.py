"""Pages where an organisation writes its own mail: shown before it is saved, refused in words, used from then on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import service as attendance
from planner.attendance.models import Seat
from planner.base.clock import now
from planner.base.db import SavedMeanwhileError, db, unit_of_work
from planner.invitations import service
from planner.invitations.models import MailWording
from planner.invitations.queries import find_wording
from planner.invitations.rules import LetterKind, Wording
from planner.series.models import Series
from tests import factories as make
from tests.invitations.common import queued, session
from tests.together import all_at_once, units

SignIn = Callable[[User], FlaskClient]
MINE = {
    "revision": "0",
    "subject": "Gone: {{ session }}",
    "body": "Dear {{ name }},\n\nask {{ organiser }}.\n\n{{ facts }}",
}


@pytest.fixture
def organisation(app: Flask) -> Any:
    return make.organisation(name="The hub")


@pytest.fixture
def organiser(organisation: Any) -> User:
    return make.user(("organiser", organisation), name="Olle", email="olle@example.test")


@pytest.fixture
def client(sign_in: SignIn, organiser: User) -> FlaskClient:
    return sign_in(organiser)


def at(organisation: Any, kind: str = "seat_taken_back", language: str = "en") -> str:
    return f"/organisations/{organisation.id}/mail/{kind}/{language}"


def rows() -> list[tuple[str, str, str]]:
    db.session.expire_all()
    query = select(MailWording.kind, MailWording.language, MailWording.subject).order_by(MailWording.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_every_mail_is_listed_with_when_it_is_sent(client: FlaskClient, organisation: Any) -> None:
    page = client.get(f"/organisations/{organisation.id}/mail").text
    assert page.count('href="/organisations/') >= 2 * len(LetterKind)
    assert "When you take a seat from somebody." in page
    assert "Your own" not in page
    assert "Mail texts" in client.get(f"/organisations/{organisation.id}").text


@pytest.mark.parametrize("kind", LetterKind)
def test_every_mail_opens_with_its_standard_text_and_is_shown(
    client: FlaskClient, organisation: Any, kind: LetterKind
) -> None:
    page = client.get(at(organisation, kind, "sv")).text
    assert "{{ namn }}" in page
    shown = client.get(at(organisation, kind, "sv") + "/preview")
    assert (shown.status_code, "{{" in shown.text, "The hub" in shown.text) == (200, False, True)
    assert "Hej Kim Exempel," in shown.text


def test_own_words_are_used_from_then_on_by_their_own_organisation_only(
    client: FlaskClient, organisation: Any
) -> None:
    assert client.post(at(organisation, language="sv"), data=MINE).status_code == 302
    assert rows() == [("seat_taken_back", "sv", "Gone: {{ session }}")]
    assert "Your own" in client.get(f"/organisations/{organisation.id}/mail").text
    for number, holder in enumerate((organisation, make.organisation())):
        training = session(uid=f"u{number}", key=f"k{number}")
        db.session.get_one(Series, training.series_id).organisation_id = holder.id
        person = make.person(name=f"P{number}")
        make.seat(training, person)
        db.session.commit()
        with unit_of_work():
            seat_id = db.session.scalars(select(Seat.id).where(Seat.person_id == person.id)).one()
            attendance.cancel_seat_by_id(training, seat_id)
    own, others = queued()
    assert own.subject == "Gone: Step 1"
    assert (own.body or "").startswith("Dear P0,\n\nask The hub.\n\nDigital steps\n")
    assert "<p>Dear P0,</p>" in (own.html or "")
    assert others.subject.startswith("Du har inte längre någon plats")


def test_a_language_without_words_of_its_own_keeps_the_standard(
    client: FlaskClient, organisation: Any
) -> None:
    client.post(at(organisation), data=MINE)
    assert find_wording(organisation.id, LetterKind.seat_taken_back, "sv") is None
    assert "Hej {{ namn }}" in client.get(at(organisation, language="sv")).text
    assert "Dear {{ name }}" in client.get(at(organisation)).text


@pytest.mark.parametrize("address", ["", "/preview"])
def test_what_cannot_be_sent_is_refused_with_all_that_was_typed(
    client: FlaskClient, organisation: Any, address: str
) -> None:
    answer = client.post(at(organisation) + address, data={**MINE, "body": "Hi {{ nam }} <b>& {{ facts }}"})
    assert "There is no {{ nam }} here." in answer.text
    assert rows() == []
    if not address:
        assert answer.status_code == 422
        assert "Hi {{ nam }} &lt;b&gt;&amp; {{ facts }}" in answer.text


def test_the_preview_saves_nothing_and_says_the_same_twice(client: FlaskClient, organisation: Any) -> None:
    typed = {**MINE, "body": MINE["body"] + "\n\n<script>x</script> https://a.example/x"}
    html = client.post(at(organisation) + "/preview", data=typed)
    text = client.post(at(organisation) + "/preview", data={**typed, "as": "text"})
    assert "<p>&lt;script&gt;x&lt;/script&gt; <a" in html.text
    assert "Gone: Seeing the flow\n\nDear Kim Example,\n\nask The hub." in text.text
    assert text.content_type == "text/plain; charset=utf-8"
    for answer in (html, text):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert rows() == []


def test_a_test_goes_to_whoever_asks_and_saves_nothing(client: FlaskClient, organisation: Any) -> None:
    answer = client.post(at(organisation), data={**MINE, "then": "test"})
    assert "A test is on its way to olle@example.test." in answer.text
    assert "Dear {{ name }}" in answer.text
    [message] = queued()
    assert (message.recipient, message.subject) == ("olle@example.test", "Gone: Seeing the flow")
    assert rows() == []
    refused = client.post(at(organisation), data={"subject": "", "body": "x", "then": "test"})
    assert (refused.status_code, len(queued())) == (422, 1)


def test_back_to_the_standard_text(client: FlaskClient, organisation: Any) -> None:
    client.post(at(organisation), data=MINE)
    assert "Your own text, saved by Olle" in client.get(at(organisation)).text
    answer = client.post(at(organisation) + "/reset", follow_redirects=True)
    assert "The mail has its standard text again." in answer.text
    assert rows() == []
    assert client.post(at(organisation) + "/reset").status_code == 302


def test_the_standard_text_saved_is_none_of_their_own(client: FlaskClient, organisation: Any) -> None:
    client.post(at(organisation), data=MINE)
    standard = service.standard_words(LetterKind.seat_taken_back, "en")
    stamp = _field(client.get(at(organisation)).text, "revision")
    client.post(
        at(organisation), data={"subject": standard.subject, "body": standard.body, "revision": stamp}
    )
    assert rows() == []


def test_of_two_at_once_the_second_sees_both(client: FlaskClient, organisation: Any) -> None:
    opened = client.get(at(organisation)).text
    form = {name: _field(opened, name) for name in ("revision", "opened_with")}
    assert client.post(at(organisation), data={**form, **MINE}).status_code == 302
    second = client.post(at(organisation), data={**form, **MINE, "subject": "Mine"})
    assert second.status_code == 422
    assert "Saved meanwhile" in second.text
    assert "Gone: {{ session }}" in second.text
    again = {name: _field(second.text, name) for name in ("revision", "opened_with")}
    assert client.post(at(organisation), data={**again, **MINE, "subject": "Mine"}).status_code == 302
    assert [row[2] for row in rows()] == ["Mine"]


def test_what_was_given_up_and_written_anew_meanwhile_is_seen(client: FlaskClient, organisation: Any) -> None:
    client.post(at(organisation), data=MINE)
    opened = client.get(at(organisation)).text
    form = {name: _field(opened, name) for name in ("revision", "opened_with")}
    client.post(at(organisation) + "/reset")
    row = MailWording(
        organisation_id=organisation.id, kind="seat_taken_back", language="en", subject="Theirs", body="Theirs",
        by_name="Other",
    )  # fmt: skip
    row.saved_at = now() + timedelta(seconds=1)
    db.session.add(row)
    db.session.commit()
    assert client.post(at(organisation), data={**form, **MINE, "subject": "Mine"}).status_code == 422


def test_only_those_who_plan_for_the_organisation_open_its_mail(sign_in: SignIn, organisation: Any) -> None:
    for user in (make.organiser(), make.user(("facilitator", organisation))):
        client = sign_in(user)
        for address in (
            f"/organisations/{organisation.id}/mail",
            at(organisation),
            at(organisation) + "/preview",
        ):
            assert client.get(address).status_code in (403, 404)
        assert client.post(at(organisation), data=MINE).status_code in (403, 404)
    assert rows() == []


@pytest.mark.parametrize("rest", ["nothing/sv", "reminder/de", "reminder/SV"])
def test_there_is_no_other_mail(client: FlaskClient, organisation: Any, rest: str) -> None:
    assert client.get(f"/organisations/{organisation.id}/mail/{rest}").status_code == 404


@pytest.mark.committed
def test_two_who_save_the_first_words_at_once_are_told(committed_app: Flask) -> None:
    holder = make.organisation()
    by = make.viewer_of(make.user(("owner", holder)))
    outcomes = []

    def save(subject: str) -> Callable[[], None]:
        words = Wording(subject, "{{ facts }}")
        return lambda: service.save_wording(holder, LetterKind.seat_taken_back, "sv", words, by=by)

    def told(unit: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                unit()
            except SavedMeanwhileError:
                outcomes.append("told")

        return run

    all_at_once([told(unit) for unit in units([save("one"), save("two")])])
    [row] = rows()
    assert row[2] in ("one", "two")
    assert outcomes in ([], ["told"])


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])

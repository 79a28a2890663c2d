from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.attendance import service as attendance
from planner.attendance.models import Seat
from planner.attendance.rules import Place
from planner.base import clock
from planner.base.db import db, unit_of_work
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.invitations.collection import handle, sender_of
from planner.invitations.mailbox import Arrival
from planner.invitations.models import InvitationWish
from tests import factories as make
from tests.invitations.common import UID, invited, participant, queued, reply, send_all, session


def link(app: Flask, person: Person, rest: str = "") -> str:
    return f"/p/{person_token(app.extensions['settings'].secret, person)}{rest}"


def seats() -> list[str]:
    return list(db.session.scalars(select(Seat.status).order_by(Seat.id)))


def wishes() -> list[tuple[int, str]]:
    return [(row.person_id, row.language) for row in db.session.scalars(select(InvitationWish))]


def test_invitations_are_off_until_the_person_says_yes(app: Flask, client: FlaskClient) -> None:
    person = participant(session())
    assert "Do you want each session" in client.get(link(app, person)).text
    assert (wishes(), queued()) == ([], [])
    answer = client.post(link(app, person, "/invitations"), data={"wanted": "1"}, follow_redirects=True)
    assert "Your sessions now come to your calendar by mail." in answer.text
    assert "No more invitations" in answer.text
    assert wishes() == [(person.id, "en")]
    [message] = queued()
    assert message.subject.startswith("Invitation: Step 1")
    assert link(app, person, f"/sessions/{UID}") in (message.body or "")
    client.post(link(app, person, "/invitations"), data={"wanted": "0"})
    assert wishes() == []


def test_whoever_has_no_address_is_not_asked(app: Flask, client: FlaskClient) -> None:
    person = participant(email=None)
    assert "Invitations by mail" not in client.get(link(app, person)).text
    assert client.post(link(app, person, "/invitations"), data={"wanted": "1"}).status_code == 400
    assert wishes() == []


def test_a_seat_is_given_up_and_taken_back(app: Flask, client: FlaskClient) -> None:
    person = participant(session())
    page = link(app, person, f"/sessions/{UID}")
    assert page in client.get(link(app, person)).text
    assert "You have a seat." in client.get(page).text
    answer = client.post(page, data={"coming": "0"}, follow_redirects=True)
    assert "You have no seat." in answer.text
    assert seats() == ["cancelled"]
    answer = client.post(page, data={"coming": "1"}, follow_redirects=True)
    assert "You have a seat." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_seat_taken_meanwhile_is_waited_for(app: Flask, client: FlaskClient) -> None:
    training = session(seats_on_site=1)
    person = participant(training)
    page = link(app, person, f"/sessions/{UID}")
    client.post(page, data={"coming": "0"})
    with unit_of_work():
        attendance.book_seat(training, make.person(), Place.on_site)
    assert "waiting list" in client.post(page, data={"coming": "1"}, follow_redirects=True).text


def test_what_is_over_cannot_be_changed(app: Flask, client: FlaskClient) -> None:
    training = session()
    person = participant(training)
    page = link(app, person, f"/sessions/{UID}")
    with clock.frozen(training.ends_at + timedelta(hours=1)):
        answer = client.get(page)
        assert "This session is over." in answer.text
        assert "Give up the seat" not in answer.text
        assert "This session is over." in client.post(page, data={"coming": "1"}, follow_redirects=True).text


@pytest.mark.parametrize("published", [True, False])
def test_somebody_elses_seat_is_not_found(app: Flask, client: FlaskClient, published: bool) -> None:
    training = session()
    series = training.series
    other, person = make.person(), participant(None if published else training)
    if not published:
        series.published_at = None
        db.session.commit()
    assert client.get(link(app, person, f"/sessions/{UID}")).status_code == 404
    assert client.post(link(app, other, f"/sessions/{UID}"), data={"coming": "1"}).status_code == 404
    assert client.get(f"/p/1-wrong/sessions/{UID}").status_code == 404
    assert client.post("/p/1-wrong/invitations", data={"wanted": "1"}).status_code == 404


def test_a_no_by_mail_is_taken_back_by_the_link_in_the_mail(app: Flask, client: FlaskClient) -> None:
    _training, person = invited()
    handle(Arrival("maildir:1", reply("DECLINED")), sender_of(app.extensions["settings"]))
    [message] = queued()
    send_all()
    page = link(app, person, f"/sessions/{UID}")
    assert page in (message.body or "")
    assert "You have a seat." in client.post(page, data={"coming": "1"}, follow_redirects=True).text


def test_fruitless_answers_are_listed_to_those_who_plan_there(
    app: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    training, _person = invited()
    sender = sender_of(app.extensions["settings"])
    for number, letter in enumerate(
        [
            reply(sequence=7),
            reply(sender="stranger@example.test", message_id="<2>"),
            b"From: x@y.test\r\n\r\nHi",
        ]
    ):
        handle(Arrival(f"maildir:{number}", letter), sender)
    own = make.organisation(make.LINDESBERG)
    pages = {
        who: sign_in(user).get("/invitations/replies").text
        for who, user in {
            "organiser": make.user(("organiser", own)),
            "owner": make.user(("owner", own)),
            "elsewhere": make.user(("organiser", make.organisation(make.STOCKHOLM))),
        }.items()
    }
    shown = {
        who: [words in page for words in ("Åsa Öberg", "s…@example.test", "x…@y.test")]
        for who, page in pages.items()
    }
    assert shown == {
        "organiser": [True, True, False], "owner": [True, True, True], "elsewhere": [False, False, False],
    }  # fmt: skip
    assert "stranger@example.test" not in pages["owner"]
    assert f"/sessions/{training.id}/attendance" in pages["organiser"]
    assert "Every answer counted" in pages["elsewhere"]


def test_the_list_costs_the_same_however_long(
    app: Flask, sign_in: Callable[..., FlaskClient], count_queries: Callable[[], object]
) -> None:
    invited()
    browser = sign_in(make.organiser(make.LINDESBERG))
    sender, costs = sender_of(app.extensions["settings"]), []
    for number in range(3):
        handle(Arrival(f"maildir:{number}", reply(sequence=7, message_id=f"<{number}@x>")), sender)
        with count_queries() as count:  # type: ignore[attr-defined]
            browser.get("/invitations/replies")
        costs.append(len(count))
    assert costs[0] == costs[2]


def test_no_persons_address_is_in_any_feed(app: Flask, client: FlaskClient) -> None:
    _training, person = invited()
    for path in ("/calendars/series/digital-steps.ics", "/calendars/municipality/1885.ics"):
        body = client.get(path).data
        assert UID.encode() in body
        for word in (str(person.email), "mailto:", "ATTENDEE", "ORGANIZER"):
            assert word.encode() not in body

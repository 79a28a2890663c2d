"""The screen at the door: a key that changes, what it is worth and for how long, and how many are here."""

from __future__ import annotations

import base64
import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import queries, rules, service
from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.rules import KeyState, MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import db
from planner.base.viewer import Viewer
from planner.series.models import TrainingSession
from planner.web.links import site_link
from planner.web.qr import qr_packed
from tests import factories as make
from tests.conftest import NOW

SECRET = "test-secret-" * 4
SignIn = Callable[[User], FlaskClient]
At = Callable[[datetime], Any]


@pytest.fixture
def session_now(app: Flask) -> TrainingSession:
    """A session that began an hour ago, with Asta, Bo and Cleo."""
    series = make.published_series()
    for name in ("asta", "bo", "cleo"):
        make.enrolment(series, make.person(make.company(), name=name, email=f"{name}@x.test"))
    return make.training(series, now() - timedelta(hours=1))


@pytest.mark.parametrize(
    ("seconds", "worth"),
    [(-31, "gone"), (-30, "fresh"), (-1, "fresh"), (0, "fresh"), (30, "fresh"), (59, "fresh"), (60, "gone")],
)  # fmt: skip
def test_key_holds_for_its_half_minute_and_the_next(seconds: int, worth: str) -> None:
    key = rules.door_key(SECRET, "uid", rules.step_at(NOW))
    assert rules.key_state(SECRET, "uid", key, NOW + timedelta(seconds=seconds)) == worth


@pytest.mark.parametrize(("minutes", "worth"), [(-1, "gone"), (0, "fresh"), (10, "fresh"), (11, "gone")])
def test_pass_holds_for_ten_minutes(minutes: int, worth: str) -> None:
    key = rules.door_pass(SECRET, "uid", NOW)
    assert rules.key_state(SECRET, "uid", key, NOW + timedelta(minutes=minutes)) == worth


@given(shown=st.text(max_size=40) | st.from_regex(r"\A[0-9]{1,14}-[a-z2-7]{12}\Z"))
def test_anything_else_is_wrong(shown: str) -> None:
    assert rules.key_state(SECRET, "uid", shown, NOW) == KeyState.wrong


def test_key_of_another_session_or_site_is_wrong() -> None:
    step = rules.step_at(NOW)
    for key in (rules.door_key(SECRET, "other", step), rules.door_key("x" * 40, "uid", step)):
        assert rules.key_state(SECRET, "uid", key, NOW) == KeyState.wrong


def test_steps_are_those_in_which_the_door_is_open() -> None:
    starts, ends = NOW, NOW + timedelta(hours=2)
    steps = rules.door_steps(starts, ends)
    assert len(steps) == 3 * 120
    for step, is_open in ((steps[0], True), (steps[-1], True), (steps[0] - 1, False), (steps.stop, False)):
        at = datetime.fromtimestamp(step * 30, NOW.tzinfo)
        assert (rules.door_state(starts, ends, False, at) == "open") is is_open


def packed_text(side: int, bits: str) -> str:
    """What a camera reads of a packed code."""
    raw = base64.b64decode(bits)
    black = [raw[n // 8] >> (7 - n % 8) & 1 for n in range(side * side)]
    picture = Image.new("L", (side + 8, side + 8), 255)
    for n, is_black in enumerate(black):
        picture.putpixel((n % side + 4, n // side + 4), 0 if is_black else 255)
    (found,) = zxingcpp.read_barcodes(
        picture.resize(((side + 8) * 4, (side + 8) * 4), Image.Resampling.NEAREST)
    )
    return found.text


@given(text=st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=150))
def test_packed_code_can_be_read(text: str) -> None:
    assert packed_text(*qr_packed(text)) == text


def test_screen_shows_spoken_code_count_and_where_the_squares_are(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    client = sign_in(make.organiser())
    page = client.get(f"/sessions/{session_now.id}/check-in").text
    code = queries.spoken_code(SECRET, session_now.uid)
    assert f"{code[:3]} {code[3:]}" in page
    assert "0 of 3 here" in page
    assert (
        page.count("check-in/squares?first=") == 6
    )  # half an hour each, for two hours and half an hour around
    picture = client.get(f"/sessions/{session_now.id}/check-in.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")


def test_squares_are_the_keys_of_their_half_minutes(session_now: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser())
    steps = rules.door_steps(session_now.starts_at, session_now.ends_at)
    told = client.get(f"/sessions/{session_now.id}/check-in/squares?first={steps[61]}").json
    assert (told["first"], len(told["squares"])) == (steps[61], 60)
    assert packed_text(**told["squares"][1]) == site_link(
        "attendance.check_in_session",
        uid=session_now.uid,
        k=rules.door_key(SECRET, session_now.uid, steps[62]),
    )
    for first in ("", "x", "0", str(10**30), str(steps.stop - 1)):
        answer = client.get(f"/sessions/{session_now.id}/check-in/squares?first={first}")
        assert answer.status_code == 200
        assert all(
            steps.start <= answer.json["first"] + n < steps.stop for n, _ in enumerate(answer.json["squares"])
        )


def scan(client: FlaskClient, training: TrainingSession, at: datetime) -> Any:
    key = rules.door_key(SECRET, training.uid, rules.step_at(at))
    return client.get(f"/check-in/{training.uid}?k={key}")


def held_pass(page: str) -> str:
    found = re.search(r'name="k" value="([^"]+)"', page)
    assert found
    return found[1]


def enter(client: FlaskClient, training: TrainingSession, key: str, email: str) -> Any:
    sent = {"entry_id": str(uuid.uuid4()), "place": "on_site", "k": key, "email": email}
    return client.post(f"/check-in/{training.uid}", data=sent)


def test_square_opens_the_door_and_leaves_time_to_type(
    session_now: TrainingSession, client: FlaskClient, at: At
) -> None:
    held = held_pass(scan(client, session_now, now()).text)
    with at(NOW + timedelta(minutes=4)):
        again = enter(client, session_now, held, "never@x.test")
        assert (again.status_code, held_pass(again.text) != "") == (422, True)
        assert enter(client, session_now, held, "asta@x.test").status_code == 200
    assert db.session.scalars(select(PresenceEntry.via)).all() == ["screen"]


def test_photo_of_an_old_square_is_refused_in_words(
    session_now: TrainingSession, client: FlaskClient, at: At
) -> None:
    held = held_pass(scan(client, session_now, now()).text)
    with at(NOW + timedelta(minutes=12)):
        for answer in (scan(client, session_now, NOW), enter(client, session_now, held, "asta@x.test")):
            assert answer.status_code == 410
            assert "This code has gone out." in answer.text
            assert "Step 1" not in answer.text  # whose session it is, is for those who are there
    assert db.session.scalars(select(Presence)).all() == []


def test_count_follows_the_marks(session_now: TrainingSession, sign_in: SignIn, at: At) -> None:
    client = sign_in(make.organiser())

    def told() -> dict[str, Any]:
        answer = client.get(f"/sessions/{session_now.id}/check-in/count")
        assert answer.json is not None
        return dict(answer.json)

    assert told() == {
        "text": "0 of 3 here",
        "last_known": "Last known 10:00",
        "now": int(NOW.timestamp() * 1000),
    }
    people = {
        row.person.name: row.person for row in queries.list_roster(session_now, queries.PeopleScope(None))
    }
    people["dan"] = make.person(name="dan")
    for name, verdict, minutes in (
        ("asta", "present", 120),
        ("bo", "late", 60),
        ("cleo", "absent", 0),
        ("dan", "present", 9),
    ):
        wanted = MarkInput(Verdict(verdict), minutes, Place.on_site, str(uuid.uuid4()))
        service.mark(session_now, people[name], wanted, by=Viewer(None, "Eva"), via=Via.roster)
    db.session.commit()
    assert told()["text"] == "3 of 4 here"

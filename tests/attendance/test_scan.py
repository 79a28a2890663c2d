"""Participants' own codes: typed, in a photo, or before the facilitator's camera."""

from __future__ import annotations

import html
import io
import struct
import uuid
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import queries
from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.photos import read_photo
from planner.attendance.rules import badge_of, read_badge
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Role
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.series.models import TrainingSession, series_municipality
from tests import factories as make

SECRET = "test-secret-" * 4
SignIn = Callable[[User], FlaskClient]


# --- the code -------------------------------------------------------------------------------------


@given(person=st.integers(1, 10**9 - 1), generation=st.integers(0, 99))
def test_code_is_read_back_as_people_type_it(person: int, generation: int) -> None:
    code = badge_of(SECRET, person, generation)
    head, first, second = code.split("-")
    easily_taken = str.maketrans("OIB", "018")
    for typed in (code, code.lower(), f" {head} {first} {second} ", f"{head}-{first}{second}",
                  f"{head}–{first.translate(easily_taken)}-{second}"):  # fmt: skip
        assert read_badge(typed) == (person, code)


@given(text=st.text())
@example("")
@example("27")
@example("27-KX4PQ")
@example("1234567890-KX4PQ-M2ZRT")
@example("٣-KX4PQ-M2ZRT")
def test_anything_may_be_typed(text: str) -> None:
    read = read_badge(text)
    assert read is None or read_badge(read[1]) == read


def test_code_is_nobody_elses_and_goes_with_the_link() -> None:
    codes = {badge_of(SECRET, 7, 0), badge_of(SECRET, 8, 0), badge_of(SECRET, 7, 1), badge_of("x" * 40, 7, 0)}
    assert len(codes) == 4


# --- photos ---------------------------------------------------------------------------------------


def photo_of(*texts: str, kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Codes on a grey table, as a phone would see them."""
    picture = Image.new("RGB", size, (120, 118, 110))
    for n, text in enumerate(texts):
        drawn = io.BytesIO()
        segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=8, border=4)
        code = Image.open(drawn).convert("RGB").rotate(7, expand=True, fillcolor=(120, 118, 110))
        picture.paste(code, (60 + n * 600, 200))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def huge_png(side: int) -> bytes:
    """A few bytes that claim to be a picture of so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_code_in_a_photo_is_read(kind: str) -> None:
    assert read_photo(io.BytesIO(photo_of("27-KX4PQ-M2ZRT", kind=kind))) == "27-KX4PQ-M2ZRT"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "cannot be read"),
        (b"not a picture", "cannot be read"),
        (photo_of("x")[:2000], "cannot be read"),
        (b"GIF89a" + bytes(50), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "cannot be read"),
        (huge_png(8000), "too large"),
        (huge_png(60_000), "cannot be read"),
        (huge_png(100), "cannot be read"),
        (photo_of(), "no code"),
        (photo_of("27-KX4PQ-M2ZRT", "28-KX4PQ-M2ZRT"), "several codes"),
    ],
    ids=["empty", "text", "cut", "gif", "broken", "large", "bomb", "hollow", "nothing", "two"],
)
def test_photo_that_cannot_be_read_is_refused_in_words(app: Flask, data: bytes, words: str) -> None:
    with (
        app.test_request_context(headers={"Accept-Language": "en"}),
        pytest.raises(RefusedError, match=words),
    ):
        read_photo(io.BytesIO(data))


@given(
    data=st.binary(max_size=300),
    kind=st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF"]),
)
def test_any_bytes_are_refused_in_words(data: bytes, kind: bytes) -> None:
    with pytest.raises(RefusedError):
        read_photo(io.BytesIO(kind + data))


# --- at the door ----------------------------------------------------------------------------------


@pytest.fixture
def session_now(app: Flask) -> TrainingSession:
    """A hybrid session that began an hour ago; Asta has a seat by video."""
    series = make.published_series()
    training = make.training(series, now() - timedelta(hours=1), mode="hybrid")
    make.seat(training, make.person(make.company(), name="Asta"), place="remote")
    return training


def named(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def code_of(person: Person) -> str:
    return badge_of(SECRET, person.id, person.link_generation)


def send(client: FlaskClient, training: TrainingSession, **values: Any) -> Any:
    sent = {"entry_id": str(uuid.uuid4()), **values}
    return client.post(f"/sessions/{training.id}/attendance/scan", data=sent, follow_redirects=True)


def tell(client: FlaskClient, training: TrainingSession, code: str, **values: Any) -> tuple[int, str, str]:
    sent = {"code": code, "id": str(uuid.uuid4()), **values}
    answer = client.post(f"/sessions/{training.id}/attendance/scan", json=sent)
    return answer.status_code, answer.json["state"], answer.json["message"]


def noted() -> list[tuple[str, str, str, str]]:
    query = select(Person.name, Presence.verdict, Presence.place, PresenceEntry.via)
    found = db.session.execute(query.join(Presence.person).join(Presence.entry).order_by(Person.name))
    return [tuple(row) for row in found]


def test_persons_page_shows_a_code_that_names_nobody(
    session_now: TrainingSession, client: FlaskClient
) -> None:
    asta = named("Asta")
    token = person_token(SECRET, asta)
    assert f"/p/{token}/code" in client.get(f"/p/{token}").text
    page = client.get(f"/p/{token}/code")
    assert code_of(asta) in page.text
    assert "Asta" not in page.text
    picture = client.get(f"/p/{token}/code.svg")
    assert (picture.mimetype, picture.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert client.get(f"/p/{token}x/code").status_code == 404
    assert client.get(f"/p/{code_of(asta)}").status_code == 404  # it opens nothing


def test_code_typed_or_in_a_photo_is_a_mark(session_now: TrainingSession, sign_in: SignIn) -> None:
    client, code = sign_in(make.organiser()), code_of(named("Asta"))
    answer = send(client, session_now, photo=(io.BytesIO(photo_of(code)), "asta.jpg"))
    assert (answer.status_code, "Asta is here." in answer.text) == (200, True)
    again = send(client, session_now, code=code.lower())
    assert "Asta is already noted as here." in again.text
    assert noted() == [("Asta", "present", "remote", "scan")]
    assert len(queries.list_entries_of(session_now, named("Asta"))) == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Take a photo of the code, or type it."),
        ({"code": "27-KX4PQ-M2ZRT"}, "This is nobody's code."),
        ({"code": "https://elsewhere.example/"}, "This is nobody's code."),
        ({"photo": (b"x", "x.jpg")}, "This picture cannot be read."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    session_now: TrainingSession, sign_in: SignIn, values: dict[str, Any], words: str
) -> None:
    if "photo" in values:
        values = {"photo": (io.BytesIO(values["photo"][0]), values["photo"][1])}
    answer = send(sign_in(make.organiser()), session_now, **values)
    assert (answer.status_code, words in html.unescape(answer.text)) == (422, True)
    assert noted() == []


def test_somebody_who_is_not_on_the_list_is_asked_about(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    client, dan = sign_in(make.organiser()), make.person(name="Dan")
    answer = send(client, session_now, code=code_of(dan))
    assert (answer.status_code, "Dan is not on the list." in answer.text) == (422, True)
    assert noted() == []
    assert "Dan is here." in send(client, session_now, code=code_of(dan), walk_in="1").text
    assert noted() == [("Dan", "present", "on_site", "scan")]


def test_camera_is_answered_in_words(session_now: TrainingSession, sign_in: SignIn) -> None:
    client, dan, asta = sign_in(make.organiser()), make.person(name="Dan"), named("Asta")
    assert tell(client, session_now, code_of(asta)) == (200, "here", "Asta is here.")
    assert tell(client, session_now, code_of(asta)) == (200, "already", "Asta is already noted as here.")
    assert tell(client, session_now, code_of(dan)) == (200, "unexpected", "Dan is not on the list.")
    assert tell(client, session_now, code_of(dan), walk_in=True) == (200, "here", "Dan is here.")
    assert tell(client, session_now, "27-KX4PQ-M2ZRT")[:2] == (422, "refused")
    assert tell(client, session_now, code_of(asta), id="x")[:2] == (200, "already")
    for sent in ([], {}, {"code": 5}, {"code": code_of(make.person()), "id": 7, "walk_in": True}):
        answer = client.post(f"/sessions/{session_now.id}/attendance/scan", json=sent)
        assert (answer.status_code, answer.json["state"]) == (422, "refused")


def test_only_the_scanning_page_may_ask_for_the_camera(session_now: TrainingSession, sign_in: SignIn) -> None:
    client = sign_in(make.organiser())
    allowed = {
        path: "camera=(self)"
        in client.get(f"/sessions/{session_now.id}/{path}").headers["Permissions-Policy"]
        for path in ("attendance/scan", "attendance", "check-in")
    }
    assert allowed == {"attendance/scan": True, "attendance": False, "check-in": False}


def test_absent_person_who_comes_after_all_is_corrected_with_a_reason(
    session_now: TrainingSession, sign_in: SignIn
) -> None:
    client, asta = sign_in(make.organiser()), named("Asta")
    mark = {"person": asta.id, "verdict": "absent", "place": "remote", "id": str(uuid.uuid4())}
    assert client.post(f"/sessions/{session_now.id}/attendance/marks", json=mark).status_code == 200
    assert tell(client, session_now, code_of(asta))[1] == "here"
    found = queries.list_entries_of(session_now, asta)
    assert [(entry.verdict, entry.reason) for entry in found] == [
        ("present", "came after this was noted"), ("absent", ""),
    ]  # fmt: skip


def test_neighbour_scans_its_own_people_only(session_now: TrainingSession, sign_in: SignIn) -> None:
    db.session.execute(
        series_municipality.insert().values(series_id=session_now.series_id, municipality_code=make.NORA)
    )
    own = make.person(make.company(make.NORA), make.NORA, name="Nils")
    make.seat(session_now, own)
    neighbour = sign_in(make.user((Role.organiser, make.organisation(make.NORA))))
    assert tell(neighbour, session_now, code_of(own))[1] == "here"
    assert tell(neighbour, session_now, code_of(named("Asta")))[1:] == (
        "refused",
        "This person is on the list of another municipality.",
    )
    assert [row[0] for row in noted()] == ["Nils"]

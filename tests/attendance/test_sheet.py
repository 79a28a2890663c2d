from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.attendance.models import PresenceEntry
from planner.attendance.papers import Sheet, sheet_paper
from planner.base.db import db
from tests import factories as make
from tests import papers
from tests.conftest import NOW

SignIn = Callable[[User], FlaskClient]


def sheet(people: list[tuple[str, str]]) -> bytes:
    head = Sheet(
        "Series", "Step", "Hub", NOW, NOW + timedelta(hours=2), "Room", "Lena", "https://x.test/sessions/1"
    )
    return sheet_paper(head, people)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (300, 15)])
def test_everyone_is_on_the_sheet_once_in_order(app: Flask, count: int, pages: int) -> None:
    people = [(f"Person{number}", "Company") for number in range(count)]
    data = sheet(people)
    texts = papers.texts(data)
    words = " ".join(texts).split()
    assert [word for word in words if word.startswith("Person")] == [name for name, _company in people]
    assert len(texts) == pages
    assert papers.qr_codes(data) == ["https://x.test/sessions/1"]


def test_long_names_are_whole(app: Flask) -> None:
    name = "Åsa-Lena von " + "Längenamn" * 12
    [text] = papers.texts(sheet([(name, "Bolaget " * 20)]))
    assert name.replace(" ", "") in "".join(text.replace("Bolaget", "").split())


def test_the_square_leads_to_the_roll_where_marks_are_noted_as_from_the_sheet(
    app: Flask, sign_in: SignIn
) -> None:
    hub = make.organisation()
    organiser, series = make.user((make.Role.organiser, hub)), make.published_series(hub)
    training = make.training(series, NOW - timedelta(hours=3))
    who = make.person(make.company())
    make.enrolment(series, who)
    client = sign_in(organiser)
    answer = client.get(f"/sessions/{training.id}/attendance/sheet.pdf")
    assert answer.mimetype == "application/pdf"
    assert who.name in papers.texts(answer.data)[0]
    [address] = papers.qr_codes(answer.data)
    path = address.removeprefix(app.extensions["settings"].site_url)
    page = client.get(path).text
    assert "noted as read off the printed sheet" in page
    assert f'data-url="/sessions/{training.id}/attendance/marks?via=sheet"' in page
    form = {f"was-{who.id}": "|on_site|", f"verdict-{who.id}": "present", f"place-{who.id}": "on_site"}
    assert client.post(path, data=form).status_code == 302
    [entry] = db.session.query(PresenceEntry).all()
    assert (entry.via, entry.verdict, entry.person_id) == ("sheet", "present", who.id)
    history = client.get(f"/sessions/{training.id}/attendance/{who.id}").text
    assert "from the printed sheet" in history


def test_a_tap_on_the_roll_opened_from_the_sheet_is_from_the_sheet(app: Flask, sign_in: SignIn) -> None:
    hub = make.organisation()
    organiser, series = make.user((make.Role.organiser, hub)), make.published_series(hub)
    training, who = make.training(series, NOW - timedelta(hours=3)), make.person(make.company())
    make.enrolment(series, who)
    tap = {"person": who.id, "verdict": "present", "place": "on_site", "id": str(make.uuid.uuid4())}
    sign_in(organiser).post(f"/sessions/{training.id}/attendance/marks?via=sheet", json=tap)
    assert db.session.query(PresenceEntry).one().via == "sheet"

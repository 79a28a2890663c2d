from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from planner.accounts.models import User
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.certificates import service
from planner.directory.models import OrganisationLogo
from planner.directory.pictures import MAX_BYTES, logo_png
from planner.directory.rules import person_token
from planner.jobs.models import Job
from planner.jobs.work import carry_due
from tests import factories as make
from tests import papers
from tests.certificates.common import Scene, issued, marked, participant, ruled, scene
from tests.conftest import make_app, new_client

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene()


@pytest.fixture
def organiser(here: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in(here.organiser)


def page_of(here: Scene) -> str:
    return f"/series/{here.series.id}/certificates"


def test_from_rule_to_certificate_to_withdrawal(
    here: Scene, organiser: FlaskClient, client: FlaskClient
) -> None:
    done = participant(here, 120, 120, name="Åsa Öberg")
    participant(here, 120, 0, name="Half")
    page = page_of(here)
    assert organiser.get(page).text.count('name="person"') == 0
    assert organiser.post(page + "/rule", data={"kind": "all"}).status_code == 302
    shown = organiser.get(page).text
    assert shown.count('name="person"') == 1
    assert "Missing: Step 2" in shown
    assert organiser.post(page, data={"person": [done.id]}).status_code == 302
    [made] = db.session.query(service.Certificate).all()
    code = f"{made.code[:4]}-{made.code[4:8]}-{made.code[8:]}"
    answer = client.get(f"/verify/{code.lower()}")
    assert "This certificate holds." in answer.text
    assert "Åsa Öberg" in answer.text
    assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == (
        "noindex, nofollow",
        "no-store",
    )
    one = f"{page}/{made.id}"
    assert organiser.post(one, data={"reason": ""}).status_code == 422
    assert organiser.post(one, data={"reason": "Wrong name"}).status_code == 302
    told = client.get(f"/verify/{code}").text
    assert "It was withdrawn on Tue 6 Oct · wk 41: Wrong name" in told
    assert "This certificate holds." not in told


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"kind": "steps", "steps": "1"}, 302), ({"kind": "minutes", "minutes": "90"}, 302), ({"kind": "none"}, 302),
        ({"kind": "steps", "steps": "3"}, 422), ({"kind": "steps"}, 422), ({"kind": "minutes", "minutes": "x"}, 422),
        ({"kind": "minutes", "minutes": "99999999999"}, 422), ({"kind": "other"}, 422), ({}, 422),
    ],
)  # fmt: skip
def test_a_rule_is_taken_or_refused_with_what_was_typed(
    here: Scene, organiser: FlaskClient, form: dict[str, str], code: int
) -> None:
    answer = organiser.post(page_of(here) + "/rule", data=form)
    assert answer.status_code == code
    if code == 422 and "steps" in form:
        assert 'value="3"' in answer.text


def test_issuing_twice_issues_once(here: Scene, organiser: FlaskClient) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    for _time in range(2):
        organiser.post(page_of(here), data={"person": [done.id, "x", "99999999999999"]})
    assert db.session.query(service.Certificate).count() == 1


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC", "x", "é", "K7QF-2M9D-XH4T-AAAA", "%2e%2e"])
def test_an_unknown_code_is_told_so_politely(app: Flask, client: FlaskClient, code: str) -> None:
    answer = client.get(f"/verify/{code}")
    assert answer.status_code == 404
    assert "No certificate has this code" in answer.text


@pytest.mark.parametrize(
    ("typed", "status"), [("k7qf 2m9d xh4t", 302), ("K7QF", 422), ("", 422), ("K" * 50, 422)]
)
def test_a_code_is_typed_as_it_is_printed(client: FlaskClient, typed: str, status: int) -> None:
    answer = client.post("/verify", data={"code": typed})
    assert answer.status_code == status
    if status == 302:
        assert answer.location == "/verify/K7QF-2M9D-XH4T"


def test_guessing_is_stopped_and_looking_up_is_not(tmp_path: Any) -> None:
    app = make_app(f"sqlite:///{tmp_path / 'limits.db'}", rate_limits=True)
    with app.app_context():
        db.create_all()
        guesser = new_client(app)
        codes = [guesser.get(f"/verify/{number:012d}").status_code for number in range(22)]
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    assert codes == [404] * 20 + [429] * 2


def test_the_holder_finds_it_on_their_page_and_nobody_elses(
    here: Scene, client: FlaskClient, app: Flask
) -> None:
    done, other = participant(here, 120, 120, name="Done"), participant(here, 120, 120, name="Other")
    ruled(here)
    [made] = issued(here, done)
    secret = app.extensions["settings"].secret
    own, others = (f"/p/{person_token(secret, who)}" for who in (done, other))
    address = f"{own}/certificates/{made.code}.pdf"
    assert f'href="{address}?language=sv"' in client.get(own).text
    assert "Your certificates" not in client.get(others).text
    answer = client.get(f"{address}?language=en")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert "has taken part in" in papers.texts(answer.data)[0]
    assert "har deltagit i" in papers.texts(client.get(f"{address}?language=sv").data)[0]
    assert client.get(f"{others}/certificates/{made.code}.pdf").status_code == 404
    with unit_of_work():
        service.withdraw(db.session.merge(made), "Gone", by=here.viewer)
    assert client.get(address).status_code == 404


def test_all_of_them_come_in_one_file(here: Scene, organiser: FlaskClient) -> None:
    names = ["Åsa Öberg", "Åsa Öberg", "Bo/Li"]
    people = [participant(here, 120, 120, name=name) for name in names]
    ruled(here)
    made = issued(here, *people)
    answer = organiser.post(page_of(here) + "/zip", data={"language": "en"})
    assert carry_due() == 1
    with zipfile.ZipFile(io.BytesIO(organiser.get(answer.location + "/file").data)) as package:
        found = {name: papers.texts(package.read(name))[0] for name in package.namelist()}
    assert set(found) == {f"{one.content['name'].replace('/', '_')} {one.code}.pdf" for one in made}
    assert all("has taken part in" in text for text in found.values())


def test_one_withdrawn_meanwhile_is_left_out_of_the_file(here: Scene, organiser: FlaskClient) -> None:
    people = [participant(here, 120, 120, name=name) for name in ("A", "B")]
    ruled(here)
    made = issued(here, *people)
    answer = organiser.post(page_of(here) + "/zip")
    with unit_of_work():
        service.withdraw(db.session.merge(made[0]), "Gone", by=here.viewer)
    carry_due()
    with zipfile.ZipFile(io.BytesIO(organiser.get(answer.location + "/file").data)) as package:
        assert package.namelist() == [f"B {made[1].code}.pdf"]
    assert db.session.query(Job).one().done == 2


def test_there_is_no_file_of_nothing(here: Scene, organiser: FlaskClient) -> None:
    assert organiser.post(page_of(here) + "/zip").status_code == 404


def test_a_correction_is_shown_beside_the_certificate(here: Scene, organiser: FlaskClient) -> None:
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    issued(here, done)
    assert "Corrected since" not in organiser.get(page_of(here)).text
    marked(here.trainings[0], done, 60, reason="Left early")
    assert "Choose it to issue a new one" in organiser.get(page_of(here)).text
    marked(here.trainings[0], done, 0, reason="Was not there")
    assert "The rule is no longer met" in organiser.get(page_of(here)).text


def picture(kind: str, size: tuple[int, int] = (1200, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, comment=b"secret") if kind == "JPEG" else Image.new(
        "RGBA", size, (0, 0, 90, 0)
    ).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_made_anew_from_what_was_sent(app: Flask, sign_in: SignIn, kind: str) -> None:
    here = scene()
    owner = sign_in(make.user((make.Role.owner, here.organisation)))
    address = f"/organisations/{here.organisation.id}/logo"
    sent = {"picture": (io.BytesIO(picture(kind)), "logo.any")}
    assert owner.post(address, data=sent).status_code == 302
    kept = owner.get(address + ".png")
    assert kept.mimetype == "image/png"
    with Image.open(io.BytesIO(kept.data)) as image:
        assert (image.format, image.size, image.info.get("comment")) == ("PNG", (900, 225), None)
    done = participant(here, 120, 120, name="Done")
    ruled(here)
    [made] = issued(here, done)
    with_logo = service.draw(made, "sv")
    assert papers.pictures(with_logo) == 1
    owner.post(address + "/remove")
    assert owner.get(address + ".png").status_code == 404
    assert service.draw(made, "sv") == with_logo


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a file."), (b"GIF89a", "could not be read"), (picture("PNG")[:500], "could not be read"),
        (picture("PNG", (4001, 4000)), "too many dots"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "could not be read"),
    ],
    ids=["nothing", "gif", "half", "wide", "svg"],
)  # fmt: skip
def test_what_is_no_logo_is_refused_in_words(here: Scene, sign_in: SignIn, data: bytes, words: str) -> None:
    owner = sign_in(make.user((make.Role.owner, here.organisation)))
    sent = {"picture": (io.BytesIO(data), "logo.png")} if data else {}
    answer = owner.post(f"/organisations/{here.organisation.id}/logo", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(OrganisationLogo).count() == 0


def test_a_heavy_picture_is_refused_without_being_opened(app: Flask) -> None:
    with pytest.raises(RefusedError, match="2 MB"):
        logo_png(b"x" * (MAX_BYTES + 1))

from __future__ import annotations

from collections.abc import Callable
from re import findall
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.base.viewer import Role
from planner.web.access import WORDS, access_word, current_viewer
from tests import factories as make


def test_every_view_has_an_access_word(app: Flask) -> None:
    static = {"static", "bootstrap.static"}
    without = {name for name, view in app.view_functions.items() if access_word(view) is None} - static
    assert without == set()


def test_a_view_without_a_word_is_closed(app: Flask, client: FlaskClient) -> None:
    view = app.view_functions["web.robots"]
    word, view.access = view.access, None
    try:
        assert client.get("/robots.txt").status_code == 403
    finally:
        view.access = word
    assert client.get("/robots.txt").status_code == 200


def test_words_name_only_known_roles() -> None:
    assert "public" in WORDS


def test_signed_in_viewer_has_grants(app: Flask) -> None:
    account = make.organiser(make.LINDESBERG, make.NORA)
    viewer = make.viewer_of(account)
    assert viewer.may_edit_in(make.NORA)
    assert not viewer.may_edit_in(make.OREBRO)


def test_sign_in_fixture_signs_in(app: Flask, sign_in) -> None:  # type: ignore[no-untyped-def]
    account = make.organiser()
    client = sign_in(account)
    with client:
        client.get("/robots.txt")
        assert current_viewer().user_id == account.id


EVERYBODYS = ["Start", "Plan", "Series", "Templates", "Figures"]


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.owner, "Directory"),
        (Role.organiser, "Directory"),
        (Role.guide, "Directory"),
        (Role.facilitator, None),
        (Role.reader, None),
    ],
)
def test_the_navigation_leads_to_what_a_role_may_open(
    app: Flask, sign_in: Callable[[Any], FlaskClient], role: Role, more: str | None
) -> None:
    client = sign_in(make.user((role, make.organisation())))
    navigation = client.get("/").text.split("<nav", 1)[1].split("</nav>", 1)[0]
    entries = findall(r'href="([^"]+)"[^>]*>\s*(?:<svg.*?</svg>\s*)?(\w+)', navigation)
    assert [name for _, name in entries] == [*EVERYBODYS[:4], *([more] if more else []), EVERYBODYS[4]]
    assert {client.get(url).status_code for url, _ in entries} == {200}

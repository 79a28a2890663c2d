from __future__ import annotations

import pytest
from flask import Flask

from planner.accounts import queries
from planner.base.viewer import Role
from tests import factories as make
from tests.conftest import new_client


def run(app: Flask, *args: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["planner", "users", "add", *args])
    return result.exit_code, result.output


def test_first_owner_gets_a_link_that_signs_in(app: Flask) -> None:
    code, output = run(
        app, "Eva@Example.test", "Eva", "--role", "owner", "--organisation", "Masugnen",
        "--kind", "training_hub", "--municipality", "lindesberg", "--municipality", make.NORA,
    )  # fmt: skip
    assert code == 0
    user = queries.find_user_by_email("eva@example.test")
    assert user is not None
    viewer = make.viewer_of(user)
    assert [(g.role, g.municipality_codes) for g in viewer.grants] == [
        (Role.owner, frozenset({make.LINDESBERG, make.NORA}))
    ]
    path = output.strip().splitlines()[-1].removeprefix("http://127.0.0.1:8000")
    client = new_client(app)
    assert client.post(path, data={"password": ""}).location == "/"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("typed", ["Örebro", "örebro", "ÖREBRO", make.OREBRO])
def test_a_municipality_is_found_by_code_or_name_in_any_case(app: Flask, typed: str) -> None:
    code, _ = run(app, "eva@example.test", "Eva", "--organisation", "Region", "--municipality", typed)
    assert code == 0
    viewer = make.viewer_of(queries.find_user_by_email("eva@example.test"))
    assert viewer.grants[0].municipality_codes == {make.OREBRO}


def test_a_second_role_is_added_to_the_first(app: Flask) -> None:
    organisation = make.organisation(name="Masugnen")
    make.user((Role.owner, organisation))
    account = make.user((Role.reader, organisation), email="bo@example.test")
    assert run(app, "bo@example.test", "x", "--role", "guide", "--organisation", "Masugnen")[0] == 0
    assert queries.get_member(organisation, account.id).roles == (Role.guide, Role.reader)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nowhere", "Bo", "--organisation", "X", "--municipality", "Nora"), "Write an e-mail address"),
        (("bo@example.test", "Bo", "--organisation", "X"), "no organisation called X"),
        (("bo@example.test", "Bo", "--organisation", "X", "--municipality", "Nowhere"), "name Nowhere"),
        (("bo@example.test", "Bo", "--role", "guide", "--organisation", "X", "--municipality", "Nora"), "its owner"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    app: Flask, args: tuple[str, ...], words: str
) -> None:
    code, output = run(app, *args)
    assert (code, words in output) == (1, True)
    assert queries.find_user_by_email("bo@example.test") is None

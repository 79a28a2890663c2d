"""Every view × every role gives the answer that access_table.csv says: yes, sign in, or no.

`REWRITE_GOLDEN=1 python -m pytest tests/contract/test_access_table.py` writes the table anew; read its diff as
carefully as code.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from planner.accounts.models import User
from planner.base.viewer import Role
from planner.web.access import access_word
from tests import factories as make
from tests.conftest import new_client

TABLE = Path(__file__).with_name("access_table.csv")
ROLES = ("nobody", "no role", *(role.value for role in Role))
NO_SUCH_ROW, NO_SUCH_KEY = 2_000_000_000, "x"

SignIn = Callable[[User], FlaskClient]


def rules(app: Flask) -> list[tuple[Rule, str]]:
    """Each view's rule and method, the way a browser would ask; HEAD and OPTIONS follow GET."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "bootstrap.static"):
            continue
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        found.extend((rule, method) for method in methods)
    return sorted(found, key=lambda item: (item[0].endpoint, item[0].rule, item[1]))


def path_of(rule: Rule) -> str:
    values = {
        name: NO_SUCH_ROW if isinstance(converter, IntegerConverter) else NO_SUCH_KEY
        for name, converter in rule._converters.items()
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


def answer(client: FlaskClient, path: str, method: str) -> str:
    """What the guard said; what the view itself answers to made-up ids does not matter here."""
    response = client.open(path, method=method)
    if response.status_code == 403:
        return "no"
    asked = response.status_code == 302 and response.location.split("?")[0] == "/sign-in"
    return "sign in" if asked else "yes"


def browsers(app: Flask, sign_in: SignIn) -> dict[str, FlaskClient]:
    organisation = make.organisation()
    by_role = {role.value: sign_in(make.user((role, organisation))) for role in Role}
    return {"nobody": new_client(app), "no role": sign_in(make.user()), **by_role}


def measured(app: Flask, sign_in: SignIn) -> list[dict[str, str]]:
    clients = browsers(app, sign_in)
    rows = []
    for rule, method in rules(app):
        word = access_word(app.view_functions[rule.endpoint]) or ""
        row = {"view": rule.endpoint, "method": method, "address": rule.rule, "word": word}
        rows.append({**row, **{role: answer(clients[role], path_of(rule), method) for role in ROLES}})
        if rule.endpoint == "accounts.sign_out":
            clients = browsers(app, sign_in)
    return rows


def test_every_view_answers_every_role_as_the_table_says(app: Flask, sign_in: SignIn) -> None:
    rows = measured(app, sign_in)
    if os.environ.get("REWRITE_GOLDEN"):
        with TABLE.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    with TABLE.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert rows == expected


@pytest.mark.parametrize("word", ["user", "member", "facilitator", "organiser", "owner"])
def test_the_table_never_lets_nobody_in_where_a_word_asks_for_an_account(word: str) -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        let_in = [
            row["view"] for row in csv.DictReader(file) if row["word"] == word and row["nobody"] == "yes"
        ]
    assert let_in == []

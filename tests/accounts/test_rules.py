from __future__ import annotations

import pytest
from flask import Flask

from planner.accounts.rules import check_password, clean_email, client_name, is_easily_guessed
from planner.base.errors import RefusedError


@pytest.mark.parametrize(
    ("password", "guessed"),
    [
        ("password123", True),
        ("P@ssw0rd2026!", True),
        ("Sommar2026!!", True),
        ("lösenord1234", True),
        ("1234567890", True),
        ("qwertyuiop", True),
        ("poiuytrewq", True),
        ("aaaaaaaaaaaa", True),
        ("hejsahejsahejsa", True),
        ("0725901846", True),
        ("annasvensson77", True),
        ("lindesberg99", True),
        ("korrekt häst batteri", False),
        ("vintergatan lyser", False),
        ("bra-kaffe-i-nora", False),
        ("72590184610077252", False),
    ],
)
def test_easily_guessed(password: str, guessed: bool) -> None:
    assert is_easily_guessed(password, email="anna@lindesberg.se", name="Anna Svensson") is guessed


@pytest.mark.parametrize(
    ("password", "taken"), [("nio tecken", True), ("åtta tec", False), ("x" * 201, False)]
)
def test_password_length(app: Flask, password: str, taken: bool) -> None:
    if taken:
        check_password(password)
        return
    with pytest.raises(RefusedError) as refusal:
        check_password(password)
    assert refusal.value.field == "password"


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        (" Anna@Example.SE ", "anna@example.se"),
        ("å.ö@härjedalen.se", "å.ö@härjedalen.se"),
        ("a+b@x.y.se", "a+b@x.y.se"),
    ],
)
def test_clean_email(typed: str, cleaned: str) -> None:
    assert clean_email(typed) == cleaned


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "anna@",
        "@x.se",
        "a@b",
        "a b@x.se",
        "a@x.se, b@x.se",
        "a@x.se\nBcc: b@x.se",
        "a@x..",
        "<a@x.se>",
    ],
)
def test_clean_email_refuses(app: Flask, typed: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        clean_email(typed)
    assert refusal.value.field == "email"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML) Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", ""),
    ],
)  # fmt: skip
def test_client_name(user_agent: str, name: str) -> None:
    assert client_name(user_agent) == name

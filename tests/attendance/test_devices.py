"""On what a mark was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.attendance.rules import device_of
from planner.base.clock import now
from tests import factories as make

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) Chrome/129.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (ANDROID, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_6) Version/17.6 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_6) CriOS/129.0 Safari/604.1", "Chrome, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.6 Safari/605.1.15", "Safari, Mac"),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_device_is_a_kind_and_no_fingerprint(said: str, device: str) -> None:
    assert device_of(said) == device


def test_history_says_on_what_each_mark_was_made(app: Flask, sign_in: Callable[[User], FlaskClient]) -> None:
    training = make.training(make.published_series(), now() - timedelta(hours=1))
    person = make.person()
    make.seat(training, person)
    client = sign_in(make.organiser())
    address = f"/sessions/{training.id}/attendance"
    sent = {
        "person": person.id,
        "verdict": "late",
        "place": "on_site",
        "id": "00000000-0000-4000-8000-000000000001",
    }
    assert client.post(f"{address}/marks", json=sent, headers={"User-Agent": ANDROID}).status_code == 200
    assert "on the list · Chrome, Android" in client.get(f"{address}/{person.id}").text

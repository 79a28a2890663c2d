from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.outbox.delivery import claim_due, deliver_due, erase_given_up
from planner.outbox.models import Message
from planner.outbox.rules import KEPT_AFTER_FAILURE, LEASE, WAITS, DeliveryError, Letter
from tests.together import all_at_once


class Postman:
    """Takes letters, or refuses each with `error`."""

    def __init__(self, error: DeliveryError | None = None) -> None:
        self.taken: list[str] = []
        self.error = error

    def send(self, letter: Letter) -> None:
        if self.error:
            raise self.error
        self.taken.append(letter.key)

    def close(self) -> None:
        pass


def message(key: str = "k", **values: Any) -> Message:
    row = Message(**{"key": key, "recipient": "a@example.test", "subject": "s", "body": "b", **values})
    db.session.add(row)
    db.session.commit()
    return row


def fresh(row: Message) -> Message:
    db.session.refresh(row)
    return row


def test_delivered_message_is_marked_and_its_text_erased(app: Flask) -> None:
    row, postman = message(), Postman()
    assert deliver_due(postman) == 1
    assert postman.taken == ["k"]
    assert (fresh(row).status, row.sent_at, row.body, row.attempts) == ("sent", now(), None, 1)
    assert deliver_due(postman) == 0


def test_the_demo_keeps_the_text(app: Flask) -> None:
    row = message()
    deliver_due(Postman(), keep_body=True)
    assert (fresh(row).status, row.body) == ("sent", "b")


def test_oldest_first_as_many_as_asked_and_none_before_its_time(app: Flask) -> None:
    for key, minutes in (("later", -1), ("old", 9), ("older", 10), ("new", 1)):
        message(key, due_at=now() - timedelta(minutes=minutes))
    postman = Postman()
    assert [deliver_due(postman, 2), deliver_due(postman, 2), deliver_due(postman, 2)] == [2, 1, 0]
    assert postman.taken == ["older", "old", "new"]


def test_refused_message_is_tried_again_with_growing_waits_and_given_up(
    app: Flask, at: Callable[..., Any]
) -> None:
    row, postman, moment = message(), Postman(DeliveryError("450 busy")), now()
    for wait in WAITS:
        with at(moment):
            assert deliver_due(postman) == 1
        assert (fresh(row).status, row.due_at, row.error, row.body) == (
            "queued",
            moment + wait,
            "450 busy",
            "b",
        )
        moment += wait
        with at(moment - timedelta(seconds=1)):
            assert deliver_due(postman) == 0
    with at(moment):
        deliver_due(postman)
    assert (fresh(row).status, row.error, row.body) == ("failed", "450 busy", "b")
    with at(row.due_at + KEPT_AFTER_FAILURE), unit_of_work():
        assert erase_given_up() == 0
    with at(row.due_at + KEPT_AFTER_FAILURE + timedelta(seconds=1)), unit_of_work():
        assert erase_given_up() == 1
    assert (fresh(row).status, row.body) == ("failed", None)


def test_permanently_refused_message_fails_at_once(app: Flask) -> None:
    row = message()
    deliver_due(Postman(DeliveryError("550 no such user", permanent=True)))
    assert (fresh(row).status, row.attempts, row.error) == ("failed", 1, "550 no such user")


def test_one_refused_message_does_not_hold_up_the_next(app: Flask) -> None:
    for key in ("a", "b"):
        message(key)
    assert deliver_due(Postman(DeliveryError("no"))) == 2


def test_message_of_a_dead_worker_falls_due_again(app: Flask, at: Callable[..., Any]) -> None:
    message()
    start = now()
    assert [letter.attempt for letter in claim_due(5)] == [1]
    assert claim_due(5) == []
    with at(start + LEASE):
        assert [letter.attempt for letter in claim_due(5)] == [2]


def test_worker_that_outlived_its_lease_changes_nothing(app: Flask, at: Callable[..., Any]) -> None:
    row, start = message(), now()

    class Slow(Postman):
        def send(self, letter: Letter) -> None:
            with at(start + LEASE):
                claim_due(5)

    deliver_due(Slow())
    assert (fresh(row).status, row.attempts, row.body) == ("queued", 2, "b")


@pytest.mark.committed
def test_two_workers_never_take_the_same_message(committed_app: Flask) -> None:
    keys = [f"k{n:02}" for n in range(40)]
    db.session.add_all(Message(key=key, recipient="a@example.test", subject="s", body="b") for key in keys)
    postmen = [Postman(), Postman()]

    def run(postman: Postman) -> None:
        while deliver_due(postman, 3):
            pass

    all_at_once([partial(run, postman) for postman in postmen])
    assert sorted(postmen[0].taken + postmen[1].taken) == keys
    assert set(db.session.scalars(select(Message.status))) == {"sent"}

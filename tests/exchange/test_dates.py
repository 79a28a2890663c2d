"""What an update means for sessions: held, cancelled, moved to another step, made longer, and all of it undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.clock import now
from planner.base.db import db
from planner.exchange.queries.series import find_latest_update
from planner.exchange.rules.reviews import review
from planner.series import service as series_service
from planner.series.models import TrainingSession
from planner.series.queries import document_of
from planner.series_templates.merge import Outcome
from tests import factories as make
from tests.exchange.common import BASE, Scene, ordered, publish, scene, with_step
from tests.exchange.test_routes import send

SignIn = Callable[[User], FlaskClient]

WITHOUT_S3 = ordered(BASE, "s1", "s2", "s4")


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene(make.LINDESBERG)


@pytest.fixture
def browser(here: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in(here.account)


def now_is(training: TrainingSession) -> TrainingSession:
    return db.session.get_one(TrainingSession, training.id)


# --- held ---


def test_a_step_that_has_been_held_stays_as_it_was(here: Scene, browser: FlaskClient) -> None:
    here.session("s1", -7)
    here.session("s3", -3)
    news = with_step(with_step(WITHOUT_S3, "s1", title="New title"), "s2", title="New second")
    publish(here, news)
    assert [field.path for field in here.review.left_alone] == ["steps.s1.title", "steps.s3"]
    page = browser.get(f"/series/{here.series_id}/update").text
    assert "A step whose sessions have been held stays as it was held." in page
    assert send(browser, here).status_code == 302
    assert document_of(here.series) == with_step(BASE, "s2", title="New second")


def test_a_held_step_is_not_moved(here: Scene) -> None:
    here.session("s1", -7)
    publish(here, ordered(BASE, "s2", "s4", "s3", "s1"))
    [order] = [field for field in here.review.merge.fields if field.path == "steps"]
    assert (order.outcome, order.theirs) == (Outcome.TAKE_THEIRS, ("s1", "s2", "s4", "s3"))


def test_a_session_that_has_begun_counts_as_held_and_a_cancelled_one_does_not(here: Scene) -> None:
    here.session("s1", 0)
    here.session("s2", -3, cancelled_at=now(), cancel_reason="Ill")
    publish(here, with_step(BASE, "s1", minutes=60))
    assert here.review.held == {"s1"}


# --- a step that goes ---


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "Say what is to happen with the sessions of each step that goes."),
        ({"fate-s3": "cancel"}, "Say why it is cancelled"),
        ({"fate-s3": "move:s9"}, "Choose a step that stays to move the sessions to."),
        ({"fate-s3": "move:s3"}, "Choose a step that stays to move the sessions to."),
        ({"fate-s3": "burn"}, "Say what is to happen with the sessions of each step that goes."),
    ],
)
def test_its_sessions_are_asked_about(
    here: Scene, browser: FlaskClient, answers: dict[str, str], says: str
) -> None:
    training = here.session("s3", 7)
    publish(here, WITHOUT_S3)
    answer = send(browser, here, **answers)
    assert answer.status_code == 422
    assert says in answer.text
    assert document_of(here.series) == BASE
    assert now_is(training).cancelled_at is None


def test_the_step_is_kept_for_its_sessions(here: Scene, browser: FlaskClient) -> None:
    training = here.session("s3", 7)
    publish(here, WITHOUT_S3)
    assert send(browser, here, **{"fate-s3": "keep"}).status_code == 302
    assert document_of(here.series) == BASE
    assert here.series.template_version.number == 2
    assert now_is(training).cancelled_at is None


def test_its_sessions_are_cancelled_with_a_reason_and_still_tell_their_step(
    here: Scene, browser: FlaskClient
) -> None:
    training = here.session("s3", 7)
    sequence = training.sequence
    publish(here, WITHOUT_S3)
    reason = "The step is now part of the second"
    assert send(browser, here, **{"fate-s3": "cancel", "cancel_reason": reason}).status_code == 302
    assert document_of(here.series) == WITHOUT_S3
    assert (now_is(training).cancel_reason, now_is(training).sequence) == (reason, sequence + 1)
    assert "Step 3" in browser.get(f"/sessions/{training.id}").text


def test_its_sessions_are_moved_to_another_step(here: Scene, browser: FlaskClient) -> None:
    training = here.session("s3", 7)
    news = with_step(WITHOUT_S3, "s2", title="Two and three")
    publish(here, news)
    assert send(browser, here, **{"fate-s3": "move:s2"}).status_code == 302
    assert document_of(here.series) == news
    assert "Two and three" in browser.get(f"/sessions/{training.id}").text


def test_a_step_with_only_cancelled_sessions_goes_without_a_question(
    here: Scene, browser: FlaskClient
) -> None:
    here.session("s3", 7, cancelled_at=now(), cancel_reason="Ill")
    publish(here, WITHOUT_S3)
    assert send(browser, here).status_code == 302
    assert document_of(here.series) == WITHOUT_S3


def test_a_step_that_comes_back_has_its_sessions_again(here: Scene, browser: FlaskClient) -> None:
    training = here.session("s3", 7, cancelled_at=now(), cancel_reason="Ill")
    publish(here, WITHOUT_S3)
    send(browser, here)
    publish(here, BASE)
    assert send(browser, here).status_code == 302
    assert document_of(here.series) == BASE
    assert now_is(training).step_id == here.series.steps[2].id


def test_a_session_of_a_step_that_is_gone_is_neither_restored_nor_copied(
    here: Scene, browser: FlaskClient
) -> None:
    training = here.session("s3", 7, cancelled_at=now(), cancel_reason="Ill")
    publish(here, WITHOUT_S3)
    send(browser, here)
    answer = browser.post(f"/sessions/{training.id}/restore", data={})
    assert (answer.status_code, now_is(training).cancelled_at) == (422, now())
    assert "Its step is no longer in the series." in answer.text


# --- another length ---


def test_sessions_ahead_are_made_longer_or_left(here: Scene, browser: FlaskClient) -> None:
    first, second = here.session("s4", 7), here.session("s4", 14)
    publish(here, with_step(BASE, "s4", minutes=180))
    assert send(browser, here, **{f"longer-{first.id}": "on"}).status_code == 302
    assert (now_is(first).minutes, now_is(second).minutes) == (180, 120)


def test_only_sessions_with_another_length_are_asked_about(here: Scene) -> None:
    here.session("s4", -7)
    here.session("s2", 7, minutes=90)
    ahead = here.session("s2", 9)
    publish(here, with_step(with_step(BASE, "s4", minutes=180), "s2", minutes=90))
    [(field, sessions)] = here.review.lengths
    assert (field.path, [one.id for one in sessions]) == ("steps.s2.minutes", [ahead.id])


def test_a_longer_session_that_clashes_is_shown_and_saved_with_a_reason(
    here: Scene, browser: FlaskClient
) -> None:
    room = make.room()
    training = here.session("s4", 7, room_id=room.id)
    other = make.published_series(here.organisation)
    make.training(other, training.ends_at + timedelta(minutes=30), room_id=room.id)
    publish(here, with_step(BASE, "s4", minutes=180))
    page = browser.get(f"/series/{here.series_id}/update").text
    assert f"{room.name} is taken by" in page
    longer = {f"longer-{training.id}": "on"}
    answer = send(browser, here, **longer)
    assert answer.status_code == 422
    assert "This clashes with something." in answer.text
    assert (now_is(training).minutes, document_of(here.series)) == (120, BASE)
    assert send(browser, here, **longer, clash_reason="They leave early").status_code == 302
    assert (now_is(training).minutes, now_is(training).clash_reason) == (180, "They leave early")


# --- undoing ---


def test_undoing_gives_the_sessions_back(here: Scene, browser: FlaskClient) -> None:
    cancelled, moved = here.session("s3", 7), here.session("s2", 8)
    longer = here.session("s4", 9)
    news = with_step(ordered(BASE, "s1", "s4"), "s4", minutes=180)
    publish(here, news)
    answers = {
        "fate-s3": "cancel", "cancel_reason": "Gone", "fate-s2": "move:s4", f"longer-{longer.id}": "on",
    }  # fmt: skip
    assert send(browser, here, **answers).status_code == 302
    assert document_of(here.series) == news
    entry = find_latest_update(here.series_id)
    assert browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo").status_code == 302
    assert document_of(here.series) == BASE
    keys = {step.id: step.key for step in here.series.steps}
    found = [
        (keys[now_is(one).step_id], now_is(one).minutes, now_is(one).cancelled_at)
        for one in (cancelled, moved, longer)
    ]
    assert found == [("s3", 120, None), ("s2", 120, None), ("s4", 120, None)]


def test_it_is_not_undone_when_a_session_was_changed_since(here: Scene, browser: FlaskClient) -> None:
    training = here.session("s4", 9)
    publish(here, with_step(BASE, "s2", title="New"))
    send(browser, here)
    series_service.cancel_session(now_is(training), "Ill", by=here.viewer)
    db.session.commit()
    entry = find_latest_update(here.series_id)
    browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo")
    assert document_of(here.series) == with_step(BASE, "s2", title="New")


def test_it_is_not_undone_when_a_changed_step_was_held_since(
    here: Scene, browser: FlaskClient, at: Callable[..., object]
) -> None:
    here.session("s2", 1)
    publish(here, with_step(BASE, "s2", title="New"))
    send(browser, here)
    entry = find_latest_update(here.series_id)
    with at(now() + timedelta(days=2)):  # type: ignore[attr-defined] # a context manager
        answer = browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo", follow_redirects=True)
    assert "has been held since" in answer.text
    assert document_of(here.series) == with_step(BASE, "s2", title="New")


def test_it_is_not_undone_when_the_time_was_given_away(here: Scene, browser: FlaskClient) -> None:
    room = make.room()
    training = here.session("s3", 7, room_id=room.id)
    publish(here, WITHOUT_S3)
    send(browser, here, **{"fate-s3": "cancel", "cancel_reason": "Gone"})
    make.training(make.published_series(here.organisation), training.starts_at, room_id=room.id)
    entry = find_latest_update(here.series_id)
    answer = browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo", follow_redirects=True)
    assert "the time of a session has been given to something else" in answer.text
    assert document_of(here.series) == WITHOUT_S3
    assert now_is(training).cancelled_at is not None


# --- rules ---


def test_nothing_is_asked_about_a_version_that_says_the_same() -> None:
    found = review(BASE, BASE, BASE, locked=(), sessions=(), at=now())
    assert (found.taken, found.asked, found.kept, found.left_alone) == ((), (), (), ())

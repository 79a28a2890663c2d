from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from planner.accounts.models import User
from planner.base.db import db
from planner.base.viewer import Role
from planner.exchange.queries.series import find_latest_update, list_updates
from planner.series import service as series_service
from planner.series.queries import document_of
from planner.series_templates.models import SeriesTemplate
from planner.series_templates.rules import TemplateDocument
from tests import factories as make
from tests.exchange.common import BASE, Scene, fields_of, ordered, publish, scene, with_step

SignIn = Callable[[User], FlaskClient]

NEWS = replace(
    with_step(ordered(BASE, "s1", "s3", "s2", "s4"), "s4", minutes=180),
    summary="What is new\n\nWhy\n\nHow",
    steps=(*with_step(ordered(BASE, "s1", "s3", "s2", "s4"), "s4", minutes=180).steps, make.step_document(5)),
)


@pytest.fixture
def here(app: Flask) -> Scene:
    return scene(make.LINDESBERG)


@pytest.fixture
def browser(here: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in(here.account)


def change(here: Scene, document: TemplateDocument) -> None:
    """What the series' organiser changes by hand."""
    series_service.write_document(here.series, document, with_sessions=(), by=here.viewer)
    db.session.commit()


def send(browser: FlaskClient, here: Scene, **changes: Any) -> Any:
    """Open the review and send it with these answers; None takes one out."""
    address = f"/series/{here.series_id}/update"
    fields = fields_of(browser.get(address).text) | changes
    return browser.post(address, data={name: value for name, value in fields.items() if value is not None})


def document(here: Scene) -> TemplateDocument:
    return document_of(here.series)


# --- the offer ---


def test_a_series_says_that_a_newer_version_is_out(here: Scene, browser: FlaskClient) -> None:
    address = f"/series/{here.series_id}"
    assert "Review the update" not in browser.get(address).text
    publish(here, NEWS)
    page = browser.get(address).text
    assert "Version 2 of “Digital in steps” is out; this series is made from version 1." in page
    assert f'href="{address}/update"' in page


def test_without_a_newer_version_there_is_nothing_to_review(here: Scene, browser: FlaskClient) -> None:
    assert "nothing newer" in browser.get(f"/series/{here.series_id}/update").text


def test_a_series_made_from_nothing_has_no_such_pages(here: Scene, browser: FlaskClient) -> None:
    other = make.series(here.organisation)
    for page in ("update", "differences"):
        assert browser.get(f"/series/{other.id}/{page}").status_code == 404
    assert browser.get(f"/series/{other.id}").status_code == 200


# --- taking it ---


def test_everything_is_taken_unless_someone_says_no(here: Scene, browser: FlaskClient) -> None:
    publish(here, NEWS)
    answer = send(browser, here)
    assert answer.status_code == 302
    assert document(here) == NEWS
    assert here.series.template_version.number == 2
    assert browser.get(answer.location).status_code == 200
    assert "nothing newer" in browser.get(f"/series/{here.series_id}/update").text


def test_what_is_unticked_stays(here: Scene, browser: FlaskClient) -> None:
    publish(here, NEWS)
    answer = send(browser, here, **{"take-summary": None, "take-steps.s5": None, "take-steps": None})
    assert answer.status_code == 302
    assert document(here) == with_step(BASE, "s4", minutes=180)


def test_own_changes_are_kept_and_texts_put_together(here: Scene, browser: FlaskClient) -> None:
    change(here, replace(with_step(BASE, "s1", title="Ours"), summary="What\n\nWhy\n\nHow we do it"))
    publish(here, NEWS)
    assert send(browser, here).status_code == 302
    wanted = replace(with_step(NEWS, "s1", title="Ours"), summary="What is new\n\nWhy\n\nHow we do it")
    assert document(here) == wanted


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({"take-title": "ours"}, "Ours"),
        ({"take-title": "theirs"}, "Theirs"),
        ({"take-title": "own", "own-title": " A third "}, "A third"),
    ],
)
def test_where_both_changed_one_is_chosen_or_a_third_written(
    here: Scene, browser: FlaskClient, answers: dict[str, str], title: str
) -> None:
    change(here, replace(BASE, title="Ours"))
    publish(here, replace(BASE, title="Theirs"))
    assert send(browser, here, **answers).status_code == 302
    assert document(here) == replace(BASE, title=title)


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "typed", "value"),
    [
        ("minutes", 90, 150, "100", 100),
        ("gap_days", 10, 20, "14", 14),
        ("goals", "Ours", "Theirs", "Both\r\nof us ", "Both\nof us"),
        ("materials", "Ours", "Theirs", "https://example.test/both", "https://example.test/both"),
    ],
)
def test_every_field_can_be_written(
    here: Scene, browser: FlaskClient, field: str, ours: Any, theirs: Any, typed: str, value: Any
) -> None:
    change(here, with_step(BASE, "s2", **{field: ours}))
    publish(here, with_step(BASE, "s2", **{field: theirs}))
    path = f"steps.s2.{field}"
    assert send(browser, here, **{f"take-{path}": "own", f"own-{path}": typed}).status_code == 302
    assert document(here) == with_step(BASE, "s2", **{field: value})


def test_an_own_order_is_given_by_numbers(here: Scene, browser: FlaskClient) -> None:
    change(here, ordered(BASE, "s2", "s1", "s3", "s4"))
    publish(here, ordered(BASE, "s1", "s3", "s4", "s2"))
    places = {"place-s4": "1", "place-s3": "2", "place-s2": "3", "place-s1": "4"}
    assert send(browser, here, **{"take-steps": "own"}, **places).status_code == 302
    assert document(here).step_keys == ("s4", "s3", "s2", "s1")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({}, "Choose one of these, or write your own."),
        ({"take-title": "own", "own-title": "  "}, "Write a title."),
        ({"take-title": "own", "own-title": "x" * 201}, "Shorten it to at most 200."),
        ({"take-title": "ours", "take-steps.s9": "on"}, "does not fit the series as it is now"),
        ({"take-title": "ours", "own-audience": "x"}, "does not fit the series as it is now"),
        ({"take-title": "ours", "fate-s1": "cancel"}, "does not fit the series as it is now"),
        ({"take-title": "ours", "longer-17": "on"}, "does not fit the series as it is now"),
        ({"take-title": "both"}, "Choose one of these, or write your own."),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_kept(
    here: Scene, browser: FlaskClient, answers: dict[str, str], says: str
) -> None:
    change(here, replace(BASE, title="Ours"))
    publish(here, replace(with_step(BASE, "s1", minutes=60), title="Theirs"))
    answer = send(browser, here, **{"take-steps.s1.minutes": None}, **answers)
    assert answer.status_code == 422
    assert says in answer.text
    assert document(here) == replace(BASE, title="Ours")
    again = fields_of(answer.text)
    assert again.get("own-title") == answers.get("own-title", "Ours")
    assert "take-steps.s1.minutes" not in again


def test_take_everything_ticks_what_was_unticked(here: Scene, browser: FlaskClient) -> None:
    publish(here, NEWS)
    assert send(browser, here, **{"take-summary": None, "action": "all"}).status_code == 302
    assert document(here) == NEWS


# --- skipping, history, undoing ---


def test_a_skipped_version_is_offered_no_more_and_can_be_taken_later(
    here: Scene, browser: FlaskClient
) -> None:
    newest = publish(here, NEWS)
    address = f"/series/{here.series_id}/update"
    assert browser.post(f"{address}/skip", data={"version": newest.id, "decided": "0"}).status_code == 302
    page = browser.get(f"/series/{here.series_id}").text
    assert "is out; this series" not in page
    assert "Take the skipped version 2" in page
    assert "skipped this version" in browser.get(address).text
    assert document(here) == BASE
    assert send(browser, here).status_code == 302
    assert document(here) == NEWS
    assert [entry.outcome for entry in list_updates(here.series_id)] == ["accepted", "skipped"]


@pytest.mark.parametrize("sent", [{"version": "0", "decided": "0"}, {"decided": "17"}, {}])
def test_skipping_something_else_than_what_was_shown_does_nothing(
    here: Scene, browser: FlaskClient, sent: dict[str, str]
) -> None:
    newest = publish(here, NEWS)
    browser.post(f"/series/{here.series_id}/update/skip", data={"version": newest.id} | sent)
    assert list_updates(here.series_id) == []


def test_an_update_is_undone(here: Scene, browser: FlaskClient) -> None:
    change(here, replace(BASE, audience="Ours"))
    publish(here, NEWS)
    page = browser.get(send(browser, here, **{"take-steps.s5": None}).location).text
    assert [told for told in ("Step 5", "Kept as it was here", "Step 4: Length") if told not in page] == []
    entry = find_latest_update(here.series_id)
    assert "Undo the update" in page
    assert browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo").status_code == 302
    assert document(here) == replace(BASE, audience="Ours")
    assert here.series.template_version.number == 1
    assert "Version 2 of “Digital in steps” is out" in browser.get(f"/series/{here.series_id}").text
    again = browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo", follow_redirects=True)
    assert "has been changed in the series since" in again.text


def test_an_update_is_not_undone_once_something_else_was_changed(here: Scene, browser: FlaskClient) -> None:
    publish(here, NEWS)
    send(browser, here)
    entry = find_latest_update(here.series_id)
    change(here, replace(NEWS, title="Changed since"))
    page = browser.get(f"/series/{here.series_id}/updates/{entry.id}").text
    assert "It can no longer be undone" in page
    browser.post(f"/series/{here.series_id}/updates/{entry.id}/undo")
    assert document(here) == replace(NEWS, title="Changed since")


# --- two at once, and what is gone meanwhile ---


def test_the_second_of_two_reviewers_sees_what_the_first_decided(
    here: Scene, browser: FlaskClient, sign_in: SignIn
) -> None:
    change(here, replace(BASE, title="Ours"))
    publish(here, replace(NEWS, title="Theirs"))
    other = sign_in(make.user((Role.organiser, here.organisation), name="The other one"))
    address = f"/series/{here.series_id}/update"
    fields = fields_of(browser.get(address).text)
    assert other.post(address, data=fields | {"take-title": "theirs"}).status_code == 302
    late = browser.post(address, data=fields | {"take-title": "own", "own-title": "Mine, long thought about"})
    assert late.status_code == 409
    assert "nothing newer" in late.text or "The other one decided about this meanwhile" in late.text
    assert "Mine, long thought about" in late.text
    assert document(here).title == "Theirs"
    assert len(list_updates(here.series_id)) == 1


def test_the_second_sees_that_the_first_skipped(here: Scene, browser: FlaskClient, sign_in: SignIn) -> None:
    newest = publish(here, NEWS)
    other = sign_in(make.user((Role.organiser, here.organisation), name="The other one"))
    address = f"/series/{here.series_id}/update"
    fields = fields_of(browser.get(address).text)
    other.post(f"{address}/skip", data={"version": newest.id, "decided": "0"})
    late = browser.post(address, data=fields)
    assert late.status_code == 409
    assert "The other one decided about this meanwhile" in late.text
    assert document(here) == BASE


def test_a_series_changed_meanwhile_is_looked_at_again(here: Scene, browser: FlaskClient) -> None:
    publish(here, NEWS)
    address = f"/series/{here.series_id}/update"
    fields = fields_of(browser.get(address).text)
    change(here, replace(BASE, audience="Changed meanwhile"))
    del fields["take-summary"]
    answer = browser.post(address, data=fields)
    assert answer.status_code == 422
    assert "Something here has changed since you opened the page." in answer.text
    again = fields_of(answer.text)
    assert "take-summary" not in again
    assert browser.post(address, data=again).status_code == 302
    assert document(here) == replace(NEWS, summary=BASE.summary, audience="Changed meanwhile")


def test_a_template_archived_while_a_review_is_open_leaves_the_series_whole(
    here: Scene, browser: FlaskClient
) -> None:
    publish(here, NEWS)
    address = f"/series/{here.series_id}/update"
    fields = fields_of(browser.get(address).text)
    template = db.session.get_one(SeriesTemplate, here.first.template_id)
    template.archived_at = make.now()
    db.session.commit()
    answer = browser.post(address, data=fields)
    assert answer.status_code == 409
    assert "The series stays as it is." in answer.text
    assert document(here) == BASE


def test_others_neither_see_nor_decide(here: Scene, sign_in: SignIn) -> None:
    publish(here, NEWS)
    stranger = sign_in(make.organiser(make.STOCKHOLM))
    for page in ("update", "differences"):
        assert stranger.get(f"/series/{here.series_id}/{page}").status_code == 404
    for page in ("update", "update/skip", "lock", "updates/1/undo"):
        assert stranger.post(f"/series/{here.series_id}/{page}").status_code == 404
    assert document(here) == BASE


# --- own changes and locks ---


def test_a_locked_field_is_left_alone_and_not_asked_about(here: Scene, browser: FlaskClient) -> None:
    change(here, with_step(BASE, "s4", minutes=90))
    page = browser.get(f"/series/{here.series_id}/differences").text
    assert 'value="steps.s4.minutes"' in page
    lock = f"/series/{here.series_id}/lock"
    assert browser.post(lock, data={"path": "steps.s4.minutes", "keep": "1"}).status_code == 302
    publish(here, NEWS)
    review = browser.get(f"/series/{here.series_id}/update").text
    assert "Left alone" in review
    assert "steps.s4.minutes" not in fields_of(review)
    assert send(browser, here).status_code == 302
    assert document(here) == with_step(NEWS, "s4", minutes=90)
    browser.post(lock, data={"path": "steps.s4.minutes", "keep": "0"})
    assert here.series.locked == []


@pytest.mark.parametrize("path", ["steps.s9.minutes", "steps.s1.colour", "", "steps.s9"])
def test_only_a_field_of_the_series_can_be_locked(here: Scene, browser: FlaskClient, path: str) -> None:
    answer = browser.post(f"/series/{here.series_id}/lock", data={"path": path, "keep": "1"})
    assert (answer.status_code, here.series.locked) == (404, [])


def test_a_series_without_changes_says_so(here: Scene, browser: FlaskClient) -> None:
    assert "Nothing differs" in browser.get(f"/series/{here.series_id}/differences").text
    assert "Same as its template" in browser.get(f"/series/{here.series_id}").text

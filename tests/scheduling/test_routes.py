from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from planner.accounts.models import User
from planner.base.days import local
from planner.base.db import db
from planner.base.viewer import Role
from planner.series.models import Cohort, TrainingSession
from planner.series.queries import get_series
from tests import factories as make
from tests.scheduling.common import Scene, scene, utc

SignIn = Callable[[User], FlaskClient]


def text_of(answer: Any) -> str:
    """The page's words, tags taken out."""
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
    return words.replace(" ,", ",")


def values_of(answer: Any) -> dict[str, str]:
    """The value of each hidden and text input of the page."""
    tags = re.findall(r"<input[^>]*>", answer.text)
    pairs = [(re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags]
    skip = ("checkbox", "radio")
    return {
        name[1]: unescape(value[1]) if value else ""
        for tag, (name, value) in zip(tags, pairs, strict=True)
        if name and not any(f'type="{kind}"' in tag for kind in skip)
    }


def new_form(here: Scene, **values: Any) -> dict[str, Any]:
    return {
        "step_id": here.step_ids[0],
        "cohort_id": here.cohort_id,
        "day": "tis v. 42",
        "starts": "13",
        "ends": "",
        "mode": "on_site",
        "room_id": here.room_id,
        "facilitator_ids": [here.account_id],
        **values,
    }


def all_trainings() -> list[TrainingSession]:
    return list(db.session.scalars(select(TrainingSession).order_by(TrainingSession.starts_at)))


def new_url(here: Scene) -> str:
    return f"/series/{here.series_id}/sessions/new"


# --- one session ---


def test_a_new_session_takes_its_length_from_the_step_and_its_seats_from_the_room(
    app: Flask, sign_in: SignIn
) -> None:
    here = scene()
    answer = sign_in(here.account).post(new_url(here), data=new_form(here))
    assert answer.status_code == 302
    (made,) = all_trainings()
    assert (made.starts_at, made.ends_at, made.seats_on_site) == (utc(10, 13, 11), utc(10, 13, 13), 20)


def test_new_session_page_offers_steps_rooms_and_people(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    text = text_of(sign_in(here.account).get(new_url(here)))
    for words in ("1. Step 1", "Metal", "Hyttan · 20 seats", "Olle Planner"):
        assert words in text


def refused(here: Scene, client: FlaskClient, **values: Any) -> str:
    answer = client.post(new_url(here), data=new_form(here, **values))
    assert answer.status_code == 422
    assert all_trainings() == []
    return text_of(answer)


def test_a_new_session_is_refused_in_words(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    assert "v. 42 is a whole week. Say which day of it" in refused(here, client, day="v. 42")
    assert "could not be read as a day" in refused(here, client, day="soon")
    assert "2026 has no week 54" in refused(here, client, day="v. 54 2026")
    assert "The room holds 20." in refused(here, client, seats_on_site="21")
    assert "must end after it starts" in refused(here, client, ends="12")
    assert "so it never comes" in refused(here, client, day="2027-03-28", starts="02:30")
    assert "A link begins with https://" in refused(here, client, mode="digital", join_url="zoom")


def test_a_clash_is_shown_before_saving_and_saved_with_a_reason(app: Flask, sign_in: SignIn) -> None:
    here = scene(title="Ours")
    client = sign_in(here.account)
    client.post(new_url(here), data=new_form(here))
    form = new_form(here, starts="14", cohort_id="")
    shown = client.post(new_url(here), data=form)
    assert shown.status_code == 422
    text = text_of(shown)
    assert "3 clashes" in text
    assert "Hyttan is taken by Step 1 (Ours), Tue 13 Oct · wk 42 · 13:00–15:00" in text
    assert "Olle Planner is already in" in text
    assert "Verkstaden AB is already in" in text
    assert f'href="/sessions/{all_trainings()[0].id}"' in shown.text
    # A reason for clashes that were never shown is no answer to them.
    assert client.post(new_url(here), data={**form, "clash_reason": "Agreed"}).status_code == 422
    seen = values_of(shown)["seen"]
    saved = client.post(new_url(here), data={**form, "clash_reason": "Agreed", "seen": seen})
    assert saved.status_code == 302
    assert [one.clash_reason for one in all_trainings()] == ["", "Agreed"]


def test_open_sessions_of_a_series_without_companies_clash_with_each_other(
    app: Flask, sign_in: SignIn
) -> None:
    here = scene(title="Ours")
    bare = make.series(here.organisation, steps=2, title="Bare")
    first, second = (step.id for step in get_series(here.viewer, bare.id).steps)
    client, url = sign_in(here.account), f"/series/{bare.id}/sessions/new"
    form = new_form(here, step_id=first, cohort_id="", mode="digital", room_id="", facilitator_ids=[])
    assert client.post(url, data=form).status_code == 302
    again = client.post(url, data={**form, "step_id": second, "starts": "14"})
    assert again.status_code == 422
    assert "1 clash The same people are expected at Step 1 (Bare), Tue 13 Oct" in text_of(again)
    assert client.post(url, data={**form, "step_id": second, "starts": "15"}).status_code == 302


def test_a_typed_day_that_has_been_is_told(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    url = f"/series/{here.series_id}/sessions/check"
    passed = client.post(url, data=new_form(here, day="2020-04-07")).get_json()
    assert passed["day"] == "Tuesday 7 April 2020, wk 15 · has already been"
    past = client.post(plan_url(here), data=plan_form(here, first="2020-04-07", step_ids=here.step_ids[:1]))
    assert text_of(past).count("has already been") == 1
    coming = client.post(plan_url(here), data=plan_form(here, step_ids=here.step_ids[:1]))
    assert (coming.status_code, text_of(coming).count("has already been")) == (200, 0)


def test_a_hidden_draft_is_another_session(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    make.training(make.series(code=make.OREBRO, title="Secret"), utc(10, 13, 11), room_id=here.room_id)
    answer = sign_in(here.account).post(new_url(here), data=new_form(here))
    assert "Hyttan is taken by another session, Tue 13 Oct" in text_of(answer)
    assert "Secret" not in answer.text


def test_the_live_check_tells_day_and_clashes(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    client.post(new_url(here), data=new_form(here))
    url = f"/series/{here.series_id}/sessions/check"
    answer = client.post(url, data=new_form(here)).get_json()
    assert (answer["day"], answer["count"]) == ("Tuesday 13 October 2026, wk 42", 3)
    own = client.post(f"{url}?session={all_trainings()[0].id}", data=new_form(here)).get_json()
    assert (own["count"], own["seen"], own["clashes"].strip()) == (0, "", "")
    eve = client.post(url, data=new_form(here, day="24/12")).get_json()
    assert eve["day"] == "Thursday 24 December 2026, wk 52 · Christmas Eve"
    assert eve["count"] == 1
    assert client.post(url, data=new_form(here, day="so")).get_json()["day"] == ""


def test_new_session_page_takes_a_constant_number_of_queries(
    app: Flask, sign_in: SignIn, count_queries: Any
) -> None:
    here = scene()
    client = sign_in(here.account)

    def count() -> int:
        db.session.remove()
        with count_queries() as counted:
            assert client.get(f"/series/{here.series_id}/sessions/new").status_code == 200
        return len(counted)

    once = count()
    for _ in range(3):
        make.room(make.venue())
        make.user((Role.facilitator, here.organisation))
        make.cohort(here.series, make.company())
    assert count() == once


# --- changes ---


def placed(here: Scene, **values: Any) -> TrainingSession:
    values = {"cohort_id": here.cohort_id, "room_id": here.room_id, **values}
    return make.training(here.series, utc(10, 13, 11), **values)


def edit_form(client: FlaskClient, training: TrainingSession, here: Scene, **values: Any) -> dict[str, Any]:
    opened = values_of(client.get(f"/sessions/{training.id}/edit"))
    kept = {name: opened[name] for name in ("revision", "opened_with", "seen")}
    return new_form(here, day="2026-10-13", starts="13:00", ends="15:00", facilitator_ids=[]) | kept | values


def test_edit_is_saved_and_raises_the_sequence(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    answer = client.post(
        f"/sessions/{training.id}/edit", data=edit_form(client, training, here, note="Bring shoes")
    )
    assert answer.status_code == 302
    db.session.refresh(training)
    assert (training.note, training.sequence) == ("Bring shoes", 1)


def test_larger_room_has_more_seats_and_moves_up_those_in_line(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    larger, numbered = make.room(capacity=31).id, make.room(capacity=40).id
    client, training = sign_in(here.account), placed(here, seats_on_site=20)
    waits = make.seat(training, make.person(), status="waiting")
    for _ in range(20):
        make.seat(training, make.person())
    opened = values_of(client.get(f"/sessions/{training.id}/edit"))
    assert opened["seats_on_site"] == ""  # as many as its room holds
    for room_id, typed, seats in ((larger, "", 31), (numbered, "30", 30), (larger, "30", 30)):
        sent = edit_form(client, training, here, room_id=room_id, seats_on_site=typed)
        assert client.post(f"/sessions/{training.id}/edit", data=sent).status_code == 302
        db.session.refresh(training)
        assert training.seats_on_site == seats
    db.session.refresh(waits)
    assert waits.status == "booked"


def test_session_that_loses_its_room_keeps_its_seats(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here, seats_on_site=20)
    sent = edit_form(client, training, here, room_id="", seats_on_site="")
    assert client.post(f"/sessions/{training.id}/edit", data=sent).status_code == 302
    db.session.refresh(training)
    assert (training.room_id, training.seats_on_site) == (None, 20)


def test_two_editors_of_one_session_see_both_versions(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    mine = edit_form(client, training, here, starts="14:00", ends="16:00")
    theirs = edit_form(client, training, here, starts="15:00", ends="17:00", note="Theirs", room_id="")
    assert client.post(f"/sessions/{training.id}/edit", data=theirs).status_code == 302
    answer = client.post(f"/sessions/{training.id}/edit", data=mine)
    assert answer.status_code == 422
    assert "Starts Saved meanwhile 15:00 Yours 14:00" in text_of(answer)
    opened = values_of(answer)
    again = {**mine, "revision": opened["revision"], "opened_with": opened["opened_with"]}
    again |= {"note": "Theirs", "room_id": ""}
    assert client.post(f"/sessions/{training.id}/edit", data=again).status_code == 302
    db.session.refresh(training)
    assert (f"{local(training.starts_at):%H:%M}", training.note) == ("14:00", "Theirs")


def test_what_only_the_other_changed_is_taken_over(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    mine = edit_form(client, training, here, note="Mine")
    theirs = edit_form(client, training, here, starts="14:00", ends="16:00")
    for sent in (theirs, mine):
        assert client.post(f"/sessions/{training.id}/edit", data=sent).status_code == 302
    db.session.refresh(training)
    assert (f"{local(training.starts_at):%H:%M}", training.note) == ("14:00", "Mine")


def test_move_keeps_the_length_and_remembers_where_it_stood(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    opened = values_of(client.get(f"/sessions/{training.id}/move"))
    sent = opened | {"day": "ons v 42", "starts": "9", "ends": ""}
    assert client.post(f"/sessions/{training.id}/move", data=sent).status_code == 302
    db.session.refresh(training)
    assert (training.starts_at, training.ends_at) == (utc(10, 14, 7), utc(10, 14, 9))
    page = text_of(client.get(f"/sessions/{training.id}"))
    assert "Moved from Tue 13 Oct 13:00" in page
    assert "from Tue 13 Oct 13:00 to Wed 14 Oct 09:00" in page


def test_move_onto_something_shows_the_clash(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    make.training(here.series, utc(10, 14, 11), room_id=here.room_id, cohort_id=here.cohort_id)
    sent = values_of(client.get(f"/sessions/{training.id}/move")) | {"day": "2026-10-14"}
    live = client.post(f"/sessions/{training.id}/check", data=sent).get_json()
    assert live["count"] == 2
    answer = client.post(f"/sessions/{training.id}/move", data=sent)
    assert answer.status_code == 422
    sent |= {"seen": values_of(answer)["seen"], "clash_reason": "Joint session"}
    assert client.post(f"/sessions/{training.id}/move", data=sent).status_code == 302
    db.session.refresh(training)
    assert training.clash_reason == "Joint session"


def test_copy_for_another_cohort(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    other: Cohort = make.cohort(here.series, make.company())
    sent = values_of(client.get(f"/sessions/{training.id}/copy"))
    assert (sent["day"], sent["starts"]) == ("", "13:00")
    answer = client.post(f"/sessions/{training.id}/copy", data=sent | {"day": "20/10", "cohort_id": other.id})
    assert answer.status_code == 302
    first, copied = all_trainings()
    assert (copied.cohort_id, copied.starts_at, copied.sequence) == (other.id, utc(10, 20, 11), 0)
    assert copied.uid != first.uid


def test_cancel_takes_a_reason_and_restore_takes_it_back(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client, training = sign_in(here.account), placed(here)
    url = f"/sessions/{training.id}"
    assert client.post(f"{url}/cancel", data={"reason": " "}).status_code == 422
    assert client.post(f"{url}/cancel", data={"reason": "Facilitator is ill"}).status_code == 302
    assert "Cancelled: Facilitator is ill" in text_of(client.get(url))
    assert client.post(f"{url}/cancel", data={"reason": "Again"}).status_code == 422
    assert "Nothing else has taken its time." in text_of(client.get(f"{url}/restore"))
    assert client.post(f"{url}/restore").status_code == 302
    db.session.refresh(training)
    assert (training.cancelled_at, training.sequence) == (None, 2)


def test_who_may_read_and_who_may_change(app: Flask, sign_in: SignIn) -> None:
    here = scene(published_at=utc(9, 1, 8))
    training = placed(here)
    reader = sign_in(make.user((Role.reader, make.organisation(make.LINDESBERG))))
    neighbour = sign_in(make.organiser(make.NORA))
    url = f"/sessions/{training.id}"
    page = reader.get(url)
    assert page.status_code == 200
    assert f"{url}/edit" not in page.text
    assert reader.get(f"{url}/edit").status_code == 403
    assert neighbour.get(url).status_code == 404
    for path in (
        f"{url}/edit",
        f"{url}/move",
        f"{url}/copy",
        f"{url}/cancel",
        f"{url}/restore",
        new_url(here),
    ):
        assert neighbour.get(path).status_code == 404
        assert neighbour.post(path, data={}).status_code == 404
    assert neighbour.post(f"/series/{here.series_id}/sessions/plan", data={}).status_code == 404


# --- a whole series in one go ---


def plan_url(here: Scene) -> str:
    return f"/series/{here.series_id}/sessions/plan"


def plan_form(here: Scene, **values: Any) -> dict[str, Any]:
    return {
        "cohort_id": here.cohort_id,
        "first": "v. 43",
        "weekdays": [2],
        "starts": "13:00",
        "ends": "15:00",
        "every_weeks": "1",
        "skip_holidays": "y",
        "step_ids": list(here.step_ids),
        "mode": "",
        "room_id": here.room_id,
        "action": "preview",
        **values,
    }


def rows_of(answer: Any) -> dict[str, str]:
    """The rows of the preview as a browser would send them, every one ticked."""
    rows = {name: value for name, value in values_of(answer).items() if name.startswith("rows-")}
    ticked = {name.replace("step_id", "keep"): "y" for name in rows if name.endswith("step_id")}
    return rows | ticked | {"seen": values_of(answer)["seen"]}


def days_of(rows: dict[str, str]) -> list[str]:
    return [value for name, value in rows.items() if name.endswith("-day")]


def test_preview_over_the_change_to_winter_time_keeps_13_and_skips_a_week(
    app: Flask, sign_in: SignIn
) -> None:
    here = scene()
    client = sign_in(here.account)
    shown = client.post(plan_url(here), data=plan_form(here, skip_weeks="44"))
    assert shown.status_code == 200
    assert all_trainings() == []
    rows = rows_of(shown)
    assert days_of(rows) == ["2026-10-20", "2026-11-03", "2026-11-10"]
    assert "Tue 27 Oct · wk 44 wk 44 is skipped" in text_of(shown)
    assert "Place 3 sessions" in text_of(shown)
    saved = client.post(plan_url(here), data=plan_form(here, skip_weeks="44", action="place") | rows)
    assert saved.status_code == 302
    made = all_trainings()
    assert [one.starts_at for one in made] == [utc(10, 20, 11), utc(11, 3, 12), utc(11, 10, 12)]
    assert {f"{local(one.starts_at):%H:%M}" for one in made} == {"13:00"}
    assert [one.step_id for one in made] == list(here.step_ids)


def test_preview_skips_holidays_by_their_swedish_names(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    client.set_cookie("language", "sv")
    shown = client.post(plan_url(here), data=plan_form(here, first="tor v. 51", weekdays=[4]))
    assert days_of(rows_of(shown)) == ["2026-12-17", "2027-01-07", "2027-01-14"]
    for name in ("Julafton", "Nyårsafton"):
        assert name in text_of(shown)


def test_without_weekdays_the_typed_day_says_which(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    shown = client.post(plan_url(here), data=plan_form(here, first="15/10", weekdays=[], every_weeks="2"))
    assert days_of(rows_of(shown)) == ["2026-10-15", "2026-10-29", "2026-11-12"]
    week_alone = client.post(plan_url(here), data=plan_form(here, weekdays=[]))
    assert week_alone.status_code == 422
    assert "Choose at least one weekday." in text_of(week_alone)


def test_a_plan_is_refused_in_words(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    for values, words in (
        ({"first": "later"}, "could not be read as a day"),
        ({"ends": "12:00"}, "They must end after they start."),
        ({"skip_weeks": "44, x"}, "could not be read as a day"),
        ({"step_ids": []}, "Choose at least one step."),
        ({"every_weeks": "0"}, "Choose 1 to 52 weeks."),
        ({"seats_on_site": "25"}, "The room holds 20."),
    ):
        answer = client.post(plan_url(here), data=plan_form(here, **values))
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_a_date_changed_by_hand_stays_when_the_rhythm_changes(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    rows = rows_of(client.post(plan_url(here), data=plan_form(here)))
    rows["rows-1-day"], rows["rows-1-starts"], rows["rows-1-ends"] = "fre v. 44", "9", "11"
    del rows["rows-2-keep"]
    sent = plan_form(here, starts="08:00", ends="10:00", action="place") | rows
    shown = client.post(plan_url(here), data=sent)
    assert shown.status_code == 422  # another rhythm than the one the dates were made from
    assert all_trainings() == []
    rows = rows_of(shown)
    assert [rows[f"rows-{n}-starts"] for n in range(3)] == ["08:00", "9", "08:00"]
    assert "Place 2 sessions" in text_of(shown)
    assert "changed by hand" in text_of(shown)
    del rows["rows-2-keep"]
    assert client.post(plan_url(here), data=sent | rows).status_code == 302
    assert [one.starts_at for one in all_trainings()] == [utc(10, 20, 6), utc(10, 30, 8)]


def test_a_date_skipped_in_the_preview_moves_the_rest_on_and_can_be_used_again(
    app: Flask, sign_in: SignIn
) -> None:
    here = scene()
    client = sign_in(here.account)
    form = plan_form(here)
    del form["action"]
    rows = rows_of(client.post(plan_url(here), data=form))
    shown = client.post(plan_url(here), data=form | rows | {"skip": "2026-10-27"})
    assert days_of(rows_of(shown)) == ["2026-10-20", "2026-11-03", "2026-11-10"]
    assert "you skipped it" in text_of(shown)
    kept = {"excluded": values_of(shown)["excluded"]}
    again = client.post(plan_url(here), data=form | rows_of(shown) | kept | {"use": "2026-10-27"})
    assert days_of(rows_of(again)) == ["2026-10-20", "2026-10-27", "2026-11-03"]


def test_a_row_that_cannot_be_read_says_so_and_nothing_is_written(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    rows = rows_of(client.post(plan_url(here), data=plan_form(here)))
    rows["rows-0-day"] = "v. 45"
    answer = client.post(plan_url(here), data=plan_form(here, action="place") | rows)
    assert answer.status_code == 422
    assert "v. 45 is a whole week." in text_of(answer)
    assert rows_of(answer)["rows-0-day"] == "v. 45"
    assert all_trainings() == []


def test_a_plan_with_a_clash_takes_a_reason_for_the_clashing_session_only(
    app: Flask, sign_in: SignIn
) -> None:
    here = scene()
    client = sign_in(here.account)
    other = make.published_series(code=make.NORA, title="Nora")
    make.training(other, utc(10, 27, 12), cohort_id=make.cohort(other, here.company).id)
    shown = client.post(plan_url(here), data=plan_form(here))
    assert "Verkstaden AB is already in Step 1 (Nora), Tue 27 Oct · wk 44 · 13:00–15:00" in text_of(shown)
    sent = plan_form(here, action="place") | rows_of(shown)
    assert client.post(plan_url(here), data=sent).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(TrainingSession)) == 1
    assert client.post(plan_url(here), data=sent | {"clash_reason": "They share out"}).status_code == 302
    mine = [one for one in all_trainings() if one.series_id == here.series_id]
    assert [one.clash_reason for one in mine] == ["", "They share out", ""]


def test_steps_already_placed_are_not_ticked_and_gaps_are_noted(app: Flask, sign_in: SignIn) -> None:
    here = scene()
    client = sign_in(here.account)
    make.training(here.series, utc(10, 16, 8), cohort_id=here.cohort_id)  # the first step, four days before
    page = client.get(plan_url(here)).text
    boxes = re.findall(r'<input[^>]*name="step_ids"[^>]*>', page)
    assert ["checked" in box for box in boxes] == [False, True, True]
    shown = client.post(plan_url(here), data=plan_form(here, step_ids=here.step_ids[1:]))
    assert "4 days after the step before; 7 are recommended." in text_of(shown)


def test_preview_takes_as_many_queries_for_one_step_as_for_three(
    app: Flask, sign_in: SignIn, count_queries: Any
) -> None:
    here = scene()
    client = sign_in(here.account)
    make.training(here.series, utc(10, 20, 11), room_id=here.room_id)

    def count(steps: list[int]) -> int:
        db.session.remove()
        with count_queries() as counted:
            assert client.post(url, data=plan_form(here, step_ids=steps)).status_code == 200
        return len(counted)

    url, ids = plan_url(here), list(here.step_ids)
    assert count(ids[:1]) == count(ids)


def test_attendance_is_offered_to_those_whom_it_lets_in(app: Flask, sign_in: SignIn) -> None:
    made = make.published_series()
    training = make.training(made, utc(10, 13, 11))
    roster = f'href="/sessions/{training.id}/attendance"'
    leads = make.user((Role.facilitator, make.organisation()))
    db.session.refresh(training, ["facilitators"])
    training.facilitators = [leads]
    db.session.commit()
    others = [make.user((role, make.organisation())) for role in (Role.facilitator, Role.guide, Role.reader)]
    offered = [
        roster in sign_in(user).get(f"/sessions/{training.id}").text
        for user in (leads, make.organiser(), *others)
    ]
    assert offered == [True, True, False, False, False]

"""Reminders and follow-up mail: to whom, when, once, and to nobody who has ended them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import service as attendance
from planner.attendance.models import Seat
from planner.attendance.queries import PeopleScope
from planner.attendance.rules import ATTENDED, MarkInput, Place, Verdict, Via
from planner.base import clock
from planner.base.db import db, unit_of_work
from planner.base.viewer import system
from planner.cli.worker import jobs_for
from planner.directory.models import Person
from planner.directory.rules import person_token
from planner.invitations import service
from planner.invitations.models import MailRound
from planner.invitations.queries import series_mail
from planner.invitations.rules import MailTerms, ending_token, follow_up_window, latest_morning
from planner.outbox.models import Message
from planner.series.models import Series, TrainingSession
from tests import factories as make
from tests.invitations.common import participant, queued, session
from tests.together import all_at_once, units

SECRET = "x" * 40
SignIn = Callable[[User], FlaskClient]


def local(day: int, hour: int = 8, minute: int = 0) -> datetime:
    """An hour on the wall in October 2026; the common session is on the 13th at 10."""
    return datetime(2026, 10, day, hour - 2, minute, tzinfo=UTC)


def rounds_at(moment: datetime) -> list[tuple[str, str]]:
    """Make every round due then; who got which mail since the last time, by subject."""
    before = {message.id for message in queued()}
    with clock.frozen(moment):
        made = 1
        while made:
            with unit_of_work():
                made = service.make_rounds(SECRET)
    return [(m.recipient, m.subject.split(":")[0]) for m in queued() if m.id not in before]


def terms(training: TrainingSession, *days: int, follow_up: int | None = None) -> None:
    with unit_of_work():
        service.set_series_mail(db.session.get_one(Series, training.series_id), MailTerms(days, follow_up))


def mark(training: TrainingSession, person: Person, verdict: Verdict) -> None:
    minutes = 60 if verdict in ATTENDED else 0
    number = f"00000000-0000-4000-8000-{person.id:012d}"
    with clock.frozen(training.ends_at), unit_of_work():
        attendance.mark(
            training, person, MarkInput(verdict, minutes, Place.on_site, number), by=system(), via=Via.roster
        )


@pytest.mark.parametrize(("hour", "day"), [(7, 11), (8, 12), (23, 12)])
def test_the_latest_morning_begins_at_eight(hour: int, day: int) -> None:
    assert latest_morning(local(12, hour)).day == day


def test_a_follow_up_waits_a_week_for_the_attendance() -> None:
    assert [on.day for on in follow_up_window(local(20), 2)] == [12, 18]


def test_the_morning_before_reminds_those_with_a_seat_once(app: Flask) -> None:
    training, without_address = session(), make.person(email=None)
    person = participant(training)
    make.seat(training, without_address)
    make.seat(training, make.person(), status="waiting")
    make.seat(training, make.person(), status="cancelled")
    make.seat(training, make.person(archived_at=clock.now()))
    assert rounds_at(local(12, 7, 59)) == []
    assert rounds_at(local(12)) == [(person.email, "Snart")]
    assert rounds_at(local(12, 9)) == []
    [message] = queued()
    assert message.organisation_id == training.series.organisation_id
    assert "Välkommen till Step 1." in (message.body or "")
    assert message.unsubscribe
    assert message.unsubscribe in (message.body or "")
    assert message.unsubscribe in (message.html or "")


def test_a_worker_that_was_away_reminds_late_but_never_after_the_start(app: Flask) -> None:
    participant(session())
    assert rounds_at(local(13, 10, 1)) == []
    assert len(rounds_at(local(13, 7, 30))) == 1


def test_the_days_of_the_series_hold(app: Flask) -> None:
    training = session()
    participant(training)
    assert series_mail(training.series) == MailTerms((1,), None)
    terms(training, 3, 2)
    assert series_mail(training.series) == MailTerms((3, 2), None)
    assert [len(rounds_at(local(day))) for day in (9, 10, 11, 12)] == [0, 1, 1, 0]
    terms(training)
    assert series_mail(training.series) == MailTerms((), None)
    assert rounds_at(local(12)) == []


def test_who_got_the_seat_after_the_morning_is_not_reminded(app: Flask) -> None:
    training = session()
    early, late = participant(training), make.person()
    with clock.frozen(local(12, 8)), unit_of_work():
        attendance.book_seat(training, late, Place.on_site)
    assert rounds_at(local(12, 8, 1)) == [(early.email, "Snart")]


def test_a_cancelled_or_draft_session_reminds_nobody(app: Flask) -> None:
    training = session()
    participant(training)
    training.cancelled_at = clock.now()
    db.session.commit()
    assert rounds_at(local(12)) == []
    training.cancelled_at, db.session.get_one(Series, training.series_id).published_at = None, None
    db.session.commit()
    assert rounds_at(local(12)) == []


def test_a_session_that_moves_to_another_day_is_reminded_of_again(app: Flask) -> None:
    training = session()
    participant(training)
    assert len(rounds_at(local(12))) == 1
    training.starts_at += timedelta(hours=2)
    training.ends_at += timedelta(hours=2)
    db.session.commit()
    assert rounds_at(local(12, 9)) == []
    training.starts_at += timedelta(days=3)
    training.ends_at += timedelta(days=3)
    db.session.commit()
    assert len(rounds_at(local(15))) == 1


def test_a_mail_is_in_the_language_the_person_chose(app: Flask) -> None:
    training = session()
    person = participant(training)
    with unit_of_work():
        service.choose_language(person, "en")
    rounds_at(local(12))
    [message] = queued()
    assert message.subject.startswith("Soon: Step 1, Tue 13 Oct")
    assert '<html lang="en">' in (message.html or "")


def test_what_is_undone_reminds_nobody_and_is_made_the_next_time(app: Flask) -> None:
    participant(session())

    def fail() -> None:
        with clock.frozen(local(12)), unit_of_work():
            service.make_rounds(SECRET)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert queued() == []
    assert len(rounds_at(local(12))) == 1


def test_finding_whom_takes_as_many_statements_for_one_as_for_thirty(
    app: Flask, count_queries: Callable[[], Any]
) -> None:
    counts = []
    for number, people in enumerate((1, 30)):
        training = session(uid=f"u{number}", key=f"k{number}", cohort_id=None)
        for _ in range(people):
            make.seat(training, make.person())
        with clock.frozen(local(12)), unit_of_work(), count_queries() as count:
            service.make_rounds(SECRET)
        counts.append(
            [text for text in count.statements if text.startswith("SELECT") and "mail_wording" not in text]
        )
    assert len(counts[0]) == len(counts[1])


def test_those_who_came_and_those_who_did_not_get_their_own_words(app: Flask) -> None:
    training = session()
    came, late, ill, unmarked = (participant(training), *(make.person() for _ in range(3)))
    for person in (late, ill, unmarked):
        make.seat(training, person)
    walked_in = make.person()
    for person, verdict in (
        (came, Verdict.present), (late, Verdict.late), (ill, Verdict.excused), (walked_in, Verdict.present),
    ):  # fmt: skip
        mark(training, person, verdict)
    coming = make.training(training.series, local(20, 10))
    assert rounds_at(local(14)) == []  # nothing is followed up unless the series says so
    terms(training, follow_up=1)
    assert rounds_at(local(14)) == []  # one of them has no mark yet
    with clock.frozen(local(14)), unit_of_work():
        attendance.sign_off(training, PeopleScope(None), by=system("Leader"))
    thanks, missed = "Tack för att du kom till Step 1", "Vi saknade dig på Step 1"
    assert rounds_at(local(14, 9)) == [
        (came.email, thanks), (late.email, thanks), (ill.email, missed), (unmarked.email, missed),
        (walked_in.email, thanks),
    ]  # fmt: skip
    assert "Härnäst i serien: Step 1, tis 20 okt" in (queued()[0].body or "")
    assert rounds_at(local(15)) == []
    coming.cancelled_at = clock.now()


def test_without_marks_nothing_is_followed_up_and_some_are_enough_in_the_end(app: Flask) -> None:
    training = session()
    first = participant(training)
    make.seat(training, make.person())
    terms(training, follow_up=1)
    assert rounds_at(local(20)) == []
    mark(training, first, Verdict.present)
    assert rounds_at(local(19)) == []
    assert rounds_at(local(20)) == [(first.email, "Tack för att du kom till Step 1")]
    assert rounds_at(local(21)) == []


def test_whoever_ended_reminders_gets_no_more_but_all_other_mail(app: Flask) -> None:
    training = session()
    person = participant(training)
    terms(training, 2, 1)
    assert len(rounds_at(local(11))) == 1
    with unit_of_work():
        service.choose_reminders(person, wanted=False)
    assert queued() == []  # what waited is taken back
    assert rounds_at(local(12)) == []
    with unit_of_work():
        attendance.cancel_seat_by_id(training, db.session.scalars(select(Seat.id)).one())
    assert [message.subject.split(":")[0] for message in queued()] == ["Du har inte längre någon plats"]
    with unit_of_work():
        service.choose_reminders(person, wanted=True)


def test_a_mail_programme_ends_reminders_by_one_post(app: Flask, client: FlaskClient) -> None:
    person = participant(session())
    secret = app.extensions["settings"].secret
    address = f"/reminders/{ending_token(secret, person)}"
    assert "Do you want no more reminders" in client.get(address).text  # looking changes nothing
    assert len(rounds_at(local(12))) == 1
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 302
    assert queued() == []
    assert "You get no more reminders." in client.get(address).text
    client.post(address, data={"reminders": "1"})
    assert "Do you want no more reminders" in client.get(address).text
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_one_token_never_does_for_the_other(app: Flask, client: FlaskClient) -> None:
    person = participant(session())
    secret = app.extensions["settings"].secret
    ending, personal = ending_token(secret, person), person_token(secret, person)
    answers = [
        client.get(f"/p/{ending}"),
        client.get(f"/reminders/{personal}"),
        client.post("/reminders/7-x"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    person.link_generation += 1
    db.session.commit()
    assert client.get(f"/reminders/{ending}").status_code == 404


def test_the_personal_page_has_the_switch_and_the_language(app: Flask, client: FlaskClient) -> None:
    page = f"/p/{person_token(app.extensions['settings'].secret, participant(session()))}"
    assert "Our mail to you is in Swedish." in client.get(page).text
    assert (
        "Our mail to you is in English."
        in client.post(f"{page}/mail", data={"language": "en"}, follow_redirects=True).text
    )
    answer = client.post(f"{page}/mail", data={"reminders": "0"}, follow_redirects=True)
    assert "You are not reminded of your sessions." in answer.text
    assert "Our mail to you is in English." in answer.text
    assert client.post("/p/7-x/mail", data={"reminders": "0"}).status_code == 404


def test_the_organiser_chooses_when_to_remind(app: Flask, sign_in: SignIn) -> None:
    training = session()
    client = sign_in(make.organiser())
    page = f"/series/{training.series_id}/mail"
    checked = re.findall(
        r'<input checked[^>]* name="reminder_days"[^>]* value="(\d+)"', client.get(page).text
    )
    assert checked == ["1"]
    answer = client.post(page, data={"reminder_days": ["7", "1"], "follow_up": "2"})
    assert (answer.status_code, series_mail(training.series)) == (302, MailTerms((7, 1), 2))
    refused = client.post(page, data={"reminder_days": ["6", "7"], "follow_up": "4"})
    assert (refused.status_code, series_mail(training.series)) == (422, MailTerms((7, 1), 2))
    client.post(page, data={"follow_up": ""})
    assert series_mail(training.series) == MailTerms((), None)
    assert sign_in(make.organiser(make.NORA)).get(page).status_code == 404


def test_the_worker_makes_what_is_due(app: Flask) -> None:
    participant(session())
    jobs = jobs_for(app.extensions["settings"])
    with clock.frozen(local(12)):
        assert sum(job() for job in jobs) == 1
    assert len(queued()) == 1


@pytest.mark.committed
def test_two_workers_remind_once(committed_app: Flask) -> None:
    for number in range(6):
        training = session(uid=f"u{number}", key=f"k{number}")
        for _ in range(5):
            make.seat(training, make.person())

    with clock.frozen(local(12)):
        all_at_once(units([lambda: service.make_rounds(SECRET)] * 3))
        with unit_of_work():
            service.make_rounds(SECRET)
    assert db.session.query(MailRound).count() == 6
    assert db.session.query(Message).count() == 30

"""Reservations, the waiting list, offers, approval and terms, against a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from planner.attendance import queries, service
from planner.attendance.models import Seat
from planner.attendance.queries import PeopleScope
from planner.attendance.rules import Fill, Place, Terms
from planner.base import clock as base_clock
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import NotFoundError, RefusedError
from planner.cli.worker import _pass_on_seats
from planner.directory.models import Company, Person
from planner.outbox.models import Message
from planner.series.models import TrainingSession
from tests import factories as make

ON_SITE, REMOTE = Place.on_site, Place.remote


@pytest.fixture
def session(app: Any) -> TrainingSession:
    """A coming hybrid session of a published series with two seats on site and one by video."""
    training = make.training(make.published_series(), mode="hybrid", seats_on_site=2, seats_remote=1)
    db.session.refresh(training, ["series", "facilitators"])
    db.session.refresh(training.series, ["steps", "neighbours"])
    return training


@pytest.fixture(autouse=True)
def _english(app: Any) -> Iterator[None]:
    with force_locale("en"):
        yield


class Hand:
    """The hand of the clock: moved, it stays there to the end of the test."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def move_to(self, at: datetime) -> None:
        self.stack.enter_context(base_clock.frozen(at))


@pytest.fixture
def clock() -> Iterator[Hand]:
    with ExitStack() as stack:
        yield Hand(stack)


def states(training: TrainingSession) -> list[tuple[str, str, int | None]]:
    """Who (or whose), what and which place in line, of all that is held or waited for."""
    rows = queries.list_seats(training, PeopleScope(None))
    return [
        (row.person.name if row.person else f"({row.company.name})", row.state, row.position)  # type: ignore[union-attr]
        for row in rows
    ]


def fill(training: TrainingSession) -> Fill:
    return queries.fills([training.id])[training.id]


def mails() -> list[tuple[str, str]]:
    """Which mails wait, by the word of their key, and to whom."""
    query = select(Message.key, Message.recipient).where(Message.key.startswith("seat:")).order_by(Message.id)
    return [(key.split(":")[1], recipient) for key, recipient in db.session.execute(query)]


def named(name: str, company: Company | None = None, **values: Any) -> Person:
    return make.person(company, name=name, email=f"{name.lower()}@x.test", **values)


# --- reservations ---------------------------------------------------------------------------------


def test_reserved_seats_and_people_stand_in_one_line(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    service.book_seat(session, named("Asta"), ON_SITE)
    service.reserve_seats(session, company, ON_SITE, 2)
    service.book_seat(session, named("Bo"), ON_SITE)
    assert states(session) == [
        ("Asta", "booked", None), ("(Bruket)", "booked", None), ("(Bruket)", "waiting", 1), ("Bo", "waiting", 2),
    ]  # fmt: skip
    assert fill(session) == Fill(2, 0, 2)


def test_reserving_sets_the_number_and_gives_back_the_last_ones(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    for _ in range(2):  # sent twice, it is the same
        service.reserve_seats(session, company, ON_SITE, 3)
    assert fill(session) == Fill(2, 0, 1)
    service.book_seat(session, named("Bo"), ON_SITE)
    service.reserve_seats(session, company, ON_SITE, 1)
    assert states(session) == [("(Bruket)", "booked", None), ("Bo", "booked", None)]
    service.reserve_seats(session, company, ON_SITE, 0)
    assert fill(session) == Fill(1, 0, 0)


@pytest.mark.parametrize("count", [-1, 101, 10**9])
def test_numbers_that_cannot_be_are_refused(session: TrainingSession, count: int) -> None:
    with pytest.raises(RefusedError, match="between 0 and 100"):
        service.reserve_seats(session, make.company(), ON_SITE, count)
    assert fill(session) == Fill(0, 0, 0)


def test_names_are_given_swapped_and_taken_away(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    asta, bo = named("Asta", company), named("Bo", company)
    first, second = service.reserve_seats(session, company, ON_SITE, 2)
    service.name_seat(session, company, first.id, asta)
    service.name_seat(session, company, first.id, bo)
    assert states(session) == [("Bo", "booked", None), ("(Bruket)", "booked", None)]
    with pytest.raises(RefusedError, match="Bo has a seat already"):
        service.name_seat(session, company, second.id, bo)
    service.name_seat(session, company, second.id, asta)
    with pytest.raises(RefusedError, match="More seats than that have names"):
        service.reserve_seats(session, company, ON_SITE, 1)
    service.name_seat(session, company, first.id, None)
    assert states(session) == [("(Bruket)", "booked", None), ("Asta", "booked", None)]
    assert mails() == [
        ("named", "asta@x.test"), ("given_away", "asta@x.test"), ("named", "bo@x.test"), ("named", "asta@x.test"),
        ("given_away", "bo@x.test"),
    ]  # fmt: skip


def test_nobody_from_elsewhere_and_no_seat_of_others_is_named(session: TrainingSession) -> None:
    company, other = make.company(), make.company()
    own = service.reserve_seats(session, company, ON_SITE, 1)[0]
    with pytest.raises(RefusedError, match="works at the company"):
        service.name_seat(session, company, own.id, named("Far", other))
    with pytest.raises(NotFoundError):
        service.name_seat(session, other, own.id, None)


def test_named_person_leaves_the_line(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    seat = service.reserve_seats(session, company, REMOTE, 1)[0]
    asta = named("Asta", company)
    service.book_seat(session, asta, REMOTE)
    assert states(session)[-1] == ("Asta", "waiting", 1)
    service.name_seat(session, company, seat.id, asta)
    assert states(session) == [("Asta", "booked", None)]


def test_swapped_out_person_does_not_come_back_by_their_enrolment(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    asta, bo = named("Asta", company), named("Bo", company)
    make.enrolment(session.series, asta)
    service.cancel_seat(session, asta)
    seat = service.reserve_seats(session, company, ON_SITE, 1)[0]
    service.name_seat(session, company, seat.id, asta)
    service.name_seat(session, company, seat.id, bo)
    service.settle_seats(session)
    assert states(session) == [("Bo", "booked", None)]


def test_who_cannot_come_leaves_the_seat_to_the_company(session: TrainingSession) -> None:
    company = make.company(name="Bruket")
    named("Kim", company, is_contact=True)
    asta = named("Asta", company)
    seat = service.reserve_seats(session, company, ON_SITE, 1)[0]
    service.name_seat(session, company, seat.id, asta)
    service.cancel_seat(session, asta)
    assert states(session) == [("(Bruket)", "booked", None)]
    assert mails()[-1] == ("unnamed", "kim@x.test")
    service.book_seat(session, asta, ON_SITE)
    assert states(session) == [("(Bruket)", "booked", None), ("Asta", "booked", None)]


def test_names_stand_once_the_session_has_begun(session: TrainingSession, clock: Hand) -> None:
    company = make.company()
    seat = service.reserve_seats(session, company, ON_SITE, 1)[0]
    clock.move_to(session.starts_at)
    for act in (
        lambda: service.name_seat(session, company, seat.id, named("Asta", company)),
        lambda: service.reserve_seats(session, company, ON_SITE, 2),
    ):
        with pytest.raises(RefusedError, match="has begun"):
            act()


def test_reserving_in_the_series_leaves_out_sessions_without_that_place(session: TrainingSession) -> None:
    video = make.training(session.series, mode="digital")
    count = service.reserve_in_series([session, video], make.company(), ON_SITE, 2)
    assert (count, fill(session), fill(video)) == (1, Fill(2, 0, 0), Fill(0, 0, 0))


def test_unnamed_seats_are_nobody_on_the_roster(session: TrainingSession) -> None:
    service.reserve_seats(session, make.company(), ON_SITE, 2)
    service.book_seat(session, named("Asta"), REMOTE)
    assert [row.person.name for row in queries.list_roster(session, PeopleScope(None))] == ["Asta"]


# --- the line -------------------------------------------------------------------------------------


def test_each_place_has_its_own_line(session: TrainingSession) -> None:
    for number in range(3):
        service.book_seat(session, named(f"S{number}"), ON_SITE)
        service.book_seat(session, named(f"V{number}"), REMOTE)
    assert states(session)[3:] == [("V1", "waiting", 1), ("S2", "waiting", 1), ("V2", "waiting", 2)]


def test_cancellation_moves_the_first_up_with_a_mail(session: TrainingSession) -> None:
    people = [named(name) for name in ("Asta", "Bo", "Cia", "Dan")]
    for person in people:
        service.book_seat(session, person, ON_SITE)
    assert mails() == []  # a seat at once is no news
    service.cancel_seat(session, people[0])
    assert states(session) == [("Bo", "booked", None), ("Cia", "booked", None), ("Dan", "waiting", 1)]
    assert mails() == [("moved_up", "cia@x.test")]
    assert "Cia" in (db.session.scalars(select(Message.body)).one() or "")


def test_more_seats_move_up_as_many_as_fit(session: TrainingSession) -> None:
    for name in ("Asta", "Bo", "Cia", "Dan", "Eva"):
        service.book_seat(session, named(name), ON_SITE)
    session.seats_on_site = 4
    db.session.flush()
    service.settle_seats(session)
    assert fill(session) == Fill(4, 0, 1)
    assert [word for word, _who in mails()] == ["moved_up", "moved_up"]


def test_nobody_moves_up_after_the_start(session: TrainingSession, clock: Hand) -> None:
    people = [named(name) for name in ("Asta", "Bo", "Cia", "Dan")]
    for person in people[:3]:
        service.book_seat(session, person, ON_SITE)
    clock.move_to(session.starts_at)
    service.cancel_seat(session, people[0])
    service.settle_seats(session)
    assert states(session) == [("Bo", "booked", None), ("Cia", "waiting", 1)]
    service.book_seat(session, people[3], ON_SITE)  # whoever asks now does not pass those in line
    assert states(session)[1:] == [("Cia", "waiting", 1), ("Dan", "waiting", 2)]
    assert mails() == []


def test_unpublished_series_sends_nothing(app: Any) -> None:
    training = make.training(make.series(), seats_on_site=1)
    asta, bo = named("Asta"), named("Bo")
    service.book_seat(training, asta, ON_SITE)
    service.book_seat(training, bo, ON_SITE)
    service.cancel_seat(training, asta)
    assert (fill(training), mails()) == (Fill(1, 0, 0), [])


# --- offers ---------------------------------------------------------------------------------------


def offered(session: TrainingSession) -> list[Person]:
    """Two seated, two in line; one gives up, and the first in line has 24 hours to answer."""
    service.set_series_terms(session.series, 24, needs_approval=False)
    people = [named(name) for name in ("Asta", "Bo", "Cia", "Dan")]
    for person in people:
        service.book_seat(session, person, ON_SITE)
    service.cancel_seat(session, people[0])
    return people


def test_offered_seat_is_kept_until_it_is_answered(session: TrainingSession) -> None:
    people = offered(session)
    assert states(session) == [("Bo", "booked", None), ("Cia", "offered", None), ("Dan", "waiting", 1)]
    assert (fill(session), mails()) == (Fill(2, 0, 1), [("offered", "cia@x.test")])
    service.book_seat(session, people[2], ON_SITE)
    assert states(session)[1] == ("Cia", "booked", None)


def test_declined_offer_goes_to_the_next(session: TrainingSession) -> None:
    people = offered(session)
    service.cancel_seat(session, people[2])
    assert states(session) == [("Bo", "booked", None), ("Dan", "offered", None)]


def test_unanswered_offer_goes_to_the_next_by_the_worker(session: TrainingSession, clock: Hand) -> None:
    offered(session)
    db.session.commit()
    clock.move_to(now() + timedelta(hours=24) - timedelta(seconds=1))
    assert _pass_on_seats() == 0
    clock.move_to(now() + timedelta(seconds=1))
    assert _pass_on_seats() == 1
    assert states(session) == [("Bo", "booked", None), ("Dan", "offered", None)]
    assert mails() == [("offered", "cia@x.test"), ("lapsed", "cia@x.test"), ("offered", "dan@x.test")]
    clock.move_to(now() + timedelta(hours=25))
    assert [_pass_on_seats(), _pass_on_seats()] == [1, 0]
    assert (states(session), fill(session)) == ([("Bo", "booked", None)], Fill(1, 0, 0))


def test_offer_lasts_to_the_start_at_most(session: TrainingSession, clock: Hand) -> None:
    clock.move_to(session.starts_at - timedelta(hours=2))
    offered(session)
    seat = db.session.scalars(select(Seat).where(Seat.answer_by.is_not(None))).one()
    assert seat.answer_by == session.starts_at
    db.session.commit()
    clock.move_to(session.starts_at)
    assert _pass_on_seats() == 1
    assert states(session) == [("Bo", "booked", None), ("Dan", "waiting", 1)]
    assert [word for word, _who in mails()] == ["offered"]  # nobody got the seat instead


def test_offer_ends_with_the_start_of_a_session_that_was_moved(session: TrainingSession) -> None:
    offered(session)
    session.starts_at, session.ends_at = now() + timedelta(hours=2), now() + timedelta(hours=4)
    db.session.flush()
    service.settle_seats(session)
    seat = db.session.scalars(select(Seat).where(Seat.answer_by.is_not(None))).one()
    assert seat.answer_by == session.starts_at


def test_session_has_terms_of_its_own(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 24, needs_approval=True)
    service.set_session_terms(session, 0, needs_approval=False)
    assert queries.terms_of(session) == Terms(0, needs_approval=False)
    service.set_session_terms(session, None, needs_approval=None)
    assert queries.terms_of(session) == queries.series_terms(session.series)
    with pytest.raises(RefusedError, match="between 0 and 336"):
        service.set_session_terms(session, 337, needs_approval=None)


# --- approval -------------------------------------------------------------------------------------


def test_seat_waits_for_approval_and_then_stands_where_it_asked(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 0, needs_approval=True)
    asta, bo, cia = (named(name) for name in ("Asta", "Bo", "Cia"))
    first = service.book_seat(session, asta, REMOTE)
    assert states(session) == [("Asta", "requested", None)]
    service.book_seat(session, bo, REMOTE, approved=True)  # the organiser's own booking
    service.book_seat(session, cia, REMOTE, approved=True)
    for _ in range(2):
        service.answer_requests(session, [first.id], approve=True)
    assert states(session) == [("Bo", "booked", None), ("Asta", "waiting", 1), ("Cia", "waiting", 2)]
    service.cancel_seat(session, bo)
    assert states(session)[0] == ("Asta", "booked", None)
    told = [("booked_for", "bo@x.test"), ("booked_for", "cia@x.test")]
    assert mails() == [*told, ("approved", "asta@x.test"), ("moved_up", "asta@x.test")]


def test_approved_seat_is_booked_with_one_mail(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 24, needs_approval=True)
    seat = service.book_seat(session, named("Asta"), REMOTE)
    service.answer_requests(session, [seat.id], approve=True)
    assert (states(session), mails()) == ([("Asta", "booked", None)], [("approved", "asta@x.test")])


def test_declined_request_says_why_and_may_be_made_again(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 0, needs_approval=True)
    asta = named("Asta")
    seat = service.book_seat(session, asta, REMOTE)
    service.answer_requests(session, [seat.id], approve=False, reason="The statement is missing.")
    assert (states(session), mails()) == ([], [("declined", "asta@x.test")])
    assert "The statement is missing." in (db.session.scalars(select(Message.body)).one() or "")
    service.book_seat(session, asta, REMOTE)
    assert states(session) == [("Asta", "requested", None)]


def test_enrolled_need_no_approval_and_companies_do(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 0, needs_approval=True)
    company, asta = make.company(name="Bruket"), named("Asta")
    named("Kim", company, is_contact=True)
    service.enrol(session.series, [(asta, None)])
    own = service.reserve_seats(session, company, REMOTE, 2)
    assert states(session) == [("Asta", "booked", None), *[("(Bruket)", "requested", None)] * 2]
    service.answer_requests(session, [seat.id for seat in own], approve=True)
    assert states(session)[1:] == [("(Bruket)", "booked", None), ("(Bruket)", "waiting", 1)]
    assert mails() == [("approved", "kim@x.test")]  # one mail for both


def test_without_approval_what_was_asked_for_is_given(session: TrainingSession) -> None:
    service.set_series_terms(session.series, 0, needs_approval=True)
    service.book_seat(session, named("Asta"), REMOTE)
    service.set_series_terms(session.series, 0, needs_approval=False)
    assert states(session) == [("Asta", "booked", None)]


# --- standing places ------------------------------------------------------------------------------


def test_later_session_of_the_cohort_is_theirs_unless_they_opt_out(session: TrainingSession) -> None:
    from planner.series import service as series_service  # noqa: PLC0415 - beside its only use
    from planner.series.service.sessions import details_of  # noqa: PLC0415 - beside its only use

    series = session.series
    cohort, other = make.cohort(series), make.cohort(series)
    asta = named("Asta")
    service.enrol(series, [(asta, cohort)])
    details = details_of(session)
    made = [
        series_service.place_session(series, series.steps[0], group, details, by=make.viewer_of(make.organiser()))
        for group in (cohort, other)
    ]  # fmt: skip
    assert [states(one) for one in made] == [[("Asta", "booked", None)], []]
    service.cancel_seat(made[0], asta)
    service.settle_seats(made[0])
    assert states(made[0]) == []


# --- the organiser's list --------------------------------------------------------------------------


def test_pasted_list_is_matched_and_booked_once(session: TrainingSession) -> None:
    make.person(name="Asta Berg")
    bo = make.person(name="Bo Dal", email="bo@x.test")
    for address in ("kim@x.test", "other@x.test"):
        make.person(name="Kim Ek", email=address)
    service.book_seat(session, bo, ON_SITE)
    text = 'Asta Berg\n\nBo@X.test\nNy Person; ny@x.test\n"Ny Igen" <ny@x.test>\nKim Ek\nIngen Alls'
    scope = PeopleScope(None)
    found = service.match_pasted(session, scope, text)
    assert [(one.line.number, one.fate) for one in found] == [
        (1, "book"), (3, "seated"), (4, "new"), (6, "several"), (7, "unknown"),
    ]  # fmt: skip
    assert service.book_pasted(session, found, ON_SITE, make.LINDESBERG) == 2
    assert states(session) == [
        ("Bo Dal", "booked", None), ("Asta Berg", "booked", None), ("Ny Person", "waiting", 1),
    ]  # fmt: skip
    again = service.match_pasted(session, scope, text)
    assert service.book_pasted(session, again, ON_SITE, make.LINDESBERG) == 0


def test_too_long_a_list_is_refused(session: TrainingSession) -> None:
    text = "\n".join(f"p{n}@x.test" for n in range(301))
    with pytest.raises(RefusedError, match="at most 300 lines"):
        service.match_pasted(session, PeopleScope(None), text)


def test_taking_back_an_unnamed_seat_moves_the_next_up(session: TrainingSession) -> None:
    seat = service.reserve_seats(session, make.company(), REMOTE, 1)[0]
    service.book_seat(session, named("Asta"), REMOTE)
    service.cancel_seat_by_id(session, seat.id)
    assert states(session) == [("Asta", "booked", None)]
    with pytest.raises(NotFoundError):
        service.cancel_seat_by_id(session, seat.id)


def test_person_is_told_of_what_the_organiser_does(session: TrainingSession, clock: Hand) -> None:
    asta = named("Asta")
    for place in (ON_SITE, REMOTE, REMOTE):  # the third changes nothing
        clock.move_to(now() + timedelta(minutes=1))
        seat = service.book_seat(session, asta, place, approved=True)
    service.cancel_seat_by_id(session, seat.id)
    assert [word for word, _who in mails()] == ["booked_for", "booked_for", "taken_back"]
    assert states(session) == []


def test_seats_cost_the_same_however_many(session: TrainingSession, count_queries: Callable[[], Any]) -> None:
    costs = []
    for _ in range(2):
        with unit_of_work():
            service.book_seat(session, make_quietly(), ON_SITE)
        with count_queries() as count:
            queries.list_seats(session, PeopleScope(None))
        costs.append(len(count))
    assert costs[0] == costs[1]


def make_quietly() -> Person:
    person = Person(name="Q", email=None, municipality_code=make.LINDESBERG)
    db.session.add(person)
    db.session.flush()
    return person

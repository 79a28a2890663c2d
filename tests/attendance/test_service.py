from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from planner.attendance import queries, service
from planner.attendance.errors import LedgerIsFixedError, ReasonMissingError
from planner.attendance.models import Enrolment, Presence, PresenceEntry, Seat
from planner.attendance.queries import PeopleScope
from planner.attendance.rules import Fill, MarkInput, Place, Verdict, Via
from planner.attendance.service import MarkedMeanwhileError, NewPerson
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.series.models import TrainingSession
from tests import factories as make

EVERYONE = PeopleScope(None)


@pytest.fixture
def anna(app: Flask) -> Viewer:
    return make.viewer_of(make.organiser())


@pytest.fixture
def bo(app: Flask) -> Viewer:
    return make.viewer_of(make.organiser())


def new_id() -> str:
    return str(uuid.uuid4())


def wanted(verdict: str = "present", minutes: int | None = None, **values: Any) -> MarkInput:
    verdict_ = Verdict(verdict)
    minutes = (120 if verdict in ("present", "late") else 0) if minutes is None else minutes
    values = {"place": Place.on_site, "entry_id": new_id(), **values}
    return MarkInput(verdict_, minutes, **values)


def mark(training: TrainingSession, person: Person, mark: MarkInput, by: Viewer) -> service.Marked:
    with unit_of_work():
        return service.mark(training, person, mark, by=by, via=Via.roster)


def seats_of(training: TrainingSession) -> dict[int, tuple[str, str]]:
    query = select(Seat).where(Seat.training_id == training.id).execution_options(populate_existing=True)
    return {seat.person_id: (seat.status, seat.place) for seat in db.session.scalars(query)}


def expected_at(training: TrainingSession) -> set[int]:
    rows = db.session.execute(queries.expected_people(TrainingSession.id == training.id))
    return {person_id for _training, person_id in rows}


# --- enrolments and who is expected ---------------------------------------------------------------


def test_enrolling_gives_a_seat_at_every_coming_session_of_the_cohort_and_open_ones(app: Flask) -> None:
    series = make.series()
    mine, other = make.cohort(series), make.cohort(series)
    person = make.person()
    held = make.training(series, now() - timedelta(days=7))
    open_to_all = make.training(series)
    of_mine = make.training(series, cohort_id=mine.id, mode="digital")
    of_other = make.training(series, cohort_id=other.id)
    with unit_of_work():
        service.enrol(series, [(person, mine)])
    assert seats_of(open_to_all) == {person.id: ("booked", "on_site")}
    assert seats_of(of_mine) == {person.id: ("booked", "remote")}
    assert (seats_of(of_other), seats_of(held)) == ({}, {})
    assert expected_at(held) == {person.id}
    assert expected_at(of_other) == set()


def test_person_outside_the_cohorts_is_expected_where_all_are(app: Flask) -> None:
    series = make.series()
    cohort = make.cohort(series)
    person = make.person()
    with unit_of_work():
        service.enrol(series, [(person, None)])
    assert expected_at(make.training(series)) == {person.id}
    assert expected_at(make.training(series, cohort_id=cohort.id)) == set()


def test_session_placed_after_enrolling_expects_the_same_people(app: Flask) -> None:
    series = make.series()
    people = [make.person() for _ in range(3)]
    with unit_of_work():
        service.enrol(series, [(person, None) for person in people])
    training = make.training(series, seats_on_site=2)
    assert queries.fills([training.id]) == {training.id: Fill(2, 0, 1)}
    with unit_of_work():
        service.settle_seats(training)
    assert queries.fills([training.id]) == {training.id: Fill(2, 0, 1)}
    assert [seats_of(training)[person.id][0] for person in people] == ["booked", "booked", "waiting"]


def test_moved_to_another_cohort_the_seats_follow(app: Flask) -> None:
    series = make.series()
    first, second = make.cohort(series), make.cohort(series)
    person = make.person()
    a, b = make.training(series, cohort_id=first.id), make.training(series, cohort_id=second.id)
    with unit_of_work():
        service.enrol(series, [(person, first)])
    with unit_of_work():
        service.enrol(series, [(person, second)])
    assert (expected_at(a), expected_at(b)) == (set(), {person.id})
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_session_given_to_another_cohort_no_longer_expects_the_first(app: Flask) -> None:
    series = make.series()
    first, second = make.cohort(series), make.cohort(series)
    person, chose = make.person(), make.person()
    training = make.training(series, cohort_id=first.id)
    with unit_of_work():
        service.enrol(series, [(person, first), (chose, first)])
        service.book_seat(training, chose, Place.on_site)
    training.cohort_id = second.id
    db.session.commit()
    assert expected_at(training) == {chose.id}
    assert queries.fills([training.id]) == {training.id: Fill(1, 0, 0)}


def test_ending_an_enrolment_frees_the_seat_and_keeps_what_was(app: Flask, anna: Viewer) -> None:
    series = make.series()
    first, second = make.person(), make.person()
    held = make.training(series, now() - timedelta(days=7))
    coming = make.training(series, seats_on_site=1)
    with unit_of_work():
        ended, _ = service.enrol(series, [(first, None), (second, None)])
        service.book_seat(coming, first, Place.on_site)
    mark(held, first, wanted(), anna)
    with unit_of_work():
        service.end_enrolment(ended, series)
    assert seats_of(coming) == {first.id: ("cancelled", "on_site"), second.id: ("booked", "on_site")}
    assert expected_at(held) == {first.id, second.id}
    with unit_of_work():
        service.enrol(series, [(first, None)])
    assert seats_of(coming)[first.id] == ("waiting", "on_site")


def test_cohort_of_another_series_is_refused(app: Flask) -> None:
    cohort = make.cohort(make.series())
    with pytest.raises(RefusedError), unit_of_work():
        service.enrol(make.series(), [(make.person(), cohort)])


def test_new_person_with_a_known_address_is_the_one_known(app: Flask) -> None:
    series, company = make.series(), make.company(make.NORA)
    known = make.person(company, email="maja@example.test")
    with unit_of_work():
        enrolment = service.enrol_new_person(
            series, NewPerson("Maja", make.LINDESBERG, " Maja@Example.test ", company), None
        )
    assert enrolment.person_id == known.id
    with pytest.raises(RefusedError), unit_of_work():
        service.enrol_new_person(series, NewPerson("M", make.LINDESBERG, "maja@example.test", company), None)


def test_new_person_belongs_to_the_companys_municipality(app: Flask) -> None:
    with unit_of_work():
        person = service.find_or_add_person(NewPerson("Ove", make.LINDESBERG, "", make.company(make.NORA)))
    assert (person.municipality_code, person.email) == (make.NORA, None)


# --- seats ----------------------------------------------------------------------------------------


def test_last_seat_goes_to_the_first_and_the_rest_wait(app: Flask) -> None:
    training = make.training(make.series(), seats_on_site=1)
    first, second, third = make.person(), make.person(), make.person()
    with unit_of_work():
        for person in (first, second, third):
            service.book_seat(training, person, Place.on_site)
    assert [seats_of(training)[p.id][0] for p in (first, second, third)] == ["booked", "waiting", "waiting"]
    with unit_of_work():
        service.cancel_seat(training, first)
    assert [seats_of(training)[p.id][0] for p in (first, second, third)] == ["cancelled", "booked", "waiting"]


def test_booking_again_changes_nothing_and_after_cancelling_is_last_in_line(app: Flask) -> None:
    training = make.training(make.series(), seats_on_site=1)
    first, second = make.person(), make.person()
    with unit_of_work():
        service.book_seat(training, first, Place.on_site)
        service.book_seat(training, second, Place.on_site)
        service.book_seat(training, first, Place.on_site)
    assert seats_of(training)[first.id][0] == "booked"
    with unit_of_work():
        service.cancel_seat(training, first)
        assert service.book_seat(training, first, Place.on_site).status == "waiting"


def test_raised_limit_moves_the_queue_up_and_a_lowered_one_takes_no_seat_away(app: Flask) -> None:
    training = make.training(make.series(), seats_on_site=1)
    people = [make.person() for _ in range(3)]
    with unit_of_work():
        for person in people:
            service.book_seat(training, person, Place.on_site)
    training.seats_on_site = 2
    db.session.commit()
    with unit_of_work():
        service.settle_seats(training)
    assert [seats_of(training)[p.id][0] for p in people] == ["booked", "booked", "waiting"]
    training.seats_on_site = 1
    db.session.commit()
    with unit_of_work():
        service.settle_seats(training)
    assert [seats_of(training)[p.id][0] for p in people] == ["booked", "booked", "waiting"]
    with unit_of_work():
        service.cancel_seat(training, people[0])
    assert [seats_of(training)[p.id][0] for p in people] == ["cancelled", "booked", "waiting"]


def test_changing_place_to_a_full_one_keeps_the_seat(app: Flask) -> None:
    training = make.training(make.series(), mode="hybrid", seats_on_site=1)
    first, second = make.person(), make.person()
    with unit_of_work():
        service.book_seat(training, first, Place.on_site)
        service.book_seat(training, second, Place.remote)
    with pytest.raises(RefusedError) as refused, unit_of_work():
        service.book_seat(training, second, Place.on_site)
    assert refused.value.field == "place"
    assert seats_of(training)[second.id] == ("booked", "remote")
    with unit_of_work():
        service.book_seat(training, first, Place.remote)
        service.book_seat(training, second, Place.on_site)
    assert seats_of(training) == {first.id: ("booked", "remote"), second.id: ("booked", "on_site")}


def test_person_enrolled_who_cancels_one_session_stays_in_the_rest(app: Flask) -> None:
    series, person = make.series(), make.person()
    first, second = make.training(series), make.training(series)
    with unit_of_work():
        service.enrol(series, [(person, None)])
        service.cancel_seat(first, person)
        service.settle_seats(first)
    assert (expected_at(first), expected_at(second)) == (set(), {person.id})


def test_session_turned_digital_moves_its_people_along(app: Flask) -> None:
    training = make.training(make.series(), mode="hybrid")
    person = make.person()
    with unit_of_work():
        service.book_seat(training, person, Place.on_site)
    training.mode = "digital"
    db.session.commit()
    with unit_of_work():
        service.settle_seats(training)
    assert seats_of(training) == {person.id: ("booked", "remote")}


@pytest.mark.parametrize("values", [{"cancelled_at": make.now()}, {"mode": "digital"}])
def test_seat_that_cannot_be_is_refused(app: Flask, values: dict[str, Any]) -> None:
    training = make.training(make.series(), **values)
    with pytest.raises(RefusedError), unit_of_work():
        service.book_seat(training, make.person(), Place.on_site)


def test_seat_at_a_session_that_is_over_is_refused(app: Flask) -> None:
    training = make.training(make.series(), now() - timedelta(days=1))
    with pytest.raises(RefusedError), unit_of_work():
        service.book_seat(training, make.person(), Place.on_site)


def test_fills_take_three_statements_however_many(app: Flask, count_queries: Callable[[], Any]) -> None:
    series = make.series()
    with unit_of_work():
        service.enrol(series, [(make.person(), None)])
    trainings = [make.training(series, mode="digital").id for _ in range(3)]
    with count_queries() as one:
        assert queries.fills(trainings[:1]) == {trainings[0]: Fill(0, 1, 0)}
    with count_queries() as three:
        assert queries.fills(trainings) == {id_: Fill(0, 1, 0) for id_ in trainings}
    assert (len(one), len(three)) == (3, 3)


# --- the ledger -----------------------------------------------------------------------------------


@pytest.fixture
def training(app: Flask) -> TrainingSession:
    return make.training(make.series(), now() - timedelta(hours=1), mode="hybrid")


def entries(training: TrainingSession, person: Person) -> list[tuple[str, str, str]]:
    found = queries.list_entries_of(training, person)
    return [(entry.verdict, entry.by_name, entry.reason) for entry in reversed(found)]


def current(training: TrainingSession, person: Person) -> tuple[str, int, str]:
    row = db.session.get_one(Presence, (training.id, person.id), populate_existing=True)
    return row.verdict, row.minutes, row.place


def test_mark_writes_an_entry_and_the_current_row(training: TrainingSession, anna: Viewer) -> None:
    person = make.person()
    marked = mark(training, person, wanted("late", 95, place=Place.remote), anna)
    assert marked.stands
    assert current(training, person) == ("late", 95, "remote")
    entry = queries.standing_entry(training, person)
    assert entry is not None
    assert (entry.by_user_id, entry.via, entry.noted_at, entry.corrects_id) == (
        anna.user_id,
        "roster",
        now(),
        None,
    )


def test_correction_keeps_what_was_there(training: TrainingSession, anna: Viewer) -> None:
    person = make.person()
    first = mark(training, person, wanted("present"), anna).standing
    second = mark(training, person, wanted("absent", seen_id=first.id), anna).standing
    assert second.corrects_id == first.id
    assert current(training, person) == ("absent", 0, "on_site")
    assert [line[0] for line in entries(training, person)] == ["present", "absent"]
    assert second.reason  # explains itself, in the language of whoever tapped


def test_same_mark_twice_is_written_once(training: TrainingSession, anna: Viewer, bo: Viewer) -> None:
    person, once = make.person(), wanted()
    mark(training, person, once, anna)
    again = mark(training, person, once, anna)
    assert again.stands
    mark(training, person, wanted(), bo)
    assert len(entries(training, person)) == 1


def test_number_of_another_mark_is_refused(training: TrainingSession, anna: Viewer) -> None:
    once = wanted()
    mark(training, make.person(), once, anna)
    with pytest.raises(RefusedError):
        mark(training, make.person(), once, anna)


def test_someone_elses_entry_is_corrected_only_with_a_reason(
    training: TrainingSession, anna: Viewer, bo: Viewer
) -> None:
    person = make.person()
    first = mark(training, person, wanted("present"), anna).standing
    with pytest.raises(ReasonMissingError):
        mark(training, person, wanted("absent", seen_id=first.id), bo)
    assert current(training, person) == ("present", 120, "on_site")
    mark(training, person, wanted("absent", seen_id=first.id, reason="Left before the start"), bo)
    assert entries(training, person)[-1] == ("absent", bo.name, "Left before the start")


def test_an_older_days_entry_is_corrected_only_with_a_reason(
    training: TrainingSession, anna: Viewer, at: Callable[..., Any]
) -> None:
    person = make.person()
    first = mark(training, person, wanted("present"), anna).standing
    with at(now() + timedelta(days=1)), pytest.raises(ReasonMissingError):
        mark(training, person, wanted("absent", seen_id=first.id), anna)


def test_mark_over_one_not_seen_is_refused_and_shows_it(
    training: TrainingSession, anna: Viewer, bo: Viewer
) -> None:
    person = make.person()
    first = mark(training, person, wanted("late", 90), anna).standing
    with pytest.raises(MarkedMeanwhileError) as refused:
        mark(training, person, wanted("present", seen_id=None, reason="I saw her"), bo)
    assert refused.value.standing.id == first.id
    assert len(entries(training, person)) == 1


def test_mark_that_waited_for_a_network_arrives_later_and_does_not_undo_a_newer_one(
    training: TrainingSession, anna: Viewer, bo: Viewer, at: Callable[..., Any]
) -> None:
    person = make.person()
    mark(training, person, wanted("late", 90), anna)
    with at(now() + timedelta(minutes=5)):
        late = mark(training, person, wanted("present", waited=timedelta(minutes=20)), bo)
    assert (late.stands, late.standing.by_name) == (False, anna.name)
    assert current(training, person) == ("late", 90, "on_site")
    assert sorted(line[0] for line in entries(training, person)) == ["late", "present"]
    assert queries.list_entries_of(training, person)[-1].noted_at == now() - timedelta(minutes=15)


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "absent", "minutes": 10},
        {"minutes": 241},
        {"minutes": -1},
        {"entry_id": "one"},
    ],
)
def test_mark_that_cannot_be_is_refused(
    training: TrainingSession, anna: Viewer, values: dict[str, Any]
) -> None:
    person = make.person()
    with pytest.raises(RefusedError):
        mark(training, person, wanted(**values), anna)
    assert entries(training, person) == []


def test_cancelled_session_takes_no_marks(app: Flask, anna: Viewer) -> None:
    cancelled = make.training(make.series(), cancelled_at=now())
    with pytest.raises(RefusedError):
        mark(cancelled, make.person(), wanted(), anna)


def test_ledger_lines_cannot_be_changed_or_removed(training: TrainingSession, anna: Viewer) -> None:
    person = make.person()
    entry = mark(training, person, wanted(), anna).standing
    entry.verdict = "absent"
    with pytest.raises(LedgerIsFixedError):
        db.session.flush()
    db.session.rollback()
    entry = db.session.get_one(PresenceEntry, entry.id)
    db.session.delete(entry)
    with pytest.raises(LedgerIsFixedError):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(LedgerIsFixedError):
        db.session.execute(update(PresenceEntry).values(verdict="absent"))
    with pytest.raises(LedgerIsFixedError):
        db.session.execute(delete(PresenceEntry))
    assert entries(training, person) == [("present", anna.name, "")]


def test_rows_that_can_be_marked_are_and_the_others_come_back(
    training: TrainingSession, anna: Viewer, bo: Viewer
) -> None:
    first, second = make.person(), make.person()
    mark(training, second, wanted("late", 90), anna)
    with unit_of_work():
        refused = service.mark_rows(training, [(second, wanted("absent")), (first, wanted("absent"))], by=bo)
    assert {key: type(error) for key, error in refused.items()} == {second.id: MarkedMeanwhileError}
    assert current(training, first)[0] == "absent"
    assert current(training, second)[0] == "late"


# --- at the door ----------------------------------------------------------------------------------


def test_check_in_counts_the_whole_session_once(training: TrainingSession) -> None:
    person = make.person()
    with unit_of_work():
        first = service.check_in(training, person, Place.remote, entry_id=new_id(), via=Via.code)
        again = service.check_in(training, person, Place.on_site, entry_id=new_id(), via=Via.link)
    assert first.id == again.id
    assert current(training, person) == ("present", 120, "remote")
    assert (first.by_name, first.by_user_id, first.via) == (person.name, None, "code")


def test_check_in_after_being_marked_absent_is_a_correction(training: TrainingSession, anna: Viewer) -> None:
    person = make.person()
    mark(training, person, wanted("absent"), anna)
    with unit_of_work():
        entry = service.check_in(training, person, Place.on_site, entry_id=new_id(), via=Via.link)
    assert entry.corrects_id is not None
    assert entry.reason
    assert current(training, person)[0] == "present"


@pytest.mark.parametrize("days", [-1, 1])
def test_check_in_outside_the_window_is_refused(app: Flask, days: int) -> None:
    training = make.training(make.series(), now() + timedelta(days=days))
    with pytest.raises(RefusedError), unit_of_work():
        service.check_in(training, make.person(), Place.on_site, entry_id=new_id(), via=Via.link)


def test_walk_in_is_present_and_gets_no_standing_place(training: TrainingSession, anna: Viewer) -> None:
    person = make.person()
    with unit_of_work():
        service.add_walk_in(training, person, Place.on_site, entry_id=new_id(), by=anna)
        service.add_walk_in(training, person, Place.on_site, entry_id=new_id(), by=anna)
    assert current(training, person) == ("present", 120, "on_site")
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0
    assert [row.person.id for row in queries.list_roster(training, EVERYONE)] == [person.id]

"""Attendance reports of Teams and Zoom: reading, sums, whom they mean, and what is written."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from planner.accounts.models import User
from planner.attendance import queries, service
from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.queries import PeopleScope
from planner.attendance.rules import (
    Attendee,
    MarkInput,
    Place,
    Verdict,
    Via,
    minutes_there,
    pack_report,
    read_instant,
    read_report,
    read_seconds,
    unpack_report,
)
from planner.base.db import db, unit_of_work
from planner.directory.models import Person
from planner.directory.sheets import read_rows
from planner.series.models import TrainingSession, series_municipality
from tests import factories as make

SignIn = Callable[[User], FlaskClient]
FILES = Path(__file__).parent.parent / "golden" / "attendance_reports"
STARTS = datetime(2026, 9, 29, 7, tzinfo=UTC)  # 9 o'clock
ENDS = STARTS + timedelta(hours=2)


def minute(number: float) -> datetime:
    return STARTS + timedelta(minutes=number)


def read(name: str) -> dict[str, int]:
    report = read_report(read_rows((FILES / name).read_bytes()), date(2026, 9, 29))
    assert report is not None
    return {one.name: minutes_there([one], STARTS, ENDS) for one in report.attendees}


# --- rules ----------------------------------------------------------------------------------------

BOTH = {"Asta Berg": 100, "Bo Ek (Guest)": 30}


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("teams_english.csv", BOTH | {"Hedda Handledare": 120, "Okänd Gäst": 45, "Tidiga Tora": 0}),
        ("teams_swedish.csv", {"Asta Berg": 105, "Bo Ek (Gäst)": 30}),
        ("teams_older.csv", BOTH),
        ("zoom.csv", {"Asta (Asta Berg)": 115, "Bosse (Bo Ek)": 30}),
        ("zoom_unique_swedish.csv", {"Asta (Asta Berg)": 120, "Bo Ek": 31}),
    ],
)
def test_every_layout_gives_its_minutes(name: str, minutes: dict[str, int]) -> None:
    assert read(name) == minutes


def test_rows_without_times_are_told() -> None:
    report = read_report(read_rows((FILES / "zoom.csv").read_bytes()), date(2026, 9, 29))
    assert report is not None
    assert report.unread == (9,)
    assert [one.names for one in report.attendees] == [
        ["Asta (Asta Berg)", "Asta", "Asta Berg"],
        ["Bosse (Bo Ek)", "Bosse", "Bo Ek"],
    ]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("9/29/26, 2:58:42 PM", (2026, 9, 29, 12, 58, 42)),
        ("29/09/2026, 14:58:42", (2026, 9, 29, 12, 58, 42)),
        ("2026-09-29 14.58", (2026, 9, 29, 12, 58, 0)),
        ("2026-09-29T14:58:42", (2026, 9, 29, 12, 58, 42)),
        ("9/29/26, 12:01:00\u202fAM", (2026, 9, 28, 22, 1, 0)),
        ("2026-09-29 2:58:42 em", (2026, 9, 29, 12, 58, 42)),
        ("9/10/2026 10:00", (2026, 10, 9, 8, 0, 0)),
        ("10/9/2026 10:00", (2026, 10, 9, 8, 0, 0)),
        ("13/13/2026 10:00", None), ("9/29/26, 14:00 PM", None), ("2026-03-29 02:30", None), ("9/29/26", None),
        ("2026-09-29 25:00", None), ("", None), ("٩/29/26, 2:58 PM", None), ("0000-01-01 10:00", None),
        ("0001-01-01 00:00", None),
    ],
)  # fmt: skip
def test_times_as_they_are_written(text: str, instant: tuple[int, ...] | None) -> None:
    expected = None if instant is None else datetime(*instant, tzinfo=UTC)  # type: ignore[arg-type,misc] # six numbers
    assert read_instant(text, date(2026, 10, 6)) == expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h 2m 3s", 3723), ("2 tim 21 min 33 sek", 8493), ("45s", 45), ("1:02:03", 3723), ("33", 1980), ("", None),
     ("long", None), ("9999999999", None), ("²", None)],
)  # fmt: skip
def test_lengths_as_they_are_written(text: str, seconds: int | None) -> None:
    assert read_seconds(text, 60) == seconds


SPELLS = st.lists(st.tuples(st.integers(-60, 200), st.integers(0, 90)), max_size=8)


@given(SPELLS, SPELLS)
def test_minutes_are_those_of_the_session_that_some_join_covers(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    """Against counting minute by minute: no overlap twice, nothing outside, devices and names put together."""
    people = [
        Attendee(name, "", [(minute(start), minute(start + length)) for start, length in spells])
        for name, spells in (("phone", one), ("laptop", other))
        if spells
    ]
    covered = {at for start, length in one + other for at in range(start, start + length)} & set(range(120))
    assert minutes_there(people, STARTS, ENDS) == len(covered)


BROKEN = (
    "", "{}", "null", "[1]", "[[]]", '[["a","",[[2,1]],null]]', '[["a\\u0000","",[],1]]', "[" * 100_000,
    '[["a","",[],-1]]', '[["a","",[[1,1e400]],null]]', '[["\\ud800","",[],1]]', '[["a","",[[1,true]],1]]',
    pack_report([Attendee("a", "", [], 1)] * 1001),
)  # fmt: skip


def test_packed_report_comes_back_and_nothing_else_does() -> None:
    some = [Attendee("Åsa", "a@x.test", [(STARTS, ENDS)], None), Attendee("Bo", "", [], 60)]
    assert unpack_report(pack_report(some)) == some
    for bad in BROKEN:
        assert unpack_report(bad) is None, bad


# --- whom it means, and what is written -----------------------------------------------------------


@pytest.fixture
def session(app: Flask) -> TrainingSession:
    """A hybrid session a week ago with Asta (by address), Bo (by name) and Cia enrolled."""
    series = make.published_series()
    company = make.company(name="Bruket")
    training = make.training(series, STARTS, mode="hybrid")
    for name, email in (("Asta Berg", "asta@bruket.test"), ("Bo Ek", None), ("Cia Dal", "cia@bruket.test")):
        make.enrolment(series, make.person(company, name=name, email=email))
    return training


def person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def marks(training: TrainingSession) -> dict[str, tuple[str, int, str]]:
    query = select(Person.name, Presence).join(Presence, Presence.person_id == Person.id)
    rows = db.session.execute(query.where(Presence.training_id == training.id))
    return {name: (one.verdict, one.minutes, one.place) for name, one in rows}


def ways_of(training: TrainingSession) -> list[str]:
    """How each line of the session came into the ledger."""
    return list(db.session.scalars(select(PresenceEntry.via).where(PresenceEntry.training_id == training.id)))


def lines_of(training: TrainingSession) -> int:
    return len(ways_of(training))


def upload(client: FlaskClient, training: TrainingSession, name: str | bytes = "teams_english.csv") -> Any:
    data = name if isinstance(name, bytes) else (FILES / name).read_bytes()
    url = f"/sessions/{training.id}/attendance/report"
    return client.post(url, data={"file": (io.BytesIO(data), "report.csv")})


def sent(training: TrainingSession, name: str = "teams_english.csv", **values: str) -> dict[str, str]:
    report = service.read_report_file(training, (FILES / name).read_bytes())
    loaded, scope = queries.get_roster_training(make.viewer_of(make.organiser()), training.id)
    view = queries.judge_report(loaded, scope, report.attendees)
    return {"report": pack_report(report.attendees), "seen": view.seen, **values}


def note(training: TrainingSession, name: str, minutes: int) -> None:
    by = make.viewer_of(make.organiser())
    wanted = MarkInput(
        Verdict.present, minutes, Place.remote, str(uuid.uuid4()), reason="counted by hand", guard=False
    )
    with unit_of_work():
        service.mark(training, person(name), wanted, by=by, via=Via.roster)


def test_report_is_shown_before_it_is_written_and_a_second_import_writes_nothing(
    session: TrainingSession, sign_in: SignIn
) -> None:
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/attendance/report/import"
    page = upload(client, session)
    assert (page.status_code, marks(session)) == (200, {})
    for words in ("Asta Berg", "Is marked present", "Okänd Gäst", "Who are these?", "Cia Dal"):
        assert words in page.text
    expected = {"Asta Berg": ("present", 100, "remote"), "Bo Ek": ("present", 30, "remote")}
    answer = client.post(url, data=sent(session))
    assert (answer.status_code, marks(session), lines_of(session)) == (302, expected, 2)
    assert set(ways_of(session)) == {"import"}
    assert client.post(url, data=sent(session)).status_code == 302
    assert "Noted already" in upload(client, session).text
    assert (marks(session), lines_of(session)) == (expected, 2)
    history = client.get(f"/sessions/{session.id}/attendance/{person('Asta Berg').id}")
    assert "from an attendance report" in history.text


def test_unmatched_are_chosen_among_the_list_or_made_new(session: TrainingSession, sign_in: SignIn) -> None:
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/attendance/report/import"
    # 0 Hedda is somebody new, 3 the guest is Cia; 4 was not there; the others choose nothing that is offered.
    chosen = {
        "who-0": "new",
        "who-3": str(person("Cia Dal").id),
        "who-4": "new",
        "who-1": "99",
        "who-77": "x",
    }
    assert client.post(url, data=sent(session, **chosen)).status_code == 302
    assert {name: mark[1] for name, mark in marks(session).items()} == {
        "Asta Berg": 100, "Bo Ek": 30, "Cia Dal": 45, "Hedda Handledare": 120,
    }  # fmt: skip
    assert db.session.scalar(select(Person).where(Person.name == "Tidiga Tora")) is None


def test_one_person_under_two_names_is_counted_once(session: TrainingSession) -> None:
    two = [
        Attendee("Asta Berg", "", [(minute(0), minute(60))]),
        Attendee("iPad", "asta@bruket.test", [(minute(30), minute(90))]),
    ]
    loaded, scope = queries.get_roster_training(make.viewer_of(make.organiser()), session.id)
    view = queries.judge_report(loaded, scope, two)
    assert [(line.person and line.person.name, line.minutes) for line in view.lines] == [("Asta Berg", 90)]


def test_two_of_one_name_are_asked_about_and_the_list_goes_first(session: TrainingSession) -> None:
    other = make.person(name="Bo Ek", code=make.LINDESBERG)
    loaded, scope = queries.get_roster_training(make.viewer_of(make.organiser()), session.id)
    bo = [Attendee("Bo Ek", "", [(STARTS, ENDS)])]
    assert [line.fate for line in queries.judge_report(loaded, scope, bo).lines] == ["mark"]
    make.enrolment(loaded.series, other)
    assert [line.fate for line in queries.judge_report(loaded, scope, bo).lines] == ["several"]


def test_what_was_noted_by_hand_stands_unless_it_is_replaced(
    session: TrainingSession, sign_in: SignIn
) -> None:
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/attendance/report/import"
    note(session, "Asta Berg", 110)
    assert "Noted another way, stands" in upload(client, session).text
    client.post(url, data=sent(session))
    assert marks(session)["Asta Berg"] == ("present", 110, "remote")
    client.post(url, data=sent(session, replace="y"))
    assert marks(session)["Asta Berg"] == ("present", 100, "remote")
    # Corrected by hand after that, it stands again, and can be replaced again.
    note(session, "Asta Berg", 111)
    client.post(url, data=sent(session))
    assert marks(session)["Asta Berg"][1] == 111
    client.post(url, data=sent(session, replace="y"))
    assert marks(session)["Asta Berg"][1] == 100
    # Another report corrects what a report said, without asking.
    client.post(url, data=sent(session, "zoom.csv"))
    assert marks(session)["Asta Berg"][1] == 115


def test_marked_meanwhile_is_shown_and_nothing_is_written(session: TrainingSession, sign_in: SignIn) -> None:
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/attendance/report/import"
    opened = sent(session, replace="y")
    note(session, "Bo Ek", 120)
    answer = client.post(url, data=opened | {"who-3": str(person("Cia Dal").id)})
    assert (answer.status_code, "Somebody has been marked since" in answer.text) == (409, True)
    assert f'value="{person("Cia Dal").id}" selected' in answer.text
    assert {name: mark[1] for name, mark in marks(session).items()} == {"Bo Ek": 120}


def test_one_refusal_writes_nothing(session: TrainingSession, sign_in: SignIn) -> None:
    client, url = sign_in(make.organiser()), f"/sessions/{session.id}/attendance/report/import"
    bad = [
        Attendee("Anna 19850101-1236", "anna@x.test", [(STARTS, ENDS)]),
        Attendee("Bo Ek", "", [(STARTS, ENDS)]),
    ]
    answer = client.post(url, data=sent(session) | {"report": pack_report(bad), "who-0": "new"})
    assert (answer.status_code, marks(session)) == (422, {})
    assert client.post(url, data=sent(session) | {"report": "[[1]]"}).status_code == 302
    session.cancelled_at = STARTS
    db.session.commit()
    assert client.post(url, data=sent(session)).status_code == 422
    assert marks(session) == {}


@pytest.mark.parametrize(
    "data", [b"", b"Namn\nAsta", b"PK\x03\x04broken", b"\0\1\2", b"\xff\xfe\x00", b"Namn;Varaktighet\n"]
)
def test_what_is_no_report_is_refused_beside_the_file(
    session: TrainingSession, sign_in: SignIn, data: bytes
) -> None:
    answer = upload(sign_in(make.organiser()), session, data)
    assert (answer.status_code, 'id="file-error"' in answer.text) == (422, True)


def test_spreadsheet_and_another_days_report(session: TrainingSession, sign_in: SignIn) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Namn", "Anslutningstid", "Tid för utträde", "E-post"])
    sheet.append(["Asta Berg", datetime(2026, 9, 22, 9), datetime(2026, 9, 22, 10), "asta@bruket.test"])  # noqa: DTZ001 - a cell has no zone
    file = io.BytesIO()
    book.save(file)
    page = upload(sign_in(make.organiser()), session, file.getvalue()).text
    assert ("Is it the right report?" in page, "Not there during the session" in page) == (True, True)


def test_neighbour_marks_its_own_people_and_strangers_nobody(
    session: TrainingSession, sign_in: SignIn
) -> None:
    db.session.execute(
        series_municipality.insert().values(series_id=session.series_id, municipality_code=make.NORA)
    )
    client = sign_in(make.organiser(make.NORA))
    page = upload(client, session).text
    assert ("Is marked present" in page, "Cia Dal" in page) == (False, False)
    seen = queries.judge_report(
        *queries.get_roster_training(make.viewer_of(make.organiser(make.NORA)), session.id), []
    ).seen
    values = sent(session, **{"who-3": str(person("Cia Dal").id)}) | {"seen": seen}
    assert client.post(f"/sessions/{session.id}/attendance/report/import", data=values).status_code == 302
    assert marks(session) == {}
    stranger = make.organiser("1883")
    assert upload(sign_in(stranger), session).status_code == 404


def test_ledger_still_folds_to_what_stands(session: TrainingSession) -> None:
    loaded, scope = queries.get_roster_training(make.viewer_of(make.organiser()), session.id)
    for name in ("teams_english.csv", "zoom.csv", "teams_english.csv"):
        report = service.read_report_file(loaded, (FILES / name).read_bytes())
        with unit_of_work():
            seen = queries.judge_report(loaded, PeopleScope(None), report.attendees).seen
            service.import_report(
                loaded, scope, report.attendees, {}, seen, replace=False, by=make.viewer_of(make.organiser())
            )
    asta = person("Asta Berg")
    entries: list[PresenceEntry] = list(queries.list_entries_of(loaded, asta))
    assert [entry.minutes for entry in entries] == [100, 115, 100]
    assert marks(session)["Asta Berg"][1] == 100

"""The proof that the rows of presence are what the ledger says, and that it finds what is not."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from planner.attendance import queries, service
from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.rules import MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Person
from planner.series.models import TrainingSession
from tests import factories as make

VERDICTS = st.sampled_from(Verdict)


def note(training: TrainingSession, person: Person, verdict: Verdict, **changes: object) -> None:
    minutes = 60 if verdict in (Verdict.present, Verdict.late) else 0
    values = {"entry_id": str(uuid.uuid4()), "reason": "so it was", "guard": False, **changes}
    wanted = MarkInput(verdict, minutes, Place.on_site, **values)
    service.mark(training, person, wanted, by=Viewer(None, "Anna"), via=Via.roster)


def prove(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["planner", "attendance", "prove"])
    return result.exit_code, result.output


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marks=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 7), VERDICTS, st.integers(0, 120)),
        max_size=12,
    )
)
def test_any_marks_in_any_order_leave_the_rows_as_the_ledger_says(
    app: Flask, marks: list[tuple[int, int, int, Verdict, int]]
) -> None:
    people = [make.person() for _ in range(3)]
    trainings = [make.training(make.series(), now() - timedelta(hours=1)) for _ in range(2)]
    numbers = [str(uuid.uuid4()) for _ in range(8)]  # few, so that marks are sent again, to others too
    for person, training, number, verdict, waited in marks:
        with suppress(RefusedError):
            note(
                trainings[training], people[person], verdict,
                entry_id=numbers[number], waited=timedelta(minutes=waited),
            )  # fmt: skip
    assert list(queries.list_differences()) == []


def test_proof_says_that_all_is_well(app: Flask) -> None:
    note(make.training(make.series(), now() - timedelta(hours=1)), make.person(), Verdict.late)
    assert prove(app) == (0, "Every row is what the ledger says.\n")


@pytest.mark.broken_ledger
def test_proof_names_each_row_that_differs(app: Flask) -> None:
    training = make.training(make.series(), now() - timedelta(hours=1))
    right, changed, lost, invented = (make.person() for _ in range(4))
    for person in (right, changed, lost, invented):
        note(training, person, Verdict.present)
    db.session.execute(update(Presence).where(Presence.person_id == changed.id).values(minutes=61))
    db.session.execute(delete(Presence).where(Presence.person_id == lost.id))
    kept = db.session.get_one(Presence, (training.id, invented.id)).entry_id
    other = make.training(make.series(), now() - timedelta(hours=1))
    db.session.add(
        Presence(
            training_id=other.id,
            person_id=invented.id,
            entry_id=kept,
            verdict="late",
            minutes=1,
            place="remote",
        )
    )
    db.session.commit()

    found = {(d.training_id, d.person_id): (d.ledger, d.row) for d in queries.list_differences()}
    assert {key: [said and said[1:] for said in sides] for key, sides in found.items()} == {
        (training.id, changed.id): [("present", 60, "on_site"), ("present", 61, "on_site")],
        (training.id, lost.id): [("present", 60, "on_site"), None],
        (other.id, invented.id): [None, ("late", 1, "remote")],
    }
    code, output = prove(app)
    assert (code, len(output.splitlines()), output.splitlines()[-1]) == (
        1,
        4,
        "3 rows are not what the ledger says.",
    )


@pytest.mark.broken_ledger
def test_line_changed_past_the_application_is_found(app: Flask) -> None:
    training = make.training(make.series(), now() - timedelta(hours=1))
    note(training, make.person(), Verdict.present)
    db.session.execute(text(f"UPDATE {PresenceEntry.__tablename__} SET minutes = 30"))
    assert [(d.ledger and d.ledger[2], d.row and d.row[2]) for d in queries.list_differences()] == [(30, 60)]
    assert prove(app)[0] == 1

"""What the tests of figures make their worlds of."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from planner.attendance import service
from planner.attendance.rules import MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import unit_of_work
from planner.base.viewer import Viewer
from planner.directory.models import Company, Person
from planner.series.models import TrainingSession
from tests import factories as make


def note(
    training: TrainingSession, person: Person, minutes: int = 120, place: str = "on_site",
    verdict: Verdict | None = None,
) -> None:  # fmt: skip
    verdict = verdict or (Verdict.present if minutes else Verdict.absent)
    wanted = MarkInput(verdict, minutes, Place(place), str(uuid.uuid4()), reason="again", guard=False)
    with unit_of_work():
        service.mark(training, person, wanted, by=Viewer(None, "Anna"), via=Via.roster)


def held(days: int = 7, **values: Any) -> TrainingSession:
    return make.training(make.published_series(), now() - timedelta(days=days), mode="hybrid", **values)


def crowd(training: TrainingSession, count: int, company: Company, minutes: int = 120) -> list[Person]:
    people = [make.person(company) for _ in range(count)]
    for person in people:
        note(training, person, minutes)
    return people


def planner_of(*codes: str) -> Viewer:
    return make.viewer_of(make.organiser(*codes))

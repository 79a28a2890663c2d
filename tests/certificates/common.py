"""A series with people who have been there, more or less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from planner.accounts.models import User
from planner.attendance import service as attendance
from planner.attendance.rules import MarkInput, Place, Verdict, Via
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.viewer import Role, Viewer, system
from planner.certificates import queries, service
from planner.certificates.models import Certificate
from planner.certificates.rules import Rule, RuleKind
from planner.directory.models import Company, Organisation, Person
from planner.series.models import Series, TrainingSession
from tests import factories as make

ALL = Rule(RuleKind.all_steps)


@dataclass(slots=True)
class Scene:
    """A series of two steps that have been held, and its organiser."""

    organisation: Organisation
    organiser: User
    series: Series
    company: Company
    trainings: list[TrainingSession]

    @property
    def viewer(self) -> Viewer:
        return make.viewer_of(self.organiser)


def scene() -> Scene:
    organisation = make.organisation(name="Åby hubb")
    organiser = make.user((Role.organiser, organisation), name="Olle")
    series = make.published_series(organisation, title="Digitalisering i steg", competences=["1.1", "3.4"])
    trainings = [
        make.training(series, now() - timedelta(days=days), step_id=step.id, mode="hybrid")
        for days, step in zip((21, 7), series.steps, strict=True)
    ]
    return Scene(organisation, organiser, series, make.company(), trainings)


def participant(here: Scene, *minutes: int, name: str) -> Person:
    """Somebody enrolled who was at the first, second … session for so many minutes; 0: absent."""
    person = make.person(here.company, name=name)
    make.enrolment(here.series, person)
    for training, length in zip(here.trainings, minutes, strict=False):
        marked(training, person, length)
    return person


def marked(training: TrainingSession, person: Person, minutes: int, reason: str = "") -> None:
    verdict = Verdict.present if minutes else Verdict.absent
    wanted = MarkInput(verdict, minutes, Place.on_site, str(make.uuid.uuid4()), reason=reason, guard=False)
    attendance.mark(training, person, wanted, by=system("Bo"), via=Via.roster)
    db.session.commit()


def ruled(here: Scene, rule: Rule | None = ALL) -> None:
    with unit_of_work():
        service.set_rule(queries.get_planned_series(here.viewer, here.series.id, to_edit=True), rule)


def issued(here: Scene, *people: Person) -> list[Certificate]:
    with unit_of_work():
        series = queries.get_planned_series(here.viewer, here.series.id, to_edit=True)
        return service.issue(series, {person.id for person in people}, by=here.viewer)


def standing(here: Scene, rule: Rule = ALL) -> dict[str, Any]:
    """Each candidate by name."""
    series = queries.get_planned_series(here.viewer, here.series.id)
    return {one.person.name: one for one in queries.list_candidates(series, rule)}

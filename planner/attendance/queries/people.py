"""Reads of enrolled people, of those who could be enrolled, and of who a person at the door is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment
from planner.attendance.queries.access import PeopleScope
from planner.attendance.queries.expected import expected_people
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.base.types import like_pattern
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Company, Person
from planner.series.models import Cohort, Series, TrainingSession, cohort_company


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person (company loaded) of a company in a cohort, not enrolled in the series."""

    person: Person
    cohort_id: int

    @property
    def key(self) -> str:
        """What the form sends: person and cohort."""
        return f"{self.person.id}:{self.cohort_id}"


def list_enrolments(series: Series, scope: PeopleScope) -> list[Enrolment]:
    """Standing enrolments with person, company and cohort, by cohort, company and name."""
    query = (
        select(Enrolment)
        .join(Enrolment.person)
        .outerjoin(Person.company)
        .where(Enrolment.series_id == series.id, Enrolment.ended_at.is_(None), scope.condition())
        .options(joinedload(Enrolment.person).joinedload(Person.company), joinedload(Enrolment.cohort))
        .order_by(Enrolment.cohort_id, Company.sort_key, Person.sort_key, Person.id)
    )
    return list(db.session.scalars(query))


def list_candidates(viewer: Viewer, series: Series) -> list[Candidate]:
    """People of the cohorts' companies who are not enrolled, of municipalities the viewer plans in."""
    enrolled = select(Enrolment.person_id).where(
        Enrolment.series_id == series.id, Enrolment.ended_at.is_(None)
    )
    query = (
        select(Person, Cohort.id)
        .join(Company, Person.company_id == Company.id)
        .join(cohort_company, cohort_company.c.company_id == Company.id)
        .join(Cohort, Cohort.id == cohort_company.c.cohort_id)
        .where(
            Cohort.series_id == series.id,
            Person.archived_at.is_(None),
            Person.municipality_code.in_(viewer.municipalities(EDITORS)),
            Person.id.not_in(enrolled),
        )
        .options(joinedload(Person.company))
        .order_by(Cohort.id, Company.sort_key, Person.sort_key, Person.id)
    )
    return [Candidate(person, cohort_id) for person, cohort_id in db.session.execute(query)]


def search_people(
    training: TrainingSession, scope: PeopleScope, words: str, limit: int = 20
) -> Sequence[Person]:
    """People of the series' municipalities whose name, company or address has every word, for a walk-in.

    Empty for fewer than two letters: the list at the door is for finding, not for reading.
    """
    if len(words.strip()) < 2 or scope.is_roster_only:
        return []
    query = walk_ins(training, scope).order_by(Person.sort_key, Person.id).limit(limit)
    for word in words.split()[:8]:
        address = Person.email.like(like_pattern(word.lower()), escape="\\")
        query = query.where(or_(address, *name_has(Person, word), *name_has(Company, word)))
    return db.session.scalars(query).all()


def walk_ins(training: TrainingSession, scope: PeopleScope) -> Select[Person]:
    return (
        select(Person)
        .outerjoin(Person.company)
        .where(
            Person.municipality_code.in_(training.series.municipality_codes),
            Person.archived_at.is_(None),
            scope.condition(),
        )
        .options(joinedload(Person.company))
    )


def is_expected(training: TrainingSession, person: Person) -> bool:
    """Whether the person is expected at the session, or has been marked there."""
    expected = expected_people(TrainingSession.id == training.id).subquery()
    return (
        db.session.scalar(select(expected.c.person_id).where(expected.c.person_id == person.id)) is not None
    )


def find_expected_by_email(training: TrainingSession, email: str) -> Person | None:
    """Whoever is expected at the session and has this address, in any case; None when nobody."""
    expected = expected_people(TrainingSession.id == training.id).subquery()
    query = (
        select(Person)
        .where(Person.id.in_(select(expected.c.person_id)), Person.email == email.strip().lower())
        .order_by(Person.id)
    )
    return db.session.scalars(query).first()


def get_walk_in(training: TrainingSession, scope: PeopleScope, person_id: int) -> Person:
    """A person whom `search_people` could have found. Raises NotFoundError."""
    query = walk_ins(training, scope).where(Person.id == person_id)
    person = None if scope.is_roster_only else db.session.scalar(query)
    if person is None:
        raise NotFoundError(_("This person is no longer in the directory."))
    return person


def list_companies_of_series(series_id: int) -> list[Company]:
    """The companies in the series' cohorts, by name."""
    own = select(cohort_company.c.company_id).join(Cohort, Cohort.id == cohort_company.c.cohort_id)
    query = select(Company).where(
        Company.id.in_(own.where(Cohort.series_id == series_id)), Company.archived_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Company.sort_key, Company.id)))


def get_enrolment(series: Series, enrolment_id: int, scope: PeopleScope) -> Enrolment:
    """The series' enrolment with this id, of a person within `scope`. Raises NotFoundError."""
    for enrolment in list_enrolments(series, scope):
        if enrolment.id == enrolment_id:
            return enrolment
    raise NotFoundError(_("This person is no longer enrolled."))

"""Reads of certificates. Only those who plan a series see who has met its rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, union
from sqlalchemy.orm import joinedload

from planner.attendance.models import Enrolment, Presence
from planner.attendance.rules import ATTENDED
from planner.base.days import local_day
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import Viewer
from planner.certificates.models import Certificate, CertificateRule
from planner.certificates.rules import Attended, Content, Rule, RuleKind, Standing, judge, step_lines
from planner.directory.models import Person
from planner.directory.queries import find_logo
from planner.series.models import Series, Step, TrainingSession
from planner.series.queries import get_series, may_edit


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the series (company loaded): how far they are, what a certificate would say, and which they have."""

    person: Person
    standing: Standing
    content: Content
    certificate: Certificate | None

    @property
    def is_changed(self) -> bool:
        """Whether what their certificate says has been corrected since."""
        if self.certificate is None:
            return False
        return not Content.from_json(self.certificate.content).says_the_same(self.content)

    @property
    def may_get_one(self) -> bool:
        """Whether a certificate can be issued: the rule is met, and none says the same already."""
        return self.standing.is_met and (self.certificate is None or self.is_changed)


def get_planned_series(viewer: Viewer, series_id: int, *, to_edit: bool = False) -> Series:
    """The series with its steps, if the viewer plans it. Raises NotFoundError."""
    series = get_series(viewer, series_id, to_edit=to_edit)
    if not may_edit(viewer, series):
        raise NotFoundError(_("There is no such series here."))
    return series


def find_rule(series: Series) -> Rule | None:
    """What certificates of the series ask for; None when there are none."""
    row = db.session.get(CertificateRule, series.id, populate_existing=True)
    return Rule(RuleKind(row.kind), row.least) if row is not None else None


def list_candidates(series: Series, rule: Rule) -> list[Candidate]:
    """Everyone who stands in the series or has been at one of its sessions, by name. Five statements."""
    been = _attended(series)
    held = {
        one.person_id: one
        for one in db.session.scalars(
            select(Certificate)
            .where(Certificate.series_id == series.id, Certificate.withdrawn_at.is_(None))
            .execution_options(populate_existing=True)
        )
    }
    steps, logo = [(step.key, step.title) for step in series.steps], find_logo(series.organisation_id)
    return [
        Candidate(
            person,
            judge(rule, steps, been[person.id]),
            _content(series, person, been[person.id], logo.id if logo else None),
            held.get(person.id),
        )
        for person in _people(series)
    ]


def _content(series: Series, person: Person, been: Iterable[Attended], logo_id: int | None) -> Content:
    return Content(
        person.name,
        series.title,
        series.organisation.name,
        step_lines(been),
        tuple(series.competences),
        logo_id,
    )


def _people(series: Series) -> Sequence[Person]:
    enrolled = select(Enrolment.person_id).where(
        Enrolment.series_id == series.id, Enrolment.ended_at.is_(None)
    )
    present = (
        select(Presence.person_id)
        .join(Presence.training)
        .where(TrainingSession.series_id == series.id, Presence.verdict.in_(ATTENDED))
    )
    query = (
        select(Person)
        .where(Person.id.in_(union(enrolled, present)))
        .options(joinedload(Person.company))
        .order_by(Person.sort_key, Person.id)
    )
    return db.session.scalars(query).all()


def _attended(series: Series) -> dict[int, list[Attended]]:
    query = (
        select(Presence.person_id, Step.key, Step.title, TrainingSession.starts_at, Presence.minutes)
        .join(TrainingSession, TrainingSession.id == Presence.training_id)
        .join(Step, Step.id == TrainingSession.step_id)
        .where(
            TrainingSession.series_id == series.id,
            TrainingSession.cancelled_at.is_(None),
            Presence.verdict.in_(ATTENDED),
        )
    )
    found: dict[int, list[Attended]] = defaultdict(list)
    rows: Any = db.session.execute(query)
    for person_id, key, title, starts_at, minutes in rows:
        found[person_id].append(Attended(key, title, local_day(starts_at), minutes))
    return found


def get_certificate(series: Series, certificate_id: int) -> Certificate:
    """A certificate of the series, its person loaded. Raises NotFoundError."""
    query = (
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.series_id == series.id)
        .options(joinedload(Certificate.person))
        .execution_options(populate_existing=True)
    )
    return _found(db.session.scalar(query))


def find_certificate(code: str) -> Certificate | None:
    """The certificate with these twelve letters, withdrawn or not; None when there is none."""
    return db.session.scalar(select(Certificate).where(Certificate.code == code))


def get_own_certificate(person: Person, code: str) -> Certificate:
    """A certificate of the person that holds. Raises NotFoundError."""
    own = Certificate.code == code, Certificate.person_id == person.id, Certificate.withdrawn_at.is_(None)
    return _found(db.session.scalar(select(Certificate).where(*own)))


def list_certificates_of(person: Person) -> Sequence[Certificate]:
    """The person's certificates that hold, the newest first."""
    query = select(Certificate).where(Certificate.person_id == person.id, Certificate.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Certificate.issued_at.desc(), Certificate.id.desc())).all()


def list_withdrawn(series: Series) -> Sequence[Certificate]:
    """The series' certificates that no longer hold, the last withdrawn first."""
    query = select(Certificate).where(
        Certificate.series_id == series.id, Certificate.withdrawn_at.is_not(None)
    )
    return db.session.scalars(query.order_by(Certificate.withdrawn_at.desc(), Certificate.id.desc())).all()


def list_holding_ids(series: Series) -> list[int]:
    """Ids of the series' certificates that hold, in the order they were issued."""
    query = select(Certificate.id).where(
        Certificate.series_id == series.id, Certificate.withdrawn_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Certificate.id)))


def _found(certificate: Certificate | None) -> Certificate:
    if certificate is None:
        raise NotFoundError(_("There is no such certificate here."))
    return certificate

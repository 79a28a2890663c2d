"""Which sessions stand in whose calendar: the one place that says so.

Every scope is a select of (key, session). What they give now, beside what `calendar_member` kept, is what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

from sqlalchemy import or_, select, union

from planner.accounts.models import UserRole
from planner.attendance.queries import booked_people, fills
from planner.base.db import AnySelect, db
from planner.calendars.rules import MODE_SCOPE, OPEN_SUBJECT, ScopeKind, SubjectKey
from planner.directory.models import Municipality, Organisation, organisation_municipality
from planner.directory.rules import OrganisationKind
from planner.series.models import (
    Cohort,
    Series,
    TrainingSession,
    cohort_company,
    series_municipality,
    session_facilitator,
)

Member = tuple[SubjectKey, int]
Ids = Collection[int]


def find_members(training_ids: Ids) -> set[Member]:
    """Every calendar each of these sessions stands in, by what all tables say now; none for a draft's."""
    published = list(db.session.scalars(_published(training_ids).with_only_columns(TrainingSession.id)))
    if not published:
        return set()
    members: set[Member] = {
        (SubjectKey(scope, str(key)), training_id)
        for scope, query in SCOPES.items()
        for key, training_id in _pairs(query(published))
    }
    return members | set(_by_competence(published)) | set(_open(published))


def _pairs(query: AnySelect) -> Iterable[tuple[Any, int]]:
    rows: Any = db.session.execute(query)
    return rows


def _published(ids: Ids) -> AnySelect:
    """(key, session) of published series among these sessions, to be given its key."""
    return (
        select(TrainingSession.uid, TrainingSession.id)
        .join(Series, Series.id == TrainingSession.series_id)
        .where(TrainingSession.id.in_(ids), Series.published_at.is_not(None))
    )


def _keyed(column: Any) -> Callable[[Ids], AnySelect]:
    def query(ids: Ids) -> AnySelect:
        return _published(ids).with_only_columns(column, TrainingSession.id).where(column.is_not(None))

    return query


def _codes(ids: Ids) -> AnySelect:
    """Municipalities that coordinate or take part."""
    neighbours = _published(ids).join(series_municipality, series_municipality.c.series_id == Series.id)
    return select(
        union(
            _published(ids).with_only_columns(
                Series.municipality_code.label("code"), TrainingSession.id.label("training_id")
            ),
            neighbours.with_only_columns(series_municipality.c.municipality_code, TrainingSession.id),
        ).subquery()
    )


def _coordinated(ids: Ids) -> AnySelect:
    """Those municipalities, and the ones whose own organisation serves one of them."""
    codes = _codes(ids).subquery()
    served = (
        select(Organisation.home_code, codes.c.training_id)
        .join(organisation_municipality, organisation_municipality.c.organisation_id == Organisation.id)
        .join(codes, codes.c.code == organisation_municipality.c.municipality_code)
        .where(Organisation.kind == OrganisationKind.municipality, Organisation.home_code.is_not(None))
    )
    return select(union(select(codes.c.code, codes.c.training_id), served).subquery())


def _counties(ids: Ids) -> AnySelect:
    home = _published(ids).join(Municipality, Municipality.code == Series.municipality_code)
    return home.with_only_columns(Municipality.county_code, TrainingSession.id)


def _companies(ids: Ids) -> AnySelect:
    """Companies of the session's cohort; of any cohort in the series where the session is open to all."""
    its = or_(TrainingSession.cohort_id == Cohort.id, TrainingSession.cohort_id.is_(None))
    return (
        _published(ids)
        .join(Cohort, (Cohort.series_id == Series.id) & its)
        .join(cohort_company, cohort_company.c.cohort_id == Cohort.id)
        .with_only_columns(cohort_company.c.company_id, TrainingSession.id)
    )


def _led(ids: Ids) -> AnySelect:
    return _published(ids).join(session_facilitator, session_facilitator.c.training_id == TrainingSession.id)


def _facilitators(ids: Ids) -> AnySelect:
    return _led(ids).with_only_columns(session_facilitator.c.user_id, TrainingSession.id)


def _support_actors(ids: Ids) -> AnySelect:
    """Support actors whose own series it is, or one of whose people leads it."""
    own = _published(ids).join(Organisation, Organisation.id == Series.organisation_id)
    lent = (
        _led(ids)
        .join(UserRole, UserRole.user_id == session_facilitator.c.user_id)
        .join(Organisation, Organisation.id == UserRole.organisation_id)
    )
    return select(
        union(
            *(
                query.with_only_columns(Organisation.id.label("key"), TrainingSession.id.label("training_id"))
                .where(Organisation.kind == OrganisationKind.support_actor)
                for query in (own, lent)
            )
        ).subquery()
    )  # fmt: skip


def _participants(ids: Ids) -> AnySelect:
    booked = booked_people(TrainingSession.id.in_(ids)).subquery()
    return select(booked.c.person_id, booked.c.training_id)


SCOPES: Final[dict[str, Callable[[Ids], AnySelect]]] = {
    ScopeKind.SESSION: _keyed(TrainingSession.uid),
    ScopeKind.SERIES: _keyed(Series.key),
    ScopeKind.COHORT: _keyed(TrainingSession.cohort_id),
    ScopeKind.MUNICIPALITY: _codes,
    ScopeKind.COORDINATED: _coordinated,
    ScopeKind.COUNTY: _counties,
    ScopeKind.ORGANISATION: _keyed(Series.organisation_id),
    ScopeKind.SUPPORT_ACTOR: _support_actors,
    ScopeKind.COMPANY: _companies,
    ScopeKind.FACILITATOR: _facilitators,
    ScopeKind.PARTICIPANT: _participants,
    MODE_SCOPE: _keyed(TrainingSession.mode),
}


def _by_competence(ids: Ids) -> Iterator[Member]:
    """By each competence of the series, "1.1", and by its area, "1"."""
    query = _published(ids).with_only_columns(Series.competences, TrainingSession.id)
    for competences, training_id in db.session.execute(query):
        for key in {part for item in competences for part in (item, item.partition(".")[0])}:
            yield SubjectKey(ScopeKind.COMPETENCE_AREA, key), training_id


def _open(ids: Ids) -> Iterator[Member]:
    """Sessions where one more would get a seat at once."""
    return ((OPEN_SUBJECT, training_id) for training_id, fill in fills(ids).items() if fill.is_open)

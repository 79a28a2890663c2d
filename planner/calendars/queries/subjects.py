"""What a feed is the calendar of: found by scope and key, named, and opened to those who may see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import exists, select

from planner.accounts.models import User, UserRole
from planner.base.db import db
from planner.base.viewer import EDITORS, PEOPLE_SEERS, Viewer
from planner.calendars import rules
from planner.calendars.rules import Language, ScopeKind
from planner.directory.models import Company, Municipality, Organisation, Person
from planner.directory.rules import COMPETENCES, OrganisationKind
from planner.series.models import Cohort, Series, Step, TrainingSession

# Whatever else is in an address belongs to no subject, and some of it no database takes.
_KEY = re.compile(r"[A-Za-z0-9._-]{1,80}")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that has a calendar. `key` is its public address, code or id as text.

    `municipality_code` and `organisation_id` are where a private one belongs.
    """

    scope: ScopeKind
    key: str
    name: str
    english_name: str = ""
    municipality_code: str | None = None
    organisation_id: int | None = None

    def title(self, language: Language) -> str:
        """What its feed is called."""
        name = self.english_name if language == "en" and self.english_name else self.name
        return rules.feed_title(self.scope, name, language)


def may_be_key(text: str) -> bool:
    """Whether some subject may have this key."""
    return _KEY.fullmatch(text) is not None


def find_subject(scope: ScopeKind, key: str) -> Subject | None:
    """The subject, whoever asks; None when there is none, or when it is a draft."""
    return find_subjects(scope, [key]).get(key)


def find_subjects(scope: ScopeKind, keys: Iterable[str]) -> dict[str, Subject]:
    """Those of the keys that have a subject, with one statement for a scope however many keys."""
    wanted = {key for key in keys if may_be_key(key)}
    return _FINDERS[scope](wanted) if wanted else {}


def may_subscribe(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may have its feed: anyone a public one.

    A company's or a cohort's is for those who see people there; a facilitator's for that person and for owners
    and organisers of an organisation they belong to; a participant's for nobody with an account (they have a link).
    """
    if subject.scope.is_public:
        return True
    if subject.scope is ScopeKind.PARTICIPANT:
        return False
    if subject.scope is ScopeKind.FACILITATOR:
        return str(viewer.user_id) == subject.key or _is_colleague(viewer, int(subject.key))
    return (
        subject.municipality_code in viewer.municipalities(PEOPLE_SEERS)
        or subject.organisation_id in viewer.organisations(PEOPLE_SEERS)
    )  # fmt: skip


def _is_colleague(viewer: Viewer, user_id: int) -> bool:
    organisations = viewer.organisations(EDITORS)
    held = exists().where(UserRole.user_id == user_id, UserRole.organisation_id.in_(organisations))
    return bool(organisations) and bool(db.session.scalar(select(held)))


def _numbers(keys: Collection[str]) -> list[int]:
    """The keys that are ids: written one way only, so that a subject has one address."""
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and key[0] != "0" and len(key) < 10]


def _series(keys: Collection[str]) -> dict[str, Subject]:
    query = (
        select(Series.key, Series.title, Municipality.name)
        .join(Series.municipality)
        .where(Series.key.in_(keys), Series.published_at.is_not(None))
    )
    return {
        key: Subject(ScopeKind.SERIES, key, f"{title}, {place}")
        for key, title, place in db.session.execute(query)
    }


def _sessions(keys: Collection[str]) -> dict[str, Subject]:
    query = (
        select(TrainingSession.uid, Step.title, Series.title)
        .join(Step, Step.id == TrainingSession.step_id)
        .join(Series, Series.id == TrainingSession.series_id)
        .where(TrainingSession.uid.in_(keys), Series.published_at.is_not(None))
    )
    return {
        uid: Subject(ScopeKind.SESSION, uid, f"{step} · {series}")
        for uid, step, series in db.session.execute(query)
    }


def _municipalities(keys: Collection[str], scope: ScopeKind = ScopeKind.MUNICIPALITY) -> dict[str, Subject]:
    query = select(Municipality.code, Municipality.name).where(Municipality.code.in_(keys))
    return {code: Subject(scope, code, name) for code, name in db.session.execute(query)}


def _coordinated(keys: Collection[str]) -> dict[str, Subject]:
    return _municipalities(keys, ScopeKind.COORDINATED)


def _counties(keys: Collection[str]) -> dict[str, Subject]:
    query = select(Municipality.county_code, Municipality.county_name).distinct()
    return {
        code: Subject(ScopeKind.COUNTY, code, name)
        for code, name in db.session.execute(query.where(Municipality.county_code.in_(keys)))
    }


def _organisations(keys: Collection[str]) -> dict[str, Subject]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(_numbers(keys)))
    return {
        str(id_): Subject(ScopeKind.ORGANISATION, str(id_), name) for id_, name in db.session.execute(query)
    }


def _support_actors(keys: Collection[str]) -> dict[str, Subject]:
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(_numbers(keys)), Organisation.kind == OrganisationKind.support_actor
    )
    return {
        str(id_): Subject(ScopeKind.SUPPORT_ACTOR, str(id_), name) for id_, name in db.session.execute(query)
    }


def _companies(keys: Collection[str]) -> dict[str, Subject]:
    query = select(Company.id, Company.name, Company.municipality_code)
    return {
        str(id_): Subject(ScopeKind.COMPANY, str(id_), name, municipality_code=code)
        for id_, name, code in db.session.execute(query.where(Company.id.in_(_numbers(keys))))
    }


def _cohorts(keys: Collection[str]) -> dict[str, Subject]:
    query = (
        select(Cohort.id, Cohort.name, Series.title, Series.municipality_code, Series.organisation_id)
        .join(Cohort.series)
        .where(Cohort.id.in_(_numbers(keys)))
    )
    return {
        str(id_): Subject(
            ScopeKind.COHORT,
            str(id_),
            f"{title}, {name}",
            municipality_code=code,
            organisation_id=organisation_id,
        )
        for id_, name, title, code, organisation_id in db.session.execute(query)
    }


def _facilitators(keys: Collection[str]) -> dict[str, Subject]:
    query = select(User.id, User.name).where(User.id.in_(_numbers(keys)), User.disabled_at.is_(None))
    return {
        str(id_): Subject(ScopeKind.FACILITATOR, str(id_), name) for id_, name in db.session.execute(query)
    }


def _participants(keys: Collection[str]) -> dict[str, Subject]:
    query = select(Person.id, Person.name).where(Person.id.in_(_numbers(keys)), Person.archived_at.is_(None))
    return {
        str(id_): Subject(ScopeKind.PARTICIPANT, str(id_), name) for id_, name in db.session.execute(query)
    }


def _competences(keys: Collection[str]) -> dict[str, Subject]:
    """By area ("1") or by one competence ("1.1")."""
    names = {item.id.split(".")[0]: (item.area_sv, item.area_en) for item in COMPETENCES}
    names |= {item.id: (item.name_sv, item.name_en) for item in COMPETENCES}
    return {
        key: Subject(ScopeKind.COMPETENCE_AREA, key, _inside(names[key][0]), _inside(names[key][1]))
        for key in keys
        if key in names
    }


def _inside(name: str) -> str:
    """A name that begins with a capital, as it is written inside a sentence."""
    return name[:1].lower() + name[1:]


_FINDERS: dict[ScopeKind, Callable[[Collection[str]], dict[str, Subject]]] = {
    ScopeKind.SERIES: _series,
    ScopeKind.COHORT: _cohorts,
    ScopeKind.SESSION: _sessions,
    ScopeKind.MUNICIPALITY: _municipalities,
    ScopeKind.COORDINATED: _coordinated,
    ScopeKind.COUNTY: _counties,
    ScopeKind.ORGANISATION: _organisations,
    ScopeKind.COMPANY: _companies,
    ScopeKind.FACILITATOR: _facilitators,
    ScopeKind.PARTICIPANT: _participants,
    ScopeKind.SUPPORT_ACTOR: _support_actors,
    ScopeKind.COMPETENCE_AREA: _competences,
}

"""Reads of persons. Only owners, organisers and guides of the person's own municipality see them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.base.tokens import same
from planner.base.types import like_pattern
from planner.base.viewer import PEOPLE_SEERS, Viewer
from planner.directory.models import Company, Person
from planner.directory.rules import person_id_in, person_token
from planner.web.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a list of people is narrowed to; empty means all. `kind` is "contact" or "participant"."""

    words: str = ""
    municipality: str = ""
    kind: str = ""
    archived: bool = False


def get_person(viewer: Viewer, id: int) -> Person:  # noqa: A002 - the row's own word
    """The person with company and municipality, if the viewer may see them. Raises NotFoundError."""
    query = _seen_by(viewer).where(Person.id == id).options(*_with_place())
    person = db.session.scalar(query)
    if person is None:
        raise NotFoundError
    return person


def list_people(viewer: Viewer, narrowed: PeopleFilter = PeopleFilter(), page: int = 1) -> Page:
    """One page of the people whom the viewer may see, by name, each with company and municipality."""
    query = _seen_by(viewer).options(*_with_place())
    query = query.where(
        Person.archived_at.is_not(None) if narrowed.archived else Person.archived_at.is_(None)
    )
    if narrowed.words:
        words = narrowed.words.lower()
        named = and_(*name_has(Person, words))
        at_company = Person.company.has(and_(*name_has(Company, words)))
        query = query.where(or_(named, at_company, Person.email.like(like_pattern(words), escape="\\")))
    if narrowed.municipality:
        query = query.where(Person.municipality_code == narrowed.municipality)
    if narrowed.kind:
        query = query.where(Person.is_contact.is_(narrowed.kind == "contact"))
    return page_of(query.order_by(Person.sort_key, Person.id), page)


def list_people_of(viewer: Viewer, company: Company) -> list[Person]:
    """The company's people in use, contacts first; none when the viewer may not see them."""
    query = _seen_by(viewer).where(Person.company_id == company.id, Person.archived_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.is_contact.desc(), Person.sort_key, Person.id)))


def find_person_by_email(municipality_code: str, email: str) -> Person | None:
    """The person with this address in the municipality, in use or not; None when there is none."""
    query = select(Person).where(
        Person.municipality_code == municipality_code, Person.email == email.strip().lower()
    )
    return db.session.scalar(query)


def find_person_by_token(secret: str, token: str) -> Person | None:
    """Whoever holds this personal link, with company and municipality; None when it is not or no longer one."""
    id_ = person_id_in(token)
    if id_ is None:
        return None
    query = select(Person).where(Person.id == id_, Person.archived_at.is_(None)).options(*_with_place())
    person = db.session.scalar(query)
    return person if person is not None and same(person_token(secret, person), token) else None


def _with_place() -> tuple[ExecutableOption, ExecutableOption]:
    return joinedload(Person.company), joinedload(Person.municipality)


def _seen_by(viewer: Viewer) -> Select[Person]:
    seen = Person.municipality_code.in_(viewer.municipalities(PEOPLE_SEERS))
    return select(Person).where(seen, Person.erased_at.is_(None))

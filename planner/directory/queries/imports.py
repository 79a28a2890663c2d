"""Reads for importing a list: everything that its rows are judged against, in one statement each."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.viewer import EDITORS, Viewer
from planner.directory.models import Company, ImportBatch, Municipality, Person
from planner.directory.rules.import_fates import KnownCompany, KnownPerson, Ref


def get_import(viewer: Viewer, key: str) -> tuple[ImportBatch, Municipality]:
    """The viewer's own uploaded list and where it goes. Raises NotFoundError."""
    query = select(ImportBatch, Municipality).where(
        ImportBatch.key == key,
        ImportBatch.user_id == viewer.user_id,
        ImportBatch.municipality_code == Municipality.code,
        Municipality.code.in_(viewer.municipalities(EDITORS)),
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


def known_companies(municipality_code: str, numbers: Iterable[str]) -> list[KnownCompany]:
    """The municipality's companies, and those elsewhere that have one of the organisation numbers."""
    columns = (
        Company.id, Company.name, Company.organisation_number, Company.sni_version, Company.sni_division,
        Company.size_class, Company.website, Company.archived_at, Company.municipality_code,
    )  # fmt: skip
    here = Company.municipality_code == municipality_code
    query = select(*columns).where(or_(here, Company.organisation_number.in_(set(numbers))))
    return [
        KnownCompany(
            Ref(row.id),
            row.name,
            row.organisation_number,
            row.sni_version,
            row.sni_division,
            row.size_class,
            row.website,
            is_archived=row.archived_at is not None,
            is_elsewhere=row.municipality_code != municipality_code,
        )
        for row in db.session.execute(query.order_by(Company.id))
    ]


def known_people(municipality_code: str) -> list[KnownPerson]:
    """The municipality's people."""
    columns = (
        Person.id, Person.name, Person.email, Person.phone, Person.work_title, Person.is_contact, Person.company_id,
        Person.archived_at,
    )  # fmt: skip
    query = (
        select(*columns)
        .where(Person.municipality_code == municipality_code, Person.erased_at.is_(None))
        .order_by(Person.id)
    )
    return [
        KnownPerson(
            row.id,
            row.name,
            row.email,
            row.phone,
            row.work_title,
            row.is_contact,
            Ref(row.company_id) if row.company_id else None,
            is_archived=row.archived_at is not None,
        )
        for row in db.session.execute(query)
    ]


def map_people(ids: Iterable[int]) -> dict[int, Person]:
    """The persons with these ids, by id."""
    return {
        person.id: person for person in db.session.scalars(select(Person).where(Person.id.in_(list(ids))))
    }

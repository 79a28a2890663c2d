"""Reads of organisations, which anyone with an account may know of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import selectinload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.directory.models import (
    Company,
    Organisation,
    OrganisationDisposal,
    OrganisationLogo,
    Person,
    organisation_municipality,
)
from planner.web.paging import Page, page_of


def get_organisation(id: int) -> Organisation:  # noqa: A002 - the row's own word
    """The organisation with the municipalities it serves. Raises NotFoundError."""
    query = (
        select(Organisation).where(Organisation.id == id).options(selectinload(Organisation.municipalities))
    )
    organisation = db.session.scalar(query)
    if organisation is None:
        raise NotFoundError
    return organisation


def list_organisations(words: str = "", kind: str = "", page: int = 1) -> Page:
    """One page of organisations by name, each with the municipalities it serves."""
    query = select(Organisation).where(*name_has(Organisation, words))
    if kind:
        query = query.where(Organisation.kind == kind)
    query = query.options(selectinload(Organisation.municipalities))
    return page_of(query.order_by(Organisation.sort_key, Organisation.id), page)


def list_organisations_of(ids: Iterable[int]) -> list[Organisation]:
    """These organisations by name, each with the municipalities it serves."""
    query = (
        select(Organisation)
        .where(Organisation.id.in_(list(ids)))
        .options(selectinload(Organisation.municipalities))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return list(db.session.scalars(query))


def list_served_codes(*, except_by: int | None = None) -> set[str]:
    """Codes of the municipalities that some organisation serves, leaving one organisation's own out of it."""
    column = organisation_municipality.c
    query = select(column.municipality_code).distinct()
    if except_by is not None:
        query = query.where(column.organisation_id != except_by)
    return set(db.session.scalars(query))


def list_peopled_codes(codes: Iterable[str]) -> set[str]:
    """Those of the municipalities that have companies or people."""
    wanted = list(codes)
    companies = select(Company.municipality_code).where(Company.municipality_code.in_(wanted))
    people = select(Person.municipality_code).where(Person.municipality_code.in_(wanted))
    return set(db.session.scalars(union(companies, people)))


def find_logo(organisation_id: int) -> OrganisationLogo | None:
    """The logo that the organisation has on its documents now; None when it has none."""
    query = select(OrganisationLogo).where(OrganisationLogo.organisation_id == organisation_id)
    newest = db.session.scalars(query.order_by(OrganisationLogo.id.desc()).limit(1)).one_or_none()
    return newest if newest is not None and newest.removed_at is None else None


def get_logo_data(logo_id: int) -> bytes:
    """A logo's picture (PNG), also one that is no longer used."""
    return db.session.scalars(select(OrganisationLogo.data).where(OrganisationLogo.id == logo_id)).one()


def find_disposal(organisation_id: int) -> OrganisationDisposal | None:
    """What the organisation has said of how long people are kept; None when it has said nothing."""
    return db.session.get(OrganisationDisposal, organisation_id, populate_existing=True)


def list_disposal_months() -> dict[str, int]:
    """By municipality, after how many months people are erased: the longest that its organisations have said."""
    served = organisation_municipality.c
    query = (
        select(served.municipality_code, func.max(OrganisationDisposal.months))
        .join(OrganisationDisposal, OrganisationDisposal.organisation_id == served.organisation_id)
        .where(OrganisationDisposal.months.is_not(None))
        .group_by(served.municipality_code)
    )
    rows: Any = db.session.execute(query)
    return dict(rows.all())

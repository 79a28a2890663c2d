"""Reads of companies. A company is seen by anyone with a role in its municipality."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.names import name_has
from planner.base.viewer import EVERYONE, Viewer
from planner.directory.models import Company
from planner.directory.rules import sector_divisions
from planner.web.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class CompanyFilter:
    """What a list of companies is narrowed to; empty means all. `sector` is a section letter of SNI 2025."""

    words: str = ""
    municipality: str = ""
    sector: str = ""
    size: str = ""
    archived: bool = False


def get_company(viewer: Viewer, id: int) -> Company:  # noqa: A002 - the row's own word
    """The company with its municipality, if the viewer has a role there. Raises NotFoundError."""
    query = _seen_by(viewer).where(Company.id == id).options(joinedload(Company.municipality))
    company = db.session.scalar(query)
    if company is None:
        raise NotFoundError
    return company


def list_companies(viewer: Viewer, narrowed: CompanyFilter = CompanyFilter(), page: int = 1) -> Page:
    """One page of the viewer's companies by name, each with its municipality."""
    query = _seen_by(viewer).options(joinedload(Company.municipality))
    query = query.where(
        Company.archived_at.is_not(None) if narrowed.archived else Company.archived_at.is_(None)
    )
    if narrowed.words:
        digits = re.sub(r"\D", "", narrowed.words)
        named = and_(*name_has(Company, narrowed.words))
        numbered = Company.organisation_number.startswith(digits)
        query = query.where(or_(named, numbered) if len(digits) >= 4 else named)
    if narrowed.municipality:
        query = query.where(Company.municipality_code == narrowed.municipality)
    if narrowed.sector:
        query = query.where(Company.sni_division.in_(sector_divisions(narrowed.sector)))
    if narrowed.size:
        query = query.where(Company.size_class == narrowed.size)
    return page_of(query.order_by(Company.sort_key, Company.id), page)


def list_companies_in(codes: Iterable[str]) -> list[Company]:
    """Every company in use in these municipalities, by name, each with its municipality; for lists to choose from."""
    query = (
        select(Company)
        .where(Company.municipality_code.in_(list(codes)), Company.archived_at.is_(None))
        .options(joinedload(Company.municipality))
        .order_by(Company.sort_key, Company.id)
    )
    return list(db.session.scalars(query))


def list_companies_by_id(ids: Iterable[int]) -> list[Company]:
    """The companies with these ids, in no order."""
    return list(db.session.scalars(select(Company).where(Company.id.in_(list(ids)))))


def find_company_by_number(digits: str) -> Company | None:
    """The company with this organisation number (ten digits), wherever it is; None when there is none."""
    return db.session.scalar(select(Company).where(Company.organisation_number == digits))


def _seen_by(viewer: Viewer) -> Select[Company]:
    return select(Company).where(Company.municipality_code.in_(viewer.municipalities(EVERYONE)))

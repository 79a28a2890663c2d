"""Writes of companies."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Company, Person
from planner.directory.queries import find_company_by_number
from planner.directory.rules import (
    CompanyDetails,
    clean_organisation_number,
    clean_sni_division,
    clean_website,
)
from planner.directory.service.checks import check_may_edit, check_no_personal_number, flush_unique


def create_company(details: CompanyDetails, *, by: Viewer) -> Company:
    """A new company. Raises RefusedError beside the field that must change; flushes."""
    check_may_edit(by, details.municipality_code)
    company = Company()
    _set(company, details)
    db.session.add(company)
    flush_unique(_taken(), "organisation_number")
    return company


def edit_company(company: Company, details: CompanyDetails, *, by: Viewer) -> None:
    """Change the company; its people follow it to another municipality. Raises RefusedError; flushes."""
    check_may_edit(by, company.municipality_code)
    check_may_edit(by, details.municipality_code)
    moves = company.municipality_code != details.municipality_code
    if moves:
        _check_people_may_move(company, details.municipality_code)
    _set(company, details)
    flush_unique(_taken(), "organisation_number")
    if moves:
        _move_people(company)


def archive_company(company: Company, *, by: Viewer) -> None:
    """Offer the company nowhere; what it has taken part in stays. Flushes."""
    check_may_edit(by, company.municipality_code)
    company.archived_at = company.archived_at or now()
    db.session.flush()


def restore_company(company: Company, *, by: Viewer) -> None:
    """Take the company into use again. Flushes."""
    check_may_edit(by, company.municipality_code)
    company.archived_at = None
    db.session.flush()


def _set(company: Company, details: CompanyDetails) -> None:
    if not details.name:
        raise RefusedError(_("Give the company a name."), field="name")
    check_no_personal_number(name=details.name, note=details.note, website=details.website)
    number = None
    if details.organisation_number:
        number = clean_organisation_number(details.organisation_number)
        holder = find_company_by_number(number)
        if holder is not None and holder is not company:
            raise RefusedError(_taken(), field="organisation_number")
    version = division = None
    if details.sni_division:
        version, division = clean_sni_division(details.sni_division, details.sni_version or None)
    website = clean_website(details.website)
    company.name = details.name
    company.organisation_number = number
    company.municipality_code = details.municipality_code
    company.sni_version, company.sni_division = version, division
    company.size_class = details.size_class or None
    company.website, company.note = website, details.note


def _taken() -> str:
    return _("Another company has this organisation number.")


def _check_people_may_move(company: Company, code: str) -> None:
    """Refuse when one of the people has an address that someone has already in the new municipality."""
    own = select(Person.email).where(Person.company_id == company.id, Person.municipality_code != code)
    taken = select(func.count()).where(Person.municipality_code == code, Person.email.in_(own))
    if db.session.scalar(taken):
        raise RefusedError(
            _("Someone in that municipality has the same e-mail address as one of the company's people."),
            field="municipality_code",
        )


def _move_people(company: Company) -> None:
    db.session.execute(
        update(Person)
        .where(Person.company_id == company.id)
        .values(municipality_code=company.municipality_code, revision=Person.revision + 1)
        .execution_options(synchronize_session="fetch")
    )

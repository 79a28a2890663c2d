"""Writes of persons."""

from __future__ import annotations

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.viewer import Viewer
from planner.directory.models import Company, Person
from planner.directory.queries import find_person_by_email
from planner.directory.rules import PersonDetails, clean_email
from planner.directory.service.checks import check_may_edit, check_no_personal_number, flush_unique


def create_person(details: PersonDetails, company: Company | None, *, by: Viewer) -> Person:
    """A new person, in the company's municipality when there is one. Raises RefusedError; flushes."""
    person = Person()
    _set(person, details, company, by)
    db.session.add(person)
    flush_unique(_taken(), "email")
    return person


def edit_person(person: Person, details: PersonDetails, company: Company | None, *, by: Viewer) -> None:
    """Change the person. Raises RefusedError; flushes."""
    check_may_edit(by, person.municipality_code)
    _set(person, details, company, by)
    flush_unique(_taken(), "email")


def archive_person(person: Person, *, by: Viewer) -> None:
    """Offer the person nowhere and let their link rest; what they took part in stays. Flushes."""
    check_may_edit(by, person.municipality_code)
    person.archived_at = person.archived_at or now()
    db.session.flush()


def restore_person(person: Person, *, by: Viewer) -> None:
    """Take the person into use again. Flushes."""
    check_may_edit(by, person.municipality_code)
    person.archived_at = None
    db.session.flush()


def renew_link(person: Person, *, by: Viewer) -> None:
    """Make a new personal link; the old one dies at once. Flushes."""
    check_may_edit(by, person.municipality_code)
    person.link_generation += 1
    db.session.flush()


def _set(person: Person, details: PersonDetails, company: Company | None, by: Viewer) -> None:
    code = company.municipality_code if company else details.municipality_code
    if not code:
        raise RefusedError(_("Choose a company or a municipality."), field="municipality_code")
    check_may_edit(by, code)
    if not details.name:
        raise RefusedError(_("Give the person's name."), field="name")
    check_no_personal_number(
        name=details.name, email=details.email, phone=details.phone, work_title=details.work_title
    )
    email = clean_email(details.email) or None
    if details.is_contact and email is None:
        raise RefusedError(
            _("A contact needs an e-mail address: the personal link goes there."), field="email"
        )
    holder = find_person_by_email(code, email) if email else None
    if holder is not None and holder is not person:
        raise RefusedError(_taken(), field="email")
    person.name, person.email = details.name, email
    person.phone, person.work_title = details.phone, details.work_title
    person.is_contact = details.is_contact
    person.company_id = company.id if company else None
    person.municipality_code = code


def _taken() -> str:
    return _("Someone in this municipality, perhaps archived, has this e-mail address.")

"""People typed in where they are met: at the door, or on the list of a series."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from planner.base.db import db
from planner.base.errors import RefusedError
from planner.directory.models import Company, Person
from planner.directory.queries import find_person_by_email
from planner.directory.rules import clean_email
from planner.directory.service.checks import check_no_personal_number, flush_unique


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is asked of somebody new: the least there is. `company` None: their own municipality is `code`."""

    name: str
    code: str
    email: str = ""
    company: Company | None = None


def find_or_add_person(new: NewPerson) -> Person:
    """The person with this address in the municipality, else a new one (company's municipality before `code`).

    Whoever may mark attendance may add the one who stands at the door, so this asks for no right in the directory.
    """
    if not new.name:
        raise RefusedError(_("Give the person's name."), field="name")
    code = new.company.municipality_code if new.company else new.code
    check_no_personal_number(name=new.name, email=new.email)
    email = clean_email(new.email) if new.email else None
    if email is not None and (known := find_person_by_email(code, email)) is not None:
        return known
    person = Person(name=new.name, email=email, company=new.company, municipality_code=code)
    db.session.add(person)
    flush_unique(_("Somebody has just been added with this address. Look again."), "email")
    return person

"""All that is kept of a person: handed out, or erased for good.

The rooms above keep data of people too. They hear of it by signals, inside the same unit of work.
"""

from __future__ import annotations

import secrets
from typing import Final

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotAllowedError
from planner.base.viewer import OWNERS, Viewer
from planner.directory.models import Organisation, OrganisationDisposal, Person
from planner.directory.rules.personal_data import DataPart
from planner.directory.signals import person_collected, person_erased
from planner.outbox.service import forget

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def collect(person: Person) -> list[DataPart]:
    """Everything that is kept of the person (company and municipality loaded), the person's own row first."""
    parts = [part for _receiver, found in person_collected.send(person=person) for part in found]
    return [_own(person), *sorted(parts, key=lambda part: part.key)]


def _own(person: Person) -> DataPart:
    columns = [
        ("name", _("Name")), ("email", _("E-mail")), ("phone", _("Phone")), ("work_title", _("Title at work")),
        ("is_contact", _("Contact person")), ("company", _("Company")), ("municipality", _("Municipality")),
        ("created_at", _("Added")), ("archived_at", _("Archived")),
    ]  # fmt: skip
    row = (
        person.name, person.email, person.phone, person.work_title, person.is_contact,
        person.company.name if person.company else None, person.municipality.name, person.created_at,
        person.archived_at,
    )  # fmt: skip
    return DataPart("person", _("Person"), columns, [row])


def check_owner(person: Person, by: Viewer) -> None:
    """Raise NotAllowedError unless `by` is an owner where the person is."""
    if person.municipality_code not in by.municipalities(OWNERS):
        raise NotAllowedError(_("Only an owner may do this: it concerns all that is kept of a person."))


def erase(person: Person, *, keep_certificates: bool) -> None:
    """Put a pseudonym in the place of whoever this was, for good. Flushes.

    Sums of hours stay, under the pseudonym. Certificates are withdrawn and lose the name, or (`keep_certificates`)
    stay as they are, with the name on them. Erasing again changes nothing.
    """
    if person.erased_at is not None:
        return
    pseudonym = "Raderad " + "".join(secrets.choice(LETTERS) for _each in range(6))
    person_erased.send(person=person, pseudonym=pseudonym, keep_certificates=keep_certificates)
    if person.email:
        forget(person.email)  # last: the rooms above may have written a mail
    person.name, person.email, person.phone, person.work_title = pseudonym, None, "", ""
    person.is_contact = False
    person.link_generation += 1
    person.archived_at, person.erased_at = person.archived_at or now(), now()
    db.session.flush()


def set_disposal(organisation: Organisation, months: int | None, *, by: Viewer) -> None:
    """Erase people of the organisation's municipalities after so many months without activity; None: never."""
    if organisation.id not in by.organisations(OWNERS):
        raise NotAllowedError(_("Only an owner of this organisation may change it."))
    row = db.session.get(OrganisationDisposal, organisation.id)
    if row is None:
        row = OrganisationDisposal(organisation_id=organisation.id)
        db.session.add(row)
    row.months = months
    db.session.flush()

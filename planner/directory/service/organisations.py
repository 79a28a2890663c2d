"""Writes of organisations.

Serving a municipality means seeing its people. So an owner may add one that nobody serves yet, or one that they own
an organisation in; for any other, an owner there has to let the organisation in.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from planner.base.clock import now
from planner.base.db import after_commit, db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import OWNERS, Viewer
from planner.directory.models import Organisation, OrganisationLogo
from planner.directory.pictures import logo_png
from planner.directory.queries import find_logo, list_municipalities_of, list_peopled_codes, list_served_codes
from planner.directory.rules import OrganisationDetails, clean_website
from planner.directory.signals import organisation_founded


def municipalities_to_add(organisation: Organisation | None, codes: Iterable[str], *, by: Viewer) -> set[str]:
    """Those of `codes` that `by` may put on the organisation's list (None: a new one)."""
    taken = list_served_codes(except_by=organisation.id if organisation else None)
    return {code for code in codes if code not in taken or code in by.municipalities(OWNERS)}


def create_organisation(details: OrganisationDetails, *, by: Viewer) -> Organisation:
    """A new organisation; `by`, an owner somewhere, is to own it (told by signal). Raises RefusedError; flushes."""
    if not by.has_role(OWNERS):
        raise NotAllowedError(_("Only owners found new organisations."))
    organisation = Organisation(municipalities=[])
    _set(organisation, details, by)
    db.session.add(organisation)
    db.session.flush()
    made = organisation.id
    after_commit(lambda: _tell(made, by.user_id))
    return organisation


def edit_organisation(organisation: Organisation, details: OrganisationDetails, *, by: Viewer) -> None:
    """Change the organisation; `organisation.municipalities` is loaded. Raises RefusedError; flushes."""
    _check_owner(organisation, by)
    _set(organisation, details, by)
    db.session.flush()


def let_in(organisation: Organisation, municipality_code: str, *, by: Viewer) -> None:
    """Let an organisation work in a municipality that `by` owns an organisation in. Flushes."""
    if municipality_code not in by.municipalities(OWNERS):
        raise NotAllowedError(_("Only an owner in a municipality lets others work there."))
    codes = {municipality.code for municipality in organisation.municipalities}
    _set_municipalities(organisation, codes | {municipality_code})
    db.session.flush()


def set_logo(organisation: Organisation, upload: bytes, *, by: Viewer) -> OrganisationLogo:
    """Put an uploaded picture on the organisation's documents from now on. Raises RefusedError; flushes."""
    _check_owner(organisation, by)
    logo = OrganisationLogo(organisation_id=organisation.id, data=logo_png(upload), added_at=now())
    db.session.add(logo)
    db.session.flush()
    return logo


def remove_logo(organisation: Organisation, *, by: Viewer) -> None:
    """Have no logo on documents made from now on. Flushes."""
    _check_owner(organisation, by)
    logo = find_logo(organisation.id)
    if logo is not None:
        logo.removed_at = now()
        db.session.flush()


def _tell(organisation_id: int, by_user_id: int | None) -> None:
    organisation_founded.send(None, organisation_id=organisation_id, by_user_id=by_user_id)


def _check_owner(organisation: Organisation, by: Viewer) -> None:
    if organisation.id not in by.organisations(OWNERS):
        raise NotAllowedError(_("Only an owner of this organisation may change it."))


def _set(organisation: Organisation, details: OrganisationDetails, by: Viewer) -> None:
    if not details.name:
        raise RefusedError(_("Give the organisation a name."), field="name")
    organisation.name, organisation.kind = details.name, details.kind
    organisation.home_code = details.home_code or None
    organisation.about, organisation.website = details.about, clean_website(details.website)
    held = {municipality.code for municipality in organisation.municipalities}
    existing = organisation if organisation.id else None
    _check_added(existing, details.municipality_codes - held, by)
    _check_removed(existing, held - details.municipality_codes)
    _set_municipalities(organisation, details.municipality_codes)


def _check_added(organisation: Organisation | None, added: frozenset[str], by: Viewer) -> None:
    refused = added - municipalities_to_add(organisation, added, by=by)
    if refused:
        raise RefusedError(
            _(
                "Others already work in %(names)s. Ask an owner there to let this organisation in.",
                names=_names(refused),
            ),
            field="municipality_codes",
        )


def _check_removed(organisation: Organisation | None, removed: set[str]) -> None:
    """Refuse to leave people behind that nobody would see any more."""
    if organisation is None or not removed:
        return
    orphaned = list_peopled_codes(removed) - list_served_codes(except_by=organisation.id)
    if orphaned:
        raise RefusedError(
            _("Nobody else works in %(names)s, which has companies or people.", names=_names(orphaned)),
            field="municipality_codes",
        )


def _set_municipalities(organisation: Organisation, codes: Iterable[str]) -> None:
    organisation.municipalities = list_municipalities_of(codes)


def _names(codes: Iterable[str]) -> str:
    return ", ".join(municipality.name for municipality in list_municipalities_of(codes))

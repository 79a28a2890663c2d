"""Checks that several writes share."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from planner.base.db import db
from planner.base.errors import NotAllowedError, RefusedError
from planner.base.viewer import Viewer
from planner.directory.rules import has_personal_number


def check_may_edit(by: Viewer, municipality_code: str) -> None:
    """Raise NotAllowedError unless `by` is owner or organiser in the municipality."""
    if not by.may_edit_in(municipality_code):
        raise NotAllowedError(_("Only owners and organisers in this municipality may change this."))


def check_no_personal_number(**texts: str) -> None:
    """Raise RefusedError beside the first field that holds a personal identity number."""
    for field, text in texts.items():
        if has_personal_number(text, is_phone=field == "phone"):
            raise RefusedError(
                _("This holds a personal identity number. It must not be kept here: take it out."),
                field=field,
            )


def flush_unique(taken: str, field: str) -> None:
    """Flush; raise RefusedError with the sentence `taken` when someone else took the same value this moment."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RefusedError(taken, field=field) from error

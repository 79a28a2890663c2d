"""A person's address, and their own link.

The link is derived, so that it can be shown again, and dies when its generation is raised.
"""

from __future__ import annotations

from typing import Protocol

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from planner.base.errors import RefusedError
from planner.base.tokens import derived_token


class LinkHolder(Protocol):
    """Whoever has a link: the id and the link's generation."""

    @property
    def id(self) -> int: ...
    @property
    def link_generation(self) -> int: ...


def person_token(secret: str, person: LinkHolder) -> str:
    """The token of the person's link /p/<token>: the id, a hyphen and what proves it."""
    return f"{person.id}-{derived_token(secret, 'person', person.id, person.link_generation)}"


def person_id_in(token: str) -> int | None:
    """The id that a person's token begins with, not yet proven; None when it is no such token."""
    head = token.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 10 else None


def clean_email(text: str) -> str:
    """The address in lower case; empty stays empty. Raises RefusedError for what is no address."""
    if not text.strip():
        return ""
    try:
        # Whether mail arrives is for mail to find out. `test_environment` lets the reserved domain .test through.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise RefusedError(
            _("Give a whole e-mail address, such as name@example.se."), field="email"
        ) from None
    return found.normalized.lower()

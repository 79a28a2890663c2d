"""A person's own link: derived, so that it can be shown again and dies when its generation is raised."""

from __future__ import annotations

from typing import Protocol

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

"""The session's own link, for a facilitator without an account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from planner.base.tokens import derived_token

LIFE_AFTER_SESSION: Final = timedelta(days=7)


def roster_token(secret: str, link_id: int) -> str:
    """The token of a roster's link: the id, a hyphen and what proves it."""
    return f"{link_id}-{derived_token(secret, 'roster', link_id)}"


def link_id_in(token: str) -> int | None:
    """The id that a token begins with, not yet proven; None when it is no such token."""
    head = token.partition("-")[0]
    return int(head) if head.isascii() and head.isdigit() and len(head) < 10 else None


def is_link_open(ends_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    """Whether the link of a session that ends then still opens its roster: a week after, unless it was revoked."""
    return revoked_at is None and at < ends_at + LIFE_AFTER_SESSION

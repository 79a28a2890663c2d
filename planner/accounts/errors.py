"""Refusals of accounts."""

from __future__ import annotations

from planner.base.errors import RefusedError


class LinkGoneError(RefusedError):
    """A one-time link is unknown, used, or past its time (the three look the same on purpose)."""

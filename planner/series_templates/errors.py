"""What can be wrong with a stored or edited template document."""

from __future__ import annotations

from planner.base.errors import NotFoundError


class DocumentUnreadableError(ValueError):
    """A stored document does not have the shape this version of the programme writes."""


class StepNotFoundError(NotFoundError):
    """The template has no step with that key."""

"""What can be wrong with a stored or edited template document."""

from __future__ import annotations

from planner.base.errors import NotFoundError


class DocumentUnreadableError(ValueError):
    """A stored document does not have the shape this version of the programme writes."""


class StepNotFoundError(NotFoundError):
    """The template has no step with that key."""


class VersionIsFixedError(RuntimeError):
    """Code tried to change a published version; a change is published as the next version instead."""

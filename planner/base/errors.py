"""Refusals that a person can do something about. Each carries the sentence that is shown."""

from __future__ import annotations


class PlannerError(Exception):
    """A refusal with words for the person who asked; `field` names the form field it belongs beside."""

    def __init__(self, message: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(PlannerError):
    """What was asked for does not exist, or not for this viewer (the two look the same on purpose)."""


class NotAllowedError(PlannerError):
    """The viewer is known but does not hold the role that this takes."""


class RefusedError(PlannerError):
    """A rule says no; the message says what to do instead."""

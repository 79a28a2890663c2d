"""Refusals of attendance that a page shows in a way of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.base.errors import RefusedError

if TYPE_CHECKING:
    from planner.attendance.models import PresenceEntry


class MarkedMeanwhileError(RefusedError):
    """Someone else marked the person since the page was opened; `standing` is their entry."""

    def __init__(self, message: str, standing: PresenceEntry) -> None:
        super().__init__(message)
        self.standing = standing


class ReasonMissingError(RefusedError):
    """This correction must say why."""


class LedgerIsFixedError(RuntimeError):
    """A programme tried to change or remove a line of the ledger."""

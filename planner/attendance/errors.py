"""Refusals of attendance that a page shows in a way of its own."""

from __future__ import annotations

from planner.base.errors import RefusedError


class ReasonMissingError(RefusedError):
    """This correction must say why."""


class LedgerIsFixedError(RuntimeError):
    """A programme tried to change or remove a line of the ledger."""

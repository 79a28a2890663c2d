"""What cannot be done to figures."""

from __future__ import annotations


class MonthIsFrozenError(Exception):
    """Somebody tried to change an export that is to stay as it was."""

"""The door: when people may check in alone, and the code that is said aloud."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

WINDOW: Final = timedelta(minutes=30)
CODE_LENGTH: Final = 6


class DoorState(StrEnum):
    """Whether people may check in."""

    early = "early"
    open = "open"
    closed = "closed"
    cancelled = "cancelled"


def door_state(starts_at: datetime, ends_at: datetime, is_cancelled: bool, at: datetime) -> DoorState:
    """The door at the instant `at`: open from 30 minutes before the start until 30 minutes after the end."""
    if is_cancelled:
        return DoorState.cancelled
    if at < starts_at - WINDOW:
        return DoorState.early
    return DoorState.open if at < ends_at + WINDOW else DoorState.closed


def code_in(text: str) -> str | None:
    """The six digits that were typed, with or without spaces; None when they are not six."""
    digits = "".join(text.split()).replace("-", "")
    return digits if len(digits) == CODE_LENGTH and digits.isascii() and digits.isdigit() else None


def shown_code(digits: str) -> str:
    """The code as it is shown and said: "482 913"."""
    return f"{digits[:3]} {digits[3:]}"

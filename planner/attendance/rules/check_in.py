"""The door: when people may check in alone, the code that is said aloud, and the one on the screen that changes.

The square on the screen carries a key that holds for its half minute and the next, so a photo of it soon opens nothing.
Whoever comes by it in time gets a pass, which holds long enough to type an address.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.base.tokens import derived_token, same

WINDOW: Final = timedelta(minutes=30)
CODE_LENGTH: Final = 6
STEP: Final = timedelta(seconds=30)
PASS_STEPS: Final = 20  # ten minutes
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


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


class KeyState(StrEnum):
    """What a key that somebody brings to the door is worth."""

    fresh = "fresh"
    gone = "gone"  # it was one, too long ago
    wrong = "wrong"


def step_at(at: datetime) -> int:
    """The number of the half minute that this instant lies in."""
    return (at - _EPOCH) // STEP


def door_steps(starts_at: datetime, ends_at: datetime) -> range:
    """The half minutes in which the door of such a session is open."""
    return range(step_at(starts_at - WINDOW), step_at(ends_at + WINDOW - timedelta.resolution) + 1)


def door_key(secret: str, uid: str, step: int) -> str:
    """What the square on the screen carries in that half minute."""
    return f"{step}-{derived_token(secret, 'door', uid, step)[:12]}"


def door_pass(secret: str, uid: str, at: datetime) -> str:
    """What the page holds for somebody who came by a fresh key at this instant."""
    return _pass(secret, uid, step_at(at))


def _pass(secret: str, uid: str, step: int) -> str:
    return f"{step}-{derived_token(secret, 'door-pass', uid, step)[:16]}"


def key_state(secret: str, uid: str, shown: str, at: datetime) -> KeyState:
    """What the key or pass is worth at this instant. A screen without a network may be half a minute ahead."""
    head = shown.partition("-")[0]
    step = int(head) if head.isascii() and head.isdigit() and len(head) < 12 else -1
    age = step_at(at) - step
    if same(door_key(secret, uid, step), shown):
        return KeyState.fresh if -1 <= age <= 1 else KeyState.gone
    if same(_pass(secret, uid, step), shown):
        return KeyState.fresh if 0 <= age <= PASS_STEPS else KeyState.gone
    return KeyState.wrong

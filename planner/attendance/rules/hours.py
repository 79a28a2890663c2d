"""What a person says of their own hours."""

from __future__ import annotations

from enum import StrEnum


class HoursState(StrEnum):
    """Whether a person agrees with what stands of them at a session."""

    asked = "asked"
    confirmed = "confirmed"
    questioned = "questioned"


def hours_state(agrees: bool | None) -> HoursState:
    """The state of a mark by the person's newest answer about it; None: they have not answered."""
    if agrees is None:
        return HoursState.asked
    return HoursState.confirmed if agrees else HoursState.questioned

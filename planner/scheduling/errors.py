"""What can be wrong with a rhythm."""

from __future__ import annotations

from enum import StrEnum


class RhythmProblem(StrEnum):
    """Why a rhythm gives no dates; the value is the field of `Rhythm` to point at."""

    NO_WEEKDAY = "weekdays"
    ENDS_BEFORE_START = "ends"
    LENGTH = "minutes"
    EVERY = "every_weeks"
    NO_END = "count"
    UNTIL_BEFORE_FIRST = "until_on"


class RhythmNotPossibleError(ValueError):
    """The rhythm's parts do not fit together; the caller makes a sentence of `reason`."""

    def __init__(self, reason: RhythmProblem) -> None:
        super().__init__(reason.name)
        self.reason = reason

"""The pure decisions about dates: which days a rhythm gives, and what clashes."""

from planner.scheduling.rules.clashes import Booking, Clash, ClashKind, Party, Room, clashes
from planner.scheduling.rules.recurrence import (
    Fate,
    GapNote,
    Occurrence,
    Rhythm,
    StepDate,
    StepNeed,
    assign_steps,
    occurrences,
)

__all__ = [
    "Booking",
    "Clash",
    "ClashKind",
    "Fate",
    "GapNote",
    "Occurrence",
    "Party",
    "Rhythm",
    "Room",
    "StepDate",
    "StepNeed",
    "assign_steps",
    "clashes",
    "occurrences",
]

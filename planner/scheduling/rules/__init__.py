"""The pure decisions about dates: which days a rhythm gives, and what clashes."""

from planner.scheduling.rules.clashes import Booking, Clash, ClashKind, Party, Room, Source, clashes
from planner.scheduling.rules.layout import gap_notes, parse_weeks
from planner.scheduling.rules.proposals import NEW, NO_OVERRIDE, Override, Proposal
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
    "NEW",
    "NO_OVERRIDE",
    "Booking",
    "Clash",
    "ClashKind",
    "Fate",
    "GapNote",
    "Occurrence",
    "Override",
    "Party",
    "Proposal",
    "Rhythm",
    "Room",
    "Source",
    "StepDate",
    "StepNeed",
    "assign_steps",
    "clashes",
    "gap_notes",
    "occurrences",
    "parse_weeks",
]

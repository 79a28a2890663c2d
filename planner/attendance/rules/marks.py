"""Marks in the ledger: what they count, which one stands, when a correction must say why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from planner.attendance.rules.seats import Place

LONGEST_WAIT: Final = timedelta(days=14)


class Verdict(StrEnum):
    """How a person's presence at a session is judged."""

    present = "present"
    late = "late"
    excused = "excused"
    absent = "absent"


ATTENDED: Final = frozenset({Verdict.present, Verdict.late})
LEAST: Final = 5  # sums of fewer persons are hidden in shared views


class Via(StrEnum):
    """How a mark came in: a facilitator's list, the person's own link, the code on the screen, the spoken code,
    the person's own code held before a camera, the door, the report of a meeting, the printed sheet.
    """

    roster = "roster"
    link = "link"
    screen = "screen"
    code = "code"
    scan = "scan"
    walk_in = "walk_in"
    report = "import"
    sheet = "sheet"


@dataclass(frozen=True, slots=True)
class Mark:
    """What one line of the ledger says, and what orders it among the others."""

    id: str
    verdict: Verdict
    minutes: int
    place: str
    noted_at: datetime
    received_at: datetime

    @property
    def order(self) -> tuple[datetime, datetime, str]:
        """The later noted stands; noted at once, the later received."""
        return self.noted_at, self.received_at, self.id


@dataclass(frozen=True, slots=True)
class MarkInput:
    """One tap, or one row of the form. `seen_id` is the entry that stood when it was made, None for no entry.

    `waited` is how long it waited for a network; `guard` False marks whatever has happened meanwhile, and
    `keeps_both` writes over an entry not seen, for people to choose. `device` is what it was made on
    (devices.device_of).
    """

    verdict: Verdict
    minutes: int
    place: Place
    entry_id: str
    reason: str = ""
    seen_id: str | None = None
    waited: timedelta = timedelta()
    guard: bool = True
    keeps_both: bool = False
    device: str = ""


def current_mark(marks: Iterable[Mark]) -> Mark | None:
    """The mark that stands, in whatever order and however often they arrived; None when there is none."""
    return max({mark.id: mark for mark in marks}.values(), key=lambda mark: mark.order, default=None)


def supersedes(new: Mark, standing: Mark | None) -> bool:
    """Whether a mark that just arrived stands instead of the one that stood."""
    return standing is None or new.order > standing.order


def default_minutes(verdict: Verdict, length: int, minutes_late: int = 0) -> int:
    """The minutes a verdict counts when none are typed, for a session of `length` minutes."""
    if verdict not in ATTENDED:
        return 0
    return max(0, length - minutes_late) if verdict is Verdict.late else length


def minutes_problem(verdict: Verdict, minutes: int, length: int) -> str | None:
    """Why these minutes cannot be noted ("too_many", "not_there"); None when they can.

    Up to twice the session's length, for one that ran over.
    """
    if verdict not in ATTENDED and minutes:
        return "not_there"
    return None if 0 <= minutes <= 2 * length else "too_many"


def is_reason_needed(
    standing_by: int | str | None, standing_on: date, corrected_by: int | str | None, today: date
) -> bool:
    """Whether correcting this entry must say why: someone else's, or an older day's.

    A tap changed the same day by whoever made it is a slip of the thumb and explains itself. Whoever marks is known
    by their account's id, or by the name on the session's link; None: the person's own check-in.
    """
    return standing_by is None or standing_by != corrected_by or standing_on != today


def noted_at(received_at: datetime, waited: timedelta) -> datetime:
    """When a mark was made that waited so long for a network.

    The client tells how long it waited and not what its clock showed, which may be wrong. A wait below zero
    counts as none, and one above two weeks as two weeks.
    """
    return received_at - min(max(waited, timedelta()), LONGEST_WAIT)


def clean_entry_id(text: str) -> str | None:
    """A client-made UUID in its one spelling; None when it is none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None

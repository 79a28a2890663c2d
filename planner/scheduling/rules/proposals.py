"""What someone is about to write, in plain values, and what they answer to the clashes they were shown."""

from __future__ import annotations

from dataclasses import dataclass

from planner.base.interval import Interval
from planner.series.rules import SessionDetails

NEW = "new"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A session about to be written. `key` is its UID, or any unique text while it has none.

    `cohort_id` None: open to all of the series, whose companies are then those of every cohort.
    """

    key: str
    series_id: int
    cohort_id: int | None
    title: str
    series_title: str
    details: SessionDetails

    @property
    def interval(self) -> Interval:
        """When it would be."""
        return Interval(self.details.starts_at, self.details.ends_at)


@dataclass(frozen=True, slots=True)
class Override:
    """Why clashes are saved over, and which ones (`Clash.mark_id`) the planner had seen; None: any."""

    reason: str = ""
    seen: frozenset[str] | None = None


NO_OVERRIDE = Override()

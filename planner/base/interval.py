"""A stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """The time from `starts_at` up to, not including, `ends_at`.

    Both are kept in UTC; an aware time in another zone is converted. Raises ValueError for a naive
    time or an end that is not after the start. Sorts by start, then end.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        for name in ("starts_at", "ends_at"):
            instant: datetime = getattr(self, name)
            if instant.utcoffset() is None:
                raise ValueError(f"{name} has no zone: {instant}")
            object.__setattr__(self, name, instant.astimezone(UTC))
        if self.ends_at <= self.starts_at:
            raise ValueError(f"ends at {self.ends_at}, not after its start {self.starts_at}")

    @property
    def minutes(self) -> int:
        """Whole minutes of passed time, rounded down."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def contains(self, instant: datetime) -> bool:
        """Whether the instant lies inside; the start does, the end does not."""
        return self.starts_at <= instant < self.ends_at

    def overlaps(self, other: Interval) -> bool:
        """Whether some time is in both; two that only touch do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def intersection(self, other: Interval) -> Interval | None:
        """The time that is in both, or None."""
        if not self.overlaps(other):
            return None
        return Interval(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))

"""Which sums of people may be told, so that nobody is seen through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.attendance.rules import LEAST


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people took part, and how many of them were at every step; None where a sum is too small to tell."""

    reached: int | None = 0
    finished: int | None = 0

    @property
    def share(self) -> float | None:
        """The part of those reached that finished, 0 to 1; None when that is not told, or nobody took part."""
        if not self.reached or self.finished is None:
            return None
        return self.finished / self.reached


def told(reach: Reach) -> Reach:
    """One sum as it may be told by itself."""
    reached = None if _is_small(reach.reached or 0) else reach.reached
    finished = None if reached is None or _is_small(reach.finished or 0) else reach.finished
    return Reach(reached, finished)


def told_together(rows: Sequence[Reach]) -> list[Reach]:
    """Sums whose total is known elsewhere, as they may be told: a hidden one is never alone or small together."""
    reached = _covered([row.reached or 0 for row in rows])
    finished = _covered([row.finished or 0 for row in rows])
    return [
        replace(
            row,
            reached=None if place in reached else row.reached,
            finished=None if place in reached or place in finished else row.finished,
        )
        for place, row in enumerate(rows)
    ]


def _is_small(count: int) -> bool:
    return 0 < count < LEAST


def _covered(counts: Sequence[int]) -> set[int]:
    """The places to hide: small ones, and the least others until one of the hidden stands for enough people."""
    hidden = {place for place, count in enumerate(counts) if _is_small(count)}
    others = sorted((count, place) for place, count in enumerate(counts) if count >= LEAST)
    if hidden and others:
        hidden.add(others[0][1])
    return hidden

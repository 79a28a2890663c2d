"""How much work a search may do. Work is counted, so that the same search ends at the same point on any machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy

from planner.scheduling.rules.plan import Doing, Ending, Progress

OnProgress = Callable[[Progress], bool]

# Cells of tables looked at: about half of what a small machine does when it has nothing else to do.
WORK_PER_SECOND = 6_000_000
# A search that has not done its work is ended when the processor has worked for so many of its seconds, or, on a
# machine that others keep busy, when the clock on the wall has gone on for so many.
_PROCESSOR, _WALL = 1.0, 2.0


class Meter:
    """Counts work against a limit, reports now and then, and says when to stop and why."""

    def __init__(self, seconds: float, on_progress: OnProgress | None = None) -> None:
        self.limit = int(seconds * WORK_PER_SECOND)
        self.done = 0
        self.ending: Ending | None = None
        self.bound: int | None = None
        self.value = self.served = 0
        self._on_progress = on_progress
        self._latest = time.monotonic() + seconds * _WALL
        self._worked = time.thread_time() + seconds * _PROCESSOR
        self._told = 0
        self._account: Meter | None = None

    def spend(self, work: int) -> None:
        """Count work; ends the search when it is used up, or when the clock says so."""
        self.done += work
        if self._account is not None:
            self._account.spend(work)
        if self.ending is None and self.done >= self.limit:
            self.ending = Ending.WORK
        if self.ending is None and (time.thread_time() > self._worked or time.monotonic() > self._latest):
            self.ending = Ending.CLOCK

    def part(self, share: float) -> Meter:
        """A meter that ends at that share of the whole work, and counts on this one's account."""
        part = copy(self)
        part.limit = int(self.limit * share)
        part._account = self
        return part

    @property
    def is_over(self) -> bool:
        """Whether the search is to stop."""
        return self.ending is not None

    @property
    def share(self) -> float:
        """How much of the work is done."""
        return min(1.0, self.done / max(1, self.limit))

    def prove(self) -> None:
        """End the search because there is nothing better to be found."""
        self.ending = self.ending or Ending.PROVEN

    def tell(self, doing: Doing, value: int | None = None, served: int | None = None) -> None:
        """Report, at most a hundred times over the whole search; the caller may end it by answering False.

        Value and served, where given, are those of the best plan from now on.
        """
        self.value = self.value if value is None else value
        self.served = self.served if served is None else served
        if (
            self._on_progress is None
            or self.is_over
            or (self._told and self.done - self._told < self.limit // 100)
        ):
            return
        self._told = max(1, self.done)
        if self._on_progress(Progress(self.share, self.value, self.served, self.bound, doing)) is False:
            self.ending = Ending.CALLER

"""Steps that a company misses in its own cohort, and can make up in another of the same need."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from planner.scheduling.rules.problem import MadeUp
from planner.scheduling.solver.grid import Series
from planner.scheduling.solver.state import Placed, State

Attended = dict[int, tuple[str, int]]  # by step: in which cohort, and from which column


class MakeUp:
    """Finds what can be made up when a plan stands; it adds nothing to the value. Books the time in its state."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.coming: Counter[tuple[str, int]] = Counter()
        for cohort in state.placed.values():
            for row, steps in cohort.members.items():
                for step in steps:
                    self.coming[cohort.key, step] += int(state.grid.heads[row])

    def of(self, placed: Placed) -> dict[int, tuple[MadeUp, ...]]:
        """For each company of a cohort that can make something up, what and where."""
        series = self.state.grid.series[placed.series]
        others = [
            cohort
            for cohort in self.state.placed.values()
            if cohort.series == placed.series and cohort.key != placed.key
        ]
        found = {}
        for row, attends in sorted(placed.members.items()):
            own = {step: (placed.key, placed.slots[step].column) for step in attends}
            missed = sorted(set(range(len(series.steps))) - set(attends))
            extra = tuple(
                MadeUp(step, host) for step in missed if (host := self._host(series, others, step, row, own))
            )
            if extra:
                found[row] = extra
        return found

    def _host(self, series: Series, others: list[Placed], step: int, row: int, own: Attended) -> str | None:
        """The first cohort in which the company can attend the step; its seat and time are taken."""
        for host in others:
            if self._is_welcome(series, host, step, row, own):
                own[step] = (host.key, host.slots[step].column)
                self.coming[host.key, step] += int(self.state.grid.heads[row])
                self.state.bookings.change_companies(
                    host.slots[step].column, series.steps[step].halves, [row], 1
                )
                return host.key
        return None

    def _is_welcome(self, series: Series, host: Placed, step: int, row: int, own: Attended) -> bool:
        column, length = host.slots[step].column, series.steps[step].halves
        can, _quiet = self.state.grid.can(length)
        if not can[row, column] or self.state.bookings.companies[length][row, column]:
            return False
        heads = self.coming[host.key, step] + int(self.state.grid.heads[row])
        seats = self.state.seats_in(series, step, host.slots[step], self.state.frame_of(host.key))
        return heads <= seats and self._is_in_order(series, {**own, step: (host.key, column)})

    def _is_in_order(self, series: Series, own: Attended) -> bool:
        """Whether steps in different cohorts lie in order, and keep the gaps where one follows the other."""
        grid = self.state.grid
        for (before, (here, first)), (after, (there, second)) in pairwise(sorted(own.items())):
            days = int(grid.ordinals[grid.day_of[second]] - grid.ordinals[grid.day_of[first]])
            rule = series.steps[after]
            if here != there and (
                days < 1 or (after == before + 1 and not rule.gap_min <= days <= rule.gap_max)
            ):
                return False
        return True

"""Makes a plan better until the work is used up: takes some cohorts of a series out and places them anew."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

import numpy as np

from planner.scheduling.rules.plan import Doing
from planner.scheduling.solver.build import grow
from planner.scheduling.solver.columns import Effort, Pool, replace_cohorts
from planner.scheduling.solver.grid import Series
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.start import welcome
from planner.scheduling.solver.state import State

REGROWN_WIDTH = 30
TOGETHER = 3  # cohorts placed anew at a time
RESHUFFLES = 16  # for each time that prices are asked
LESS = 0.9  # of its worth, a company may count less while cohorts are reshuffled
QUICK = Effort(rounds=8, width=20, chains=5, most=150)
USUAL = Effort(rounds=14, width=32, chains=6, most=240)
THOROUGH = Effort(rounds=24, width=80, chains=10, most=360)
WIDEST, WIDEST_CELLS = 500, 15_000  # of beginnings kept where there are few companies and steps


@dataclass
class Search:
    """A plan and what has been learnt while making it better. `bounds` has each series' own."""

    state: State
    meter: Meter
    bounds: list[int]
    random: Random
    pools: dict[int, Pool] = field(default_factory=dict)
    failures: dict[int, int] = field(default_factory=dict)
    most_moved: int | None = None  # published sessions that may be at another time, if only so many

    def run(self) -> None:
        """Go on until the work is used up or nothing can be better."""
        self._regrow_all()
        while not self.meter.is_over:
            if self.state.value >= sum(self.bounds):
                self.meter.prove()
                return
            series = self._next()
            effort = self._effort(series)
            is_better = (
                self._unblock(series, effort) if self._is_stuck(series) else self._renew(series, effort)
            )
            is_better |= sum(self._reshuffle(series) for _ in range(RESHUFFLES)) > 0
            if is_better:
                self._regrow_all([series.number])
            self.failures[series.number] = 0 if is_better else self.failures.get(series.number, 0) + 1
            self.meter.tell(Doing.IMPROVING, self.state.value, self.state.served)

    def _regrow_all(self, only: list[int] | None = None) -> None:
        """Place every cohort again, one at a time, until none gets better by that."""
        while not self.meter.is_over:
            keys = sorted(c.key for c in self.state.placed.values() if only is None or c.series in only)
            self.random.shuffle(keys)
            if sum(self._regrow(key) for key in keys) == 0:  # every one of them is tried
                return

    def _regrow(self, key: str) -> bool:
        """Place one cohort at the best dates for its members and those without; whether it is worth more there."""
        if self.meter.is_over or self.most_moved is not None:
            return False
        cohort = self.state.remove(key)
        series = self.state.grid.series[cohort.series]
        draft = grow(self.state, series, self.state.frame_of(key), self.meter, REGROWN_WIDTH)
        if draft is None or draft.value <= cohort.value:
            self.state.put_back(cohort)
            return False
        self.state.place(series, draft.frame, draft.slots, draft.members)
        self.meter.tell(Doing.IMPROVING, self.state.value, self.state.served)
        return True

    def _reshuffle(self, series: Series) -> bool:
        """Place some cohorts again one after the other, the first as if companies counted otherwise; if that helps."""
        if self.meter.is_over or self.most_moved is not None:
            return False
        keys = self._neighbours(series)[: self.random.randint(1, TOGETHER)]
        trial = self.state.copy()
        for key in keys:
            trial.remove(key)
        extra = self._moods(series)
        for number, key in enumerate(keys):
            frame = trial.frame_of(key)
            draft = grow(trial, series, frame, self.meter, REGROWN_WIDTH, extra=None if number else extra)
            if draft is not None:
                trial.place(series, frame, draft.slots, draft.members)
                dates = tuple(slot.column for slot in draft.slots)
                self._pool(series)[key if frame.published else "", dates] = None
        welcome(trial, [series])
        return trial.value > self.state.value and self._take(trial)

    def _moods(self, series: Series) -> dict[int, float]:
        """How much less each company counts: all of them somewhat, or half of them a lot."""
        grid, is_somewhat = self.state.grid, self.random.random() < 0.5
        served = {int(row): grid.weights.served * int(grid.weight[row]) for row in series.companies}
        share = self.random.random if is_somewhat else lambda: float(self.random.random() < 0.5)
        return {row: -LESS * worth * share() for row, worth in served.items()}

    def _renew(self, series: Series, effort: Effort) -> bool:
        keys = self._neighbours(series)
        if self.most_moved is None:
            return replace_cohorts(self.state, series, keys, self._pool(series), self.meter, effort)
        trial = self.state.copy()
        is_better = replace_cohorts(trial, series, keys, self._pool(series), self.meter, effort)
        return is_better and self._take(trial)

    def _unblock(self, series: Series, effort: Effort) -> bool:
        """Take a cohort of another series out of the way first, and place it again afterwards."""
        others = [cohort for cohort in self.state.placed.values() if cohort.series != series.number]
        if not others:
            return self._renew(series, effort)
        trial = self.state.copy()
        moved = trial.remove(self.random.choice(others).key)
        other = trial.grid.series[moved.series]
        replace_cohorts(trial, series, self._neighbours(series), self._pool(series), self.meter, effort)
        replace_cohorts(trial, other, [], self._pool(other), self.meter, effort)
        return trial.value > self.state.value and self._take(trial)

    def _take(self, trial: State) -> bool:
        if self.most_moved is not None and trial.moved > self.most_moved:
            return False
        self.state = trial
        return True

    def _next(self) -> Series:
        """The series that most could still be won in, and that has not been tried in vain too often."""
        placed = np.zeros(len(self.bounds))
        for cohort in self.state.placed.values():
            placed[cohort.series] += cohort.value
        open_value = np.maximum(np.array(self.bounds) - placed, 1.0)
        tried = np.array([self.failures.get(number, 0) for number in range(len(self.bounds))])
        parts = np.array([self._parts(series) for series in self.state.grid.series])
        chances = open_value / (1 + tried / parts) ** 2
        return self.state.grid.series[self.random.choices(range(len(chances)), weights=chances.tolist())[0]]

    def _neighbours(self, series: Series) -> list[str]:
        """Some cohorts of the series."""
        keys = sorted(cohort.key for cohort in self.state.placed.values() if cohort.series == series.number)
        return self.random.sample(keys, min(TOGETHER, len(keys)))

    def _effort(self, series: Series) -> Effort:
        """More after every time that all of the series was tried in vain."""
        rounds = self.failures.get(series.number, 0) // self._parts(series)
        width = min(WIDEST, WIDEST_CELLS // max(1, len(series.companies) * len(series.steps)))
        widest = replace(THOROUGH, width=max(THOROUGH.width, width), chains=max(THOROUGH.chains, width // 10))
        return (QUICK, USUAL, widest)[min(rounds, 2)]

    def _parts(self, series: Series) -> int:
        """How many tries it takes until a series has been gone through about once."""
        return 1 + series.need.cohorts // TOGETHER

    def _is_stuck(self, series: Series) -> bool:
        tried = self.failures.get(series.number, 0)
        return tried >= 2 * self._parts(series) and tried % 2 == 1

    def _pool(self, series: Series) -> Pool:
        return self.pools.setdefault(series.number, {})

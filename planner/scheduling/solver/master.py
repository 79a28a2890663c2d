"""Which of many possible cohorts to open, as a program for HiGHS: every company and every half-hour at most once.

An offer is a chain of dates with facilitators, rooms and the companies that come. Relaxed, the program gives prices:
what a company, or a half-hour of a facilitator or a room, is worth to it, and so which chain would help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs  # `Highs`, its subclass, greets on standard output when it is made

from planner.scheduling.solver.grid import Floats, Ints

ITERATIONS = 50_000  # a program that takes more is given up


@dataclass(frozen=True, slots=True)
class Offer:
    """A cohort that may be opened, and what it is worth.

    `chain` is the number of its dates; `members` are places in the series. `frame` is a published cohort's key, or
    empty.
    """

    chain: int
    frame: str
    members: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Prices:
    """What the relaxed program would pay for one more cohort, company, half-hour (see `half_hours`) or frame."""

    cohort: float
    companies: Floats
    half_hours: Floats
    frames: Mapping[str, float]
    iterations: int


class Master:
    """The program over some offers of one series, of which at most `cohorts` may be taken.

    `uses` has for each chain the half-hours of people and rooms that it takes, numbered below `half_hours`.
    """

    def __init__(
        self, offers: Sequence[Offer], uses: Sequence[Ints], *, cohorts: int, companies: int, half_hours: int
    ) -> None:
        self.offers, self._companies, self._half_hours = offers, companies, half_hours
        self._frames = sorted({offer.frame for offer in offers if offer.frame})
        shared, rows_of = _shared(uses)
        self._shared = shared
        self._first_frame = 1 + companies
        self._first_use = self._first_frame + len(self._frames)
        frame_row = {frame: self._first_frame + number for number, frame in enumerate(self._frames)}
        taken = [
            [0, *(1 + place for place in offer.members), *([frame_row[offer.frame]] if offer.frame else [])]
            for offer in offers
        ]
        columns = [
            np.concatenate([np.array(rows, dtype=np.int32), self._first_use + rows_of[offer.chain]])
            for offer, rows in zip(offers, taken, strict=True)
        ]
        self._index = np.concatenate(columns).astype(np.int32)
        self._start = np.concatenate([[0], np.cumsum([len(rows) for rows in columns])]).astype(np.int32)
        self._upper = np.ones(self._first_use + len(shared))
        self._upper[0] = cohorts

    def relaxed(self) -> Prices | None:
        """The relaxed program's prices; None if HiGHS gave up."""
        solver = self._solver()
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        dual = np.abs(np.array(solver.getSolution().row_dual))
        half_hours = np.zeros(self._half_hours)
        half_hours[self._shared] = dual[self._first_use :]
        return Prices(
            float(dual[0]),
            dual[1 : self._first_frame],
            half_hours,
            {frame: float(dual[self._first_frame + number]) for number, frame in enumerate(self._frames)},
            int(solver.getInfo().simplex_iteration_count),
        )

    def _solver(self) -> _Highs:
        count = len(self.offers)
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = count, len(self._upper)
        program.col_cost_ = np.array([offer.value for offer in self.offers])
        program.sense_ = highspy.ObjSense.kMaximize
        program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
        program.row_lower_ = np.full(program.num_row_, -highspy.kHighsInf)
        program.row_upper_ = self._upper
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.start_ = self._start
        program.a_matrix_.index_ = self._index
        program.a_matrix_.value_ = np.ones(len(self._index))
        options = highspy.HighsOptions()
        options.output_flag = False
        options.threads = 1
        options.random_seed = 1
        options.simplex_iteration_limit = ITERATIONS
        solver = _Highs()
        solver.passOptions(options)
        solver.passModel(program)
        return solver


def _shared(uses: Sequence[Ints]) -> tuple[Ints, list[Ints]]:
    """The half-hours that more than one chain takes, and for each chain which of them (places) it does.

    Half-hours that the same chains take are one.
    """
    half_hours, places = np.unique(np.concatenate(uses), return_inverse=True)
    takes = np.zeros((len(half_hours), len(uses)), dtype=bool)
    takes[places, np.repeat(np.arange(len(uses)), [len(used) for used in uses])] = True
    several = np.flatnonzero(takes.sum(axis=1) > 1)
    marks = np.ascontiguousarray(np.packbits(takes[several], axis=1))
    _, first = np.unique(marks.view(f"V{max(1, marks.shape[1])}").ravel(), return_index=True)
    kept = several[np.sort(first)]
    return half_hours[kept], [np.flatnonzero(column) for column in takes[kept].T]

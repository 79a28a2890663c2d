"""The best chains of dates for one cohort: a dynamic program over the steps that remembers who can still be served.

Going through the steps in order, it keeps the most promising beginnings, each with what every company has missed and
had in quiet time. Beginnings that end on one day and have treated everybody alike are one. Kept in full it is exact;
`width` says how many are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planner.scheduling.solver.grid import NEVER, Bools, Floats, Ints, Series
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.options import Options, Wish, step_options
from planner.scheduling.solver.state import Frame, State

PER_STEP = 5_000  # the work of one step beside the tables
MOST_PAIRS = 60_000  # beginnings × starts looked at together


@dataclass(frozen=True, slots=True)
class Chain:
    """A column for each step, and what it promises: an estimate, since not all who could come may fit in."""

    columns: tuple[int, ...]
    promise: float


@dataclass(frozen=True, slots=True)
class _Beginnings:
    """Rows of beginnings: the last day, what it cost, and per company what was missed and what was quiet."""

    day: Ints
    gained: Floats
    missed: NDArray[np.uint8]
    quiet: NDArray[np.uint8]
    before: Ints
    option: Ints


def best_chains(
    state: State, series: Series, frame: Frame, wish: Wish, *, width: int, meter: Meter
) -> list[Chain]:
    """Chains for a cohort, the most promising first; empty where there is none."""
    options = step_options(state, series, frame, wish)
    gaps = _gaps(series, frame)
    reach = _reach(gaps, options, state.grid.days)
    layers: list[_Beginnings] = []
    for step, starts in enumerate(options):
        open_starts = np.flatnonzero(reach[step][starts.days])
        before = layers[-1] if layers else None
        pairs = _pairs(before, starts, open_starts, gaps[step])
        meter.spend(len(pairs[0]) * len(wish.companies) + PER_STEP)
        if not len(pairs[0]):
            return []
        layers.append(_extend(series, wish, step, before, starts, pairs, width))
    return _chains(layers, options)


def _gaps(series: Series, frame: Frame) -> list[Floats]:
    free = np.zeros_like(series.gaps[0])
    return [
        free if step in frame.locked and step - 1 in frame.locked else gap
        for step, gap in enumerate(series.gaps)
    ]


def _reach(gaps: list[Floats], options: list[Options], days: int) -> list[Bools]:
    """For each step, the days from which all later steps still find a day."""
    reach = [np.ones(days, dtype=bool)]
    for step in range(len(options) - 1, 0, -1):
        usable = np.zeros(days, dtype=bool)
        usable[options[step].days] = True
        reach.append(np.asarray((gaps[step] > NEVER)[:, usable & reach[-1]].any(axis=1)))
    return reach[::-1]


def _pairs(
    before: _Beginnings | None, starts: Options, open_starts: Ints, gap: Floats
) -> tuple[Ints, Ints, Floats]:
    """Which beginning may go on with which start, and what the gap gains."""
    if before is None:
        return np.zeros(len(open_starts), dtype=np.int64), open_starts, np.zeros(len(open_starts))
    gains = gap[before.day][:, starts.days[open_starts]]
    rows, places = np.nonzero(gains > NEVER)
    return rows[:MOST_PAIRS], open_starts[places[:MOST_PAIRS]], gains[rows, places][:MOST_PAIRS]


def _extend(
    series: Series,
    wish: Wish,
    step: int,
    before: _Beginnings | None,
    starts: Options,
    pairs: tuple[Ints, Ints, Floats],
    width: int,
) -> _Beginnings:
    rows, places, gains = pairs
    missed = 1 - starts.can[places]
    quiet = starts.quiet[places]
    gained = gains - starts.price[places]
    if before is not None:
        missed = missed + before.missed[rows]
        quiet = quiet + before.quiet[rows]
        gained = gained + before.gained[rows]
    promise = gained + _promise(series, wish, step, missed, quiet)
    chosen = _choose(promise, starts.days[places], missed, quiet, width)
    return _Beginnings(
        starts.days[places][chosen],
        gained[chosen],
        missed[chosen],
        quiet[chosen],
        rows[chosen],
        places[chosen],
    )


def _promise(
    series: Series, wish: Wish, step: int, missed: NDArray[np.uint8], quiet: NDArray[np.uint8]
) -> Floats:
    """What the companies that can still be served would be worth, were a fair part of the steps left quiet.

    Where more could come than there are seats, the average of them fills the seats.
    """
    left = len(series.steps) - step - 1
    hope = 0.7 * left
    worth = wish.base.astype(np.float32) + wish.rate.astype(np.float32) * (
        quiet.astype(np.float32) + np.float32(hope)
    )
    alive = (missed <= series.slack) & (worth > 0)
    if left and series.slack:
        # Who has missed much already will rather not be served.
        worth = worth * (1 - 0.5 * missed / (series.slack + 1) * left / len(series.steps)).astype(np.float32)
    total = np.where(alive, worth, np.float32(0)).sum(axis=1, dtype=np.float64)
    heads = alive @ wish.heads.astype(np.float64)
    return np.asarray(total * np.minimum(1.0, wish.seats / np.maximum(heads, 1)))


def _choose(
    promise: Floats, days: Ints, missed: NDArray[np.uint8], quiet: NDArray[np.uint8], width: int
) -> Ints:
    """The most promising that differ, not all on the same few days."""
    best = np.argsort(-promise, kind="stable")[: 6 * width]
    per_day = max(2, width // 5)
    seen: set[bytes] = set()
    counts: dict[int, int] = {}
    chosen = []
    for number in best.tolist():
        day = int(days[number])
        if counts.get(day, 0) >= per_day:
            continue
        mark = day.to_bytes(4, "big") + missed[number].tobytes() + quiet[number].tobytes()
        if mark in seen:
            continue
        seen.add(mark)
        counts[day] = counts.get(day, 0) + 1
        chosen.append(number)
        if len(chosen) == width:
            break
    return np.array(chosen, dtype=np.int64)


def _chains(layers: list[_Beginnings], options: list[Options]) -> list[Chain]:
    found = []
    for last in range(len(layers[-1].day)):
        row, columns = last, []
        for layer, starts in zip(reversed(layers), reversed(options), strict=True):
            columns.append(int(starts.columns[layer.option[row]]))
            row = int(layer.before[row])
        found.append(Chain(tuple(reversed(columns)), float(layers[-1].gained[last])))
    return found

"""Which of several chains are opened, and who comes to which: a local search that looks at every exchange of two.

Tables have a row for each chain and a column for each company: what it is worth there, 0 where it is not served.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from planner.scheduling.solver.grid import Bools, Floats, Ints
from planner.scheduling.solver.members import fill
from planner.scheduling.solver.meter import Meter

BIDDING_ROUNDS = 24
PER_TRIAL = 5_000  # the work of counting one exactly, beside the tables
TRIED = 10  # of the exchanges that look best, how many are counted exactly


@dataclass(frozen=True, slots=True)
class Chains:
    """The chains to choose among. `clash` says which two cannot both be opened."""

    worth: Floats
    fixed: Floats
    seats: Ints
    heads: Ints
    clash: Bools


@dataclass(frozen=True, slots=True)
class Opened:
    """The chains opened, where each company comes (a place in `chains`, or -1), and what it is all worth."""

    chains: tuple[int, ...]
    home: Ints
    value: float


def assign(table: Chains, chains: Sequence[int]) -> Opened:
    """Companies to opened chains, by bidding: a chain that too many want asks for more until they fit."""
    if not chains:
        return Opened((), np.full(len(table.heads), -1), 0.0)
    rows = list(chains)
    worth, seats = table.worth[rows], table.seats[rows]
    asked = np.zeros(len(rows))
    best: Opened | None = None
    step = float(worth.max(initial=0.0)) / max(1, int(table.heads.max(initial=1))) / 4
    for _ in range(BIDDING_ROUNDS):
        net = worth - asked[:, None] * table.heads
        wanted = np.where((worth > 0) & (net > 0), net, 0.0)
        home = np.where(wanted.max(axis=0) > 0, wanted.argmax(axis=0), -1)
        load = np.array([table.heads[home == place].sum() for place in range(len(rows))])
        found = _settle(table, rows, home.copy())
        if best is None or found.value > best.value:
            best = found
        over = load > seats
        if not over.any() and not (asked[~over] > 0).any():
            break
        asked = np.maximum(0.0, asked + step * np.sign(load - seats) * np.where(over | (asked > 0), 1, 0))
        step *= 0.8
    if best is None:
        raise AssertionError("no round of bidding")
    return best


def _settle(table: Chains, rows: list[int], home: Ints) -> Opened:
    """Those who do not fit go where there are seats left, and who is in none comes where there are."""
    worth = table.worth[rows]
    for place, row in enumerate(rows):
        here = np.flatnonzero(home == place)
        if table.heads[here].sum() > table.seats[row]:
            others = np.delete(worth[:, here], place, axis=0).max(axis=0, initial=0.0)
            stay = fill(
                np.maximum(worth[place, here] - 0.5 * others, 1e-3), table.heads[here], int(table.seats[row])
            )
            home[np.delete(here, stay)] = -1
    for _ in range(2):
        for place, row in enumerate(rows):
            open_to = np.flatnonzero(((home == -1) & (worth[place] > 0)) | (home == place))
            home[home == place] = -1
            home[open_to[fill(worth[place, open_to], table.heads[open_to], int(table.seats[row]))]] = place
    value = worth[home[home >= 0], np.flatnonzero(home >= 0)].sum() + table.fixed[rows].sum()
    return Opened(tuple(rows), home, float(value))


def choose(table: Chains, start: Sequence[int], most: int, meter: Meter) -> Opened:
    """The best chains found from a start by opening, closing and exchanging one or two."""
    best = assign(table, start)
    while not meter.is_over:
        better = _exchange(table, best, most, 1, meter) or _exchange(table, best, most, 2, meter)
        if better is None:
            break
        best = better
    return best


def _exchange(table: Chains, now: Opened, most: int, count: int, meter: Meter) -> Opened | None:
    """A better choice with `count` chains exchanged; chains may also be opened while there are fewer than `most`."""
    size = len(table.fixed)
    leaving = list(combinations(now.chains, min(count, len(now.chains))))
    if len(now.chains) + count <= most:
        leaving = [()]
    for out in leaving:
        stay = [row for row in now.chains if row not in out]
        free = np.flatnonzero(~table.clash[stay].any(axis=0))
        base = table.worth[stay].max(axis=0, initial=0.0)
        candidates = _promising(table, base, free, count)
        meter.spend(size**count * len(table.heads) // (4 if count > 1 else 1))
        for extra in candidates:
            found = assign(table, (*stay, *extra))
            meter.spend(PER_TRIAL + BIDDING_ROUNDS * len(table.heads) * 40)
            if found.value > now.value + 1e-6:
                return found
    return None


def _promising(table: Chains, base: Floats, free: Ints, count: int) -> list[tuple[int, ...]]:
    """Those to open that would be worth the most if there were seats for all."""
    if not len(free):
        return []
    worth = np.maximum(table.worth[free], base)
    if count == 1:
        value = worth.sum(axis=1) + table.fixed[free]
        return [(int(free[row]),) for row in np.argsort(-value, kind="stable")[:TRIED]]
    value = np.empty((len(free), len(free)))
    for row in range(len(free)):
        value[row] = np.maximum(worth, worth[row]).sum(axis=1) + table.fixed[free] + table.fixed[free[row]]
    value[table.clash[np.ix_(free, free)] | np.tri(len(free), dtype=bool)] = -np.inf
    order = np.argsort(-value, axis=None, kind="stable")[:TRIED]
    pairs = [divmod(int(place), len(free)) for place in order]
    return [(int(free[one]), int(free[other])) for one, other in pairs if np.isfinite(value[one, other])]

"""Places one series anew while the others stay: gathers chains that the prices ask for, then opens the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.scheduling.rules.plan import Doing
from planner.scheduling.solver import half_hours
from planner.scheduling.solver.beam import best_chains
from planner.scheduling.solver.grid import Bools, Floats, Ints, Series
from planner.scheduling.solver.master import Master, Offer, Prices
from planner.scheduling.solver.members import appoint, fill
from planner.scheduling.solver.meter import Meter
from planner.scheduling.solver.options import Wish, wish_for
from planner.scheduling.solver.share import Chains, Opened, choose
from planner.scheduling.solver.state import Frame, Placed, Slot, State

Pool = dict[tuple[str, tuple[int, ...]], None]  # chains of dates seen, by published frame or "", in order
LEAST_GAIN = 0.5
PER_CANDIDATE, PER_PROGRAM = 4_000, 20_000  # the work of making one, beside the tables
LEVELS = 2  # sizes of rooms that chains are sought for


@dataclass(frozen=True, slots=True)
class Effort:
    """How far one call goes: rounds of pricing, beginnings kept, chains taken over from each, chains at most."""

    rounds: int = 20
    width: int = 40
    chains: int = 8
    most: int = 240


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chain of dates with facilitators and rooms, and by company (place in the series) what it is worth.

    `uses` are the half-hours that it takes, by their numbers.
    """

    frame: Frame
    slots: tuple[Slot, ...]
    seats: int
    worth: Floats
    fixed: float
    uses: Ints

    @property
    def dates(self) -> tuple[int, ...]:
        """The column of each session."""
        return tuple(slot.column for slot in self.slots)


def replace_cohorts(
    state: State, series: Series, keys: Sequence[str], pool: Pool, meter: Meter, effort: Effort
) -> bool:
    """Place these cohorts of a series anew, with all who have none, if that is worth more; whether it was."""
    before = [state.remove(key) for key in keys]
    gathering = Gathering(state, series, pool, meter, effort)
    for cohort in before:
        gathering.add_slots(state.frame_of(cohort.key), cohort.slots)
    gathering.recall()
    gathering.price(len(before))
    placed = gathering.place(gathering.best(range(len(before))))
    if sum(cohort.value for cohort in placed) > sum(cohort.value for cohort in before):
        return True
    for cohort in placed:
        state.remove(cohort.key)
    for cohort in before:
        state.put_back(cohort)
    return False


class Gathering:
    """Candidates for the cohorts of a series, while those that it has are taken out of the state."""

    def __init__(self, state: State, series: Series, pool: Pool, meter: Meter, effort: Effort) -> None:
        self.state, self.series, self.pool, self.meter, self.effort = state, series, pool, meter, effort
        self.companies = state.homeless(series)
        self.heads = state.grid.heads[self.companies]
        self.candidates: list[Candidate] = []
        self.offers: dict[tuple[int, tuple[int, ...]], Offer] = {}
        self._known: set[tuple[str, tuple[Slot, ...]]] = set()
        published = [frame for frame in state.frames(series) if frame.published is not None]
        self.cohorts = series.need.cohorts - state.count(series)
        self.frames = [*published, Frame("")]

    def recall(self) -> None:
        """Candidates of the chains that were seen before."""
        frames = {frame.key: frame for frame in self.frames}
        for key, dates in list(self.pool)[-self.effort.most :]:
            if key in frames:
                self.add_dates(frames[key], dates, None)

    def add_dates(self, frame: Frame, dates: tuple[int, ...], prices: Prices | None) -> bool:
        """A candidate for a chain of dates, if facilitators and rooms are found; whether it is a new one."""
        for seats in self.state.grid.levels(self.series):
            slots = appoint(
                self.state, self.series, frame, dates, seats, prices.half_hours if prices else None
            )
            if slots is not None:
                return self.add_slots(frame, slots)
        return False

    def add_slots(self, frame: Frame, slots: tuple[Slot, ...]) -> bool:
        """A candidate for sessions; whether it is a new one."""
        frame = frame if frame.published is not None else Frame("")
        if (frame.key, slots) in self._known:
            return False
        self._known.add((frame.key, slots))
        self.meter.spend(PER_CANDIDATE)
        dates = tuple(slot.column for slot in slots)
        self.pool[frame.key, dates] = None
        can, quiet = self.state.attendance(self.series, dates, self.companies)
        worth = self.state.worth(self.series, can, quiet, self.companies, frame)
        seats = min(self.state.seats_in(self.series, step, slot, frame) for step, slot in enumerate(slots))
        fixed = float(self.state.fixed_worth(self.series, slots, frame))
        uses = half_hours.taken_by(self.state.grid, self.series, frame, slots)
        self.candidates.append(Candidate(frame, slots, seats, worth, fixed, uses))
        return True

    def price(self, kept: int) -> None:
        """Add the chains that the prices ask for, until there are none or enough; the first `kept` stay."""
        prices: Prices | None = None
        for _ in range(self.effort.rounds if len(self.companies) else 0):
            added = self._offer(prices)
            prices = self._relaxed() if self.offers else None
            added += sum(self._seek(frame, prices) for frame in self.frames)
            self.meter.tell(Doing.IMPROVING)
            if not added or self.meter.is_over:
                break
        if prices is not None and len(self.candidates) > self.effort.most:
            gains = self._gains(prices)
            order = sorted(
                range(len(self.candidates)), key=lambda number: (number >= kept, -gains[number], number)
            )
            self.candidates = [self.candidates[number] for number in sorted(order[: self.effort.most])]

    def best(self, now: Sequence[int]) -> Opened:
        """The candidates to open, and who comes, found from those that are open now."""
        if not self.candidates:
            return Opened((), np.full(len(self.companies), -1), 0.0)
        table = Chains(
            np.array([candidate.worth for candidate in self.candidates]).reshape(-1, len(self.companies)),
            np.array([candidate.fixed for candidate in self.candidates]),
            np.array([candidate.seats for candidate in self.candidates], dtype=np.int64),
            self.heads,
            _clashes(self.candidates),
        )
        return choose(table, now, self.cohorts, self.meter)

    def place(self, opened: Opened) -> list[Placed]:
        """Place what was chosen; a facilitator who cannot be in time from one place to the next is exchanged."""
        state, series, placed = self.state, self.series, []
        for place, number in enumerate(opened.chains):
            candidate, members = self.candidates[number], self.companies[opened.home == place]
            frame = candidate.frame
            if frame.published is None:
                new = [frame for frame in state.frames(series) if frame.published is None]
                if not new:
                    continue
                frame = new[0]
            is_free = _is_free(state, series, frame, candidate.slots, candidate.seats)
            slots = (
                candidate.slots
                if is_free
                else appoint(state, series, frame, candidate.dates, candidate.seats)
            )
            if slots is not None:
                placed.append(state.place(series, frame, slots, members))
        return placed

    def _relaxed(self) -> Prices | None:
        grid = self.state.grid
        prices = Master(
            list(self.offers.values()),
            [candidate.uses for candidate in self.candidates],
            cohorts=self.cohorts,
            companies=len(self.companies),
            half_hours=half_hours.count(grid),
        ).relaxed()
        self.meter.spend((prices.iterations if prices else 1) * len(self.offers) // 2 + PER_PROGRAM)
        return prices

    def _offer(self, prices: Prices | None) -> int:
        """Offer every candidate with the companies that are worth the most there; how many offers are new."""
        added = 0
        paid = self._paid(prices)
        gains = self._gains(prices) if prices else np.ones(len(self.candidates))
        for number in np.flatnonzero(gains > LEAST_GAIN).tolist():
            candidate = self.candidates[number]
            net = np.where(candidate.worth > 0, candidate.worth - paid, 0.0)
            chosen = fill(net, self.heads, candidate.seats)
            members = tuple(chosen.tolist())
            if (number, members) not in self.offers and members:
                value = float(candidate.worth[chosen].sum()) + candidate.fixed
                offer = Offer(number, candidate.frame.key, members, value)
                self.offers[number, members] = offer
                added += 1
        self.meter.spend(len(self.candidates) * len(self.companies) * 10)
        return added

    def _gains(self, prices: Prices) -> Floats:
        """What one more offer of each candidate would add at most, were seats no matter."""
        if not self.candidates:
            return np.zeros(0)
        worth = np.array([candidate.worth for candidate in self.candidates])
        companies = np.where(worth > 0, np.maximum(worth - self._paid(prices), 0), 0).sum(axis=1)
        costs = [
            candidate.fixed
            - prices.cohort
            - prices.frames.get(candidate.frame.key, 0.0)
            - float(prices.half_hours[candidate.uses].sum())
            for candidate in self.candidates
        ]
        return np.asarray(companies + np.array(costs))

    def _paid(self, prices: Prices | None) -> Floats:
        return prices.companies if prices else np.zeros(len(self.companies))

    def _seek(self, frame: Frame, prices: Prices | None) -> int:
        """Add the best chains at these prices; how many are new."""
        added = 0
        for seats in self.state.grid.levels(self.series)[:LEVELS]:
            wish = wish_for(self.state, self.series, frame, self.companies, seats)
            if prices is not None:
                wish = replace(
                    wish, base=wish.base - self._paid(prices), prices=self._step_prices(wish, prices)
                )
            chains = best_chains(
                self.state, self.series, frame, wish, width=self.effort.width, meter=self.meter
            )
            added += sum(
                self.add_dates(frame, chain.columns, prices) for chain in chains[: self.effort.chains]
            )
        return added

    def _step_prices(self, wish: Wish, prices: Prices) -> tuple[Floats, ...] | None:
        """For each step, the least that facilitator and room cost from each column."""
        if not prices.half_hours.any():
            return None
        found: dict[tuple[int, str, str], Floats] = {}
        for step in self.series.steps:
            kind = (step.halves, step.mode.value, step.skill)
            if kind not in found:
                tables = half_hours.session_prices(self.state.grid, prices.half_hours, step.halves)
                found[kind] = self.state.bookings.cheapest(step, wish.seats, *tables)
        return tuple(found[step.halves, step.mode.value, step.skill] for step in self.series.steps)


def _clashes(candidates: Sequence[Candidate]) -> Bools:
    """Which two take the same half-hour of somebody or somewhere, or are the same published cohort."""
    _, places = np.unique(np.concatenate([candidate.uses for candidate in candidates]), return_inverse=True)
    takes = np.zeros((len(candidates), int(places.max(initial=0)) + 1), dtype=np.float32)
    takes[
        np.repeat(np.arange(len(candidates)), [len(candidate.uses) for candidate in candidates]), places
    ] = 1
    clash = takes @ takes.T > 0
    keys = np.array([candidate.frame.key for candidate in candidates])
    return np.asarray(clash | ((keys[:, None] == keys) & (keys != "")))


def _is_free(state: State, series: Series, frame: Frame, slots: Sequence[Slot], seats: int) -> bool:
    return all(
        number in frame.locked or (slot.person, slot.room) in state.bookings.choices(step, seats, slot.column)
        for number, (step, slot) in enumerate(zip(series.steps, slots, strict=True))
    )

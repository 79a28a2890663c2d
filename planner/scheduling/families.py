"""Problems made from a seed, so that solvers can be compared: S, M and L, with quiet time as trades have it.

Companies of one trade have some quiet half-days of the week in common, and quiet weeks of their own, weeks full of
orders when nothing is possible, and half-days when nobody can leave the machines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from planner.base.days import is_free
from planner.scheduling.rules.problem import (
    IMPOSSIBLE,
    POSSIBLE,
    QUIET,
    Away,
    Company,
    Facilitator,
    Need,
    Problem,
    Room,
    Step,
    Travel,
)
from planner.series_templates.rules import Mode

FIRST_ON: Final = date(2027, 1, 11)
HALVES: Final = 18
NOON: Final = 8  # the half-hour that the afternoon starts with, from 08:00
PLACES: Final = ("Lindesberg", "Nora", "Örebro", "Hällefors")
TAKEN: Final = 0.12  # of the half-days, something else is already in the calendar
HALF_DAYS: Final = [(weekday, half) for weekday in range(5) for half in range(2)]


@dataclass(frozen=True, slots=True)
class Family:
    """The size of a problem. `seats` in a cohort; `spare` how much room the cohorts have beyond those who ask.

    `quiet` and `busy` are half-days of the week that companies have besides those of their trade.
    """

    steps: int
    companies: int
    facilitators: int
    weeks: int
    needs: int
    seats: int
    gap_min: int
    gap_max: int
    trades: int
    rooms: int
    spare: float
    quiet: int
    busy: int


FAMILIES: Final = {
    "S": Family(3, 9, 2, 4, 1, 12, 3, 12, 4, 1, 1.1, 0, 5),
    "M": Family(8, 60, 6, 12, 4, 14, 3, 14, 4, 3, 1.25, 2, 4),
    "L": Family(12, 500, 30, 26, 8, 24, 5, 21, 6, 8, 1.1, 2, 5),
}


def make_problem(family: str, seed: int) -> Problem:
    """The problem of a family ("S", "M" or "L") that belongs to a seed."""
    size = FAMILIES[family]
    random = Random(f"{family} {seed}")  # noqa: S311 # nothing is kept secret by it
    days = _working_days(size.weeks)
    trades = [random.sample(HALF_DAYS, 4) for _ in range(size.trades)]
    companies = tuple(
        _company(number, days, random.choice(trades), size, random) for number in range(1, size.companies + 1)
    )
    rooms = tuple(_room(number, size) for number in range(1, size.rooms + 1))
    return Problem(
        days=tuple(days),
        companies=companies,
        needs=_needs(companies, size, random),
        facilitators=tuple(
            _facilitator(number, size, days, random) for number in range(1, size.facilitators + 1)
        ),
        rooms=rooms,
        travel=_travel(random),
        halves=HALVES,
    )


def _working_days(weeks: int) -> list[date]:
    days = (FIRST_ON + timedelta(days=number) for number in range(7 * weeks))
    return [day for day in days if not is_free(day)]


def _company(
    number: int, days: Sequence[date], trade: Sequence[tuple[int, int]], size: Family, random: Random
) -> Company:
    weeks = sorted({day.isocalendar()[:2] for day in days})
    quiet_half_days = {*random.sample(trade, 3), *random.sample(HALF_DAYS, size.quiet)}
    busy_half_days = set(
        random.sample([part for part in HALF_DAYS if part not in quiet_half_days], size.busy)
    )
    quiet_weeks = set(random.sample(weeks, max(1, len(weeks) // 6)))
    busy_weeks = set(random.sample([week for week in weeks if week not in quiet_weeks], len(weeks) // 6))
    lunch = random.random() < 0.5  # nobody leaves before one o'clock
    times = []
    for day in days:
        week = day.isocalendar()[:2]
        taken = {(day.weekday(), half) for half in range(2) if random.random() < TAKEN}
        letters = []
        for half in range(HALVES):
            part = (day.weekday(), int(half >= NOON + 2 * lunch))
            if part in taken or week in busy_weeks or (part in busy_half_days and week not in quiet_weeks):
                letters.append(IMPOSSIBLE)
            elif week in quiet_weeks or part in quiet_half_days:
                letters.append(QUIET)
            else:
                letters.append(POSSIBLE)
        times.append("".join(letters))
    heads = random.choice((1, 1, 2, 2, 3))
    return Company(number, f"Company {number}", tuple(times), heads, random.choice((1, 1, 1, 2)))


def _needs(companies: Sequence[Company], size: Family, random: Random) -> tuple[Need, ...]:
    """Needs with a series each; every company has one, and a third of them two."""
    wanted: dict[int, list[int]] = {number: [] for number in range(1, size.needs + 1)}
    for company in companies:
        count = 2 if size.needs > 1 and random.random() < 1 / 3 else 1
        for number in random.sample(sorted(wanted), count):
            wanted[number].append(company.id)
    heads = {company.id: company.heads for company in companies}
    needs = []
    for number, ids in wanted.items():
        cohorts = max(2, -(-int(size.spare * sum(heads[id_] for id_ in ids)) // size.seats))
        steps = tuple(_step(k, number, size, random) for k in range(size.steps))
        needs.append(Need(number, f"Need {number}", steps, tuple(ids), cohorts, size.seats))
    return tuple(needs)


def _step(k: int, need: int, size: Family, random: Random) -> Step:
    mode = random.choice((Mode.DIGITAL, Mode.DIGITAL, Mode.ON_SITE, Mode.HYBRID)) if k else Mode.ON_SITE
    return Step(f"Step {k + 1}", random.choice((4, 5, 6)), mode, f"skill {need}", size.gap_min, size.gap_max)


def _facilitator(number: int, size: Family, days: Sequence[date], random: Random) -> Facilitator:
    """Somebody with two skills or more, so that none hangs on one person, and some days away."""
    skills = {f"skill {(number - turn) % size.needs + 1}" for turn in range(2)}
    skills |= {f"skill {need}" for need in range(1, size.needs + 1) if random.random() < 0.3}
    first = random.randrange(len(days))
    away = tuple(Away(day, 0, HALVES) for day in days[first : first + random.randrange(2, 6)])
    meetings = tuple(Away(day, 0, NOON) for day in days if day.weekday() == number % 5)
    places = frozenset(PLACES) if random.random() < 0.7 else frozenset(random.sample(PLACES, 2)) | {PLACES[0]}
    return Facilitator(number, f"Facilitator {number}", frozenset(skills), places, away + meetings, 1)


def _room(number: int, size: Family) -> Room:
    capacity = size.seats if number % 3 else size.seats * 3 // 4
    return Room(number, f"Room {number}", PLACES[(number - 1) % len(PLACES)], capacity)


def _travel(random: Random) -> tuple[Travel, ...]:
    pairs = [(here, there) for here in PLACES for there in PLACES if here < there]
    return tuple(Travel(here, there, random.choice((1, 2, 2, 3))) for here, there in pairs)

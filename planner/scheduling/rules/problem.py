"""What a plan is asked for: who wants what, when they have time, and what there is to give it with.

Time is what the clock on the wall shows: a working day, and half-hours of it counted from its opening. Intervals are
half-open. Numbers of days in gaps are calendar days. Nothing here knows how a plan is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from planner.series_templates.rules import Mode

QUIET: Final = "q"
POSSIBLE: Final = "p"
IMPOSSIBLE: Final = "-"

ALL_STEPS_UP_TO: Final = 4
SHARE_OF_STEPS: Final = (3, 4)


def steps_to_attend(steps: int) -> int:
    """How many of the steps a company attends to be served: all of four or fewer, else three in four, rounded up."""
    part, whole = SHARE_OF_STEPS
    return steps if steps <= ALL_STEPS_UP_TO else -(-steps * part // whole)


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts in a plan's value. `served` and `quiet` are multiplied by the company's weight.

    `quiet` is for a company whose every step lies in its quiet time, and shared out by steps. The others are costs: of
    a published session at another time or given up, one with another facilitator or room at the same time, a company
    that leaves its published cohort, a cohort, and a gap in the outer half of what is allowed.
    """

    served: int = 1000
    quiet: int = 100
    moved: int = 10
    swapped: int = 4
    rejoined: int = 10
    cohort: int = 5
    uneven: int = 1


@dataclass(frozen=True, slots=True)
class Away:
    """A part of a day, in half-hours from opening, when somebody or something cannot be had."""

    on: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Company:
    """A company; `times` has a text for each day of the period, with a letter for each of its half-hours."""

    id: int
    name: str
    times: tuple[str, ...]
    heads: int = 1
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a need. `gap_min` and `gap_max` are days from the step before; the first step's are not read."""

    name: str
    halves: int
    mode: Mode = Mode.DIGITAL
    skill: str = ""
    gap_min: int = 1
    gap_max: int = 28

    @property
    def takes_room(self) -> bool:
        """Whether people meet somewhere."""
        return self.mode is not Mode.DIGITAL


@dataclass(frozen=True, slots=True)
class Need:
    """What some companies want: steps in order, for at most `cohorts` groups of at most `seats` heads each."""

    id: int
    name: str
    steps: tuple[Step, ...]
    companies: tuple[int, ...]
    cohorts: int
    seats: int


@dataclass(frozen=True, slots=True)
class Facilitator:
    """Who can hold which sessions. `places` empty: goes anywhere. `buffer`: half-hours between two sessions."""

    id: int
    name: str
    skills: frozenset[str]
    places: frozenset[str] = frozenset()
    away: tuple[Away, ...] = ()
    buffer: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """A room, where it is, and how many heads it holds. A hybrid session may have more: some take part remotely."""

    id: int
    name: str
    place: str
    capacity: int
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class Travel:
    """Half-hours between two places, in both directions. Places without an entry take none."""

    here: str
    there: str
    halves: int


@dataclass(frozen=True, slots=True)
class Session:
    """One step of a cohort at a time. `step` counts from 0, `start` half-hours from opening. `room` None: digital."""

    step: int
    on: date
    start: int
    facilitator: int
    room: int | None = None
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A step that a company missed in its own cohort and attends in another of the same need."""

    step: int
    cohort: str


@dataclass(frozen=True, slots=True)
class Member:
    """A company in a cohort: the steps it attends there, in order, and those it makes up elsewhere."""

    company: int
    attends: tuple[int, ...]
    made_up: tuple[MadeUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """Companies that go through a need's steps together, with a session for each step, in order."""

    key: str
    need: int
    sessions: tuple[Session, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Problem:
    """Everything a plan depends on.

    `days` are the working days that may be used, in order: a closed day is left out. `opens` is the first half-hour
    after midnight and `halves` how many there are. A published cohort is to be kept as it is where that costs less
    than what is won; its locked sessions stay whatever it costs, and are not asked whether they break a rule.
    """

    days: tuple[date, ...]
    companies: tuple[Company, ...]
    needs: tuple[Need, ...]
    facilitators: tuple[Facilitator, ...]
    rooms: tuple[Room, ...] = ()
    travel: tuple[Travel, ...] = ()
    published: tuple[Cohort, ...] = ()
    weights: Weights = field(default_factory=Weights)
    opens: int = 16
    halves: int = 18

    @cached_property
    def company(self) -> Mapping[int, Company]:
        """Companies by id."""
        return {company.id: company for company in self.companies}

    @cached_property
    def need(self) -> Mapping[int, Need]:
        """Needs by id."""
        return {need.id: need for need in self.needs}

    @cached_property
    def facilitator(self) -> Mapping[int, Facilitator]:
        """Facilitators by id."""
        return {person.id: person for person in self.facilitators}

    @cached_property
    def room(self) -> Mapping[int, Room]:
        """Rooms by id."""
        return {room.id: room for room in self.rooms}

    @cached_property
    def travel_halves(self) -> Mapping[tuple[str, str], int]:
        """Half-hours between two places, in both directions."""
        there = {(way.here, way.there): way.halves for way in self.travel}
        return {(way.there, way.here): way.halves for way in self.travel} | there

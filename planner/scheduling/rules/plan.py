"""A plan, what it is worth, and how sure one can be that there is no better."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.scheduling.rules.problem import Cohort


class Ending(StrEnum):
    """What ended the search. Only the clock makes the same search end differently on another day."""

    PROVEN = "proven"  # the value meets the bound
    WORK = "work"  # all the work was done that the seconds were taken to allow
    CLOCK = "clock"
    CALLER = "caller"


class Doing(StrEnum):
    """What a search is at."""

    BUILDING = "building"
    IMPROVING = "improving"
    VARYING = "varying"


class Style(StrEnum):
    """What a plan was made for."""

    BEST = "best"
    OTHER = "other"  # almost as good, at other times
    GREEDY = "greedy"
    FEWEST_CHANGES = "fewest_changes"
    BALANCED = "balanced"


@dataclass(frozen=True, slots=True)
class Score:
    """What a plan gives and costs, counted. `value` is these by the problem's weights.

    `served` and `quiet_steps` count companies in needs; `steps` how many steps those served companies have.
    """

    value: int
    served: int
    asked: int
    quiet_steps: int
    steps: int
    moved: int
    swapped: int
    rejoined: int
    cohorts: int
    uneven: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Cohorts with their sessions. `digest` is the problem's; no plan for it is worth more than `bound`."""

    digest: str
    style: Style
    cohorts: tuple[Cohort, ...]
    score: Score
    bound: int
    ending: Ending

    @property
    def gap(self) -> float:
        """How far the value may be below the best there is, as a share of the bound."""
        return (self.bound - self.score.value) / self.bound if self.bound > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come. `share` of the work is done, from 0 to 1."""

    share: float
    value: int
    served: int
    bound: int | None
    doing: Doing

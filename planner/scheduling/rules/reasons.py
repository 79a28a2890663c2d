"""Why a company is not served by a plan, and the smallest changes that would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Reason(StrEnum):
    """Why not, from what nobody can help to what somebody else won."""

    SERVED = "served"
    NO_TIME = "no_time"  # even alone, with everybody and every room free, its times do not go together with the gaps
    NO_RESOURCE = "no_resource"  # alone it could, but there is nobody or nowhere left
    CROWDED_OUT = "crowded_out"  # it could be served in place of others


class Help(StrEnum):
    """What would have to change."""

    MOVE_STEP = "move_step"  # a cohort's step at another time that suits all its members too
    COME_ANYWAY = "come_anyway"  # the company makes itself free for some of a cohort's sessions
    SEATS = "seats"  # a cohort takes more heads
    COHORT = "cohort"  # one cohort more of the need
    FACILITATOR = "facilitator"  # one more with the skill
    ROOM = "room"  # one more room


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change with which the company is served and nobody lost, tried out. What does not apply is None.

    `steps` count from 0; `on` and `start` are the new time of a moved step; `seats` how many heads more.
    """

    help: Help
    cohort: str | None = None
    steps: tuple[int, ...] = ()
    on: date | None = None
    start: int | None = None
    seats: int | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer for one company and need.

    `steps` are those without any time that suits, for NO_TIME. For CROWDED_OUT, `by` are the companies that would have
    to give way, and `cost` what the plan would lose.
    """

    need: int
    company: int
    reason: Reason
    steps: tuple[int, ...] = ()
    by: tuple[int, ...] = ()
    cost: int | None = None
    remedies: tuple[Remedy, ...] = ()

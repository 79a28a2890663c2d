"""The words of invitations between calendar programmes (RFC 5546, iTIP): who, what is asked, what is answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Method(StrEnum):
    """What an invitation asks of the calendar that receives it (RFC 5546 section 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class PartStat(StrEnum):
    """How an attendee stands to an invitation (RFC 5545 section 3.2.12)."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


class Problem(StrEnum):
    """Why an answer cannot be read."""

    BROKEN = "broken"
    OTHER_METHOD = "other_method"  # a calendar, but no answer: a proposal of another time, for example


class UnreadableAnswerError(Exception):
    """A calendar that came in is no answer to an invitation; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Party:
    """The organiser of an invitation, or the one it is for."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attendee's calendar programme answered. `attendee` is an address in lower case, `stamped_at` aware."""

    uid: str
    attendee: str
    status: PartStat
    sequence: int
    stamped_at: datetime

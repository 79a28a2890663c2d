"""What the pictures are made of: plain facts, and how a page words and links them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from planner.base.days import DayMark, Week
from planner.series.rules import Status


@dataclass(frozen=True, slots=True)
class SessionFact:
    """One session as a picture shows it: `[starts_at, ends_at)`, aware.

    `cohort_id` None: open to all. `booked` and `seats` are of the places that have a limit; `seats` None: none has.
    """

    id: int
    uid: str
    series_id: int
    series_key: str
    series: str
    municipality: str
    cohort_id: int | None
    cohort: str
    step: int
    title: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    place: str
    status: Status
    booked: int = 0
    seats: int | None = None
    facilitators: tuple[str, ...] = ()
    cancel_reason: str = ""
    moved_from_at: datetime | None = None

    @property
    def fill(self) -> str:
        """How full it is, "7/12"; empty without a limit."""
        return "" if self.seats is None else f"{self.booked}/{self.seats}"

    @property
    def is_on(self) -> bool:
        """Whether it takes, or took, place."""
        return self.status is not Status.cancelled


def seats_left(session: SessionFact) -> int | None:
    """Places nobody has booked, never below none; None without a limit or once nothing can be booked."""
    if session.seats is None or session.status in (Status.cancelled, Status.held):
        return None
    return max(0, session.seats - session.booked)


@dataclass(frozen=True, slots=True)
class CompanyFact:
    """A company in a cohort."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class CohortFact:
    """A cohort with the companies the viewer may see; `elsewhere` counts the others."""

    id: int
    name: str
    companies: tuple[CompanyFact, ...] = ()
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class StepFact:
    """A step's ordinal and title."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class SeriesFact:
    """A series with its steps and cohorts in order."""

    id: int
    title: str
    municipality: str
    is_draft: bool = False
    may_edit: bool = False
    steps: tuple[StepFact, ...] = ()
    cohorts: tuple[CohortFact, ...] = ()


@dataclass(frozen=True, slots=True)
class QuietFact:
    """Days when a company has time, both included."""

    company_id: int
    company: str
    starts_on: date
    ends_on: date
    note: str = ""

    def meets(self, week: Week) -> bool:
        """Whether any of its days lie in the week."""
        return self.starts_on <= week.sunday and self.ends_on >= week.monday


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """All that a board is drawn from, the series in the order they are shown."""

    series: tuple[SeriesFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    quiet: tuple[QuietFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """How a page writes things, in its language."""

    week: Callable[[date], str]  # "v. 41"
    month: Callable[[date], str]  # "oktober 2026"
    weekday: Callable[[date], str]  # "tis"
    day: Callable[[date], str]  # "tis 6 okt"
    clock: Callable[[datetime], str]  # "13:00"
    span: Callable[[datetime, datetime], str]  # "13:00–15:00"
    mark: Callable[[DayMark], str]  # "Långfredagen"
    quiet: Callable[[date, date], str]  # "v. 42–43"
    companies: Callable[[int, int], str]  # so many shown, so many elsewhere
    open_to_all: str
    no_cohorts: str
    no_sessions: str
    plan_sessions: str


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page's things lead; a company None: nowhere."""

    session: Callable[[SessionFact], str]
    series: Callable[[SeriesFact], str]
    plan: Callable[[SeriesFact], str]
    company: Callable[[CompanyFact], str | None]

"""Pure pictures of a plan, split by noun: facts in, board, month and rows out."""

from planner.plan.rules.board import Board, build_board
from planner.plan.rules.facts import (
    BoardFacts,
    CohortFact,
    CompanyFact,
    Links,
    QuietFact,
    SeriesFact,
    SessionFact,
    StepFact,
    Words,
    seats_left,
)
from planner.plan.rules.month import Calendar, Month, build_month
from planner.plan.rules.period import (
    DEFAULT_AHEAD,
    DEFAULT_BACK,
    LONGEST_WEEKS,
    Period,
    PeriodError,
    PeriodProblem,
    PlanFilter,
    default_period,
    period_around,
    read_period,
)
from planner.plan.rules.rows import SessionRow, build_rows

__all__ = [
    "DEFAULT_AHEAD",
    "DEFAULT_BACK",
    "LONGEST_WEEKS",
    "Board",
    "BoardFacts",
    "Calendar",
    "CohortFact",
    "CompanyFact",
    "Links",
    "Month",
    "Period",
    "PeriodError",
    "PeriodProblem",
    "PlanFilter",
    "QuietFact",
    "SeriesFact",
    "SessionFact",
    "SessionRow",
    "StepFact",
    "Words",
    "build_board",
    "build_month",
    "build_rows",
    "default_period",
    "period_around",
    "read_period",
    "seats_left",
]

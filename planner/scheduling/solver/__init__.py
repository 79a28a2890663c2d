"""Finds plans: chains of dates priced by a linear program, opened and shared out by a local search.

Words: a *column* is a half-hour of the period; a *chain* is a column for each step of a series; a *beam* finds chains
for companies; a *candidate* is a chain with facilitators and rooms; *prices* say what would help. Pure: it takes a
problem and gives plans. Imported by those only who are about to solve something, for it brings NumPy and HiGHS along.
"""

from planner.scheduling.solver.explain import why_not
from planner.scheduling.solver.search import preview, replan, solve

__all__ = ["preview", "replan", "solve", "why_not"]

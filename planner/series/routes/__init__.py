"""Pages of series: the series itself, its steps and its cohorts."""

from planner.series.routes import cohorts, series, steps
from planner.series.routes.blueprint import blueprint

__all__ = ["blueprint", "cohorts", "series", "steps"]

"""Pages of reports, split by noun."""

from planner.reports.routes import figures
from planner.reports.routes.blueprint import blueprint

__all__ = ["blueprint", "figures"]

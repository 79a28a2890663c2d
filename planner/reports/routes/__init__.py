"""Pages of reports, split by noun."""

from planner.reports.routes import accounts, figures, frozen, presences, projects, records
from planner.reports.routes.blueprint import blueprint

__all__ = ["accounts", "blueprint", "figures", "frozen", "presences", "projects", "records"]

"""Pages of series templates."""

from planner.series_templates.routes import carry, drafts, publishing, versions
from planner.series_templates.routes.blueprint import blueprint

__all__ = ["blueprint", "carry", "drafts", "publishing", "versions"]

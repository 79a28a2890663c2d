"""Pages of the directory, split by noun; all on one blueprint."""

from __future__ import annotations

from planner.directory.routes import companies, imports, logos, organisations, people, personal_data, venues
from planner.directory.routes.blueprint import blueprint

__all__ = ["blueprint", "companies", "imports", "logos", "organisations", "people", "personal_data", "venues"]

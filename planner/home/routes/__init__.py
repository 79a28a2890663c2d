"""Pages of home: the start page, what anyone may see, and the pages behind personal links."""

from planner.home.routes import personal, public, start
from planner.home.routes.blueprint import blueprint

__all__ = ["blueprint", "personal", "public", "start"]

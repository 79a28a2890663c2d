"""Pages of what passes between templates and series."""

from planner.exchange.routes import differences, gallery, origins, proposals, reviews, spread, updates, use
from planner.exchange.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "differences",
    "gallery",
    "origins",
    "proposals",
    "reviews",
    "spread",
    "updates",
    "use",
]

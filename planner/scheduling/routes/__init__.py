"""Pages of scheduling: one session, and a whole series in one go."""

from planner.scheduling.routes import changes, plan, session
from planner.scheduling.routes.blueprint import blueprint

__all__ = ["blueprint", "changes", "plan", "session"]

"""Pages of invitations."""

from planner.invitations.routes import personal, replies
from planner.invitations.routes.blueprint import blueprint

__all__ = ["blueprint", "personal", "replies"]

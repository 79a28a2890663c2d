"""Pages of invitations."""

from planner.invitations.routes import choices, personal, replies, series_mail, wordings
from planner.invitations.routes.blueprint import blueprint

__all__ = ["blueprint", "choices", "personal", "replies", "series_mail", "wordings"]

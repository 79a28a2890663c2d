"""The blueprint, and what several pages of accounts ask of the request."""

from __future__ import annotations

from flask import Blueprint, request
from flask_babel import get_locale

from planner.accounts.rules import client_name

blueprint = Blueprint("accounts", __name__)


def language() -> str:
    """The language of this page, and of the mail it causes."""
    return str(get_locale() or "sv")[:2]


def client() -> str:
    """What to call this browser."""
    return client_name(request.user_agent.string)

"""The blueprint, and what to call the browser it is asked by."""

from __future__ import annotations

from flask import Blueprint, request

from planner.accounts.rules import client_name

blueprint = Blueprint("accounts", __name__)


def client() -> str:
    """What to call this browser."""
    return client_name(request.user_agent.string)

"""Pages of accounts."""

from __future__ import annotations

from planner.accounts.routes import account, colleagues, signing_in
from planner.accounts.routes.blueprint import blueprint

__all__ = ["account", "blueprint", "colleagues", "signing_in"]

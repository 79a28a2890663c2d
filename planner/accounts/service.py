"""Writes of accounts."""

from __future__ import annotations

from planner.accounts.models import SignIn, User
from planner.base.db import db
from planner.base.tokens import digest, random_token


def start_sign_in(user: User, *, client: str) -> str:
    """Begin a stay for `user`; the token that the browser's cookie must carry. Flushes."""
    token = random_token()
    db.session.add(SignIn(token_digest=digest(token), user_id=user.id, client=client[:200]))
    db.session.flush()
    return token

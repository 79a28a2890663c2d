"""Reads of accounts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from planner.accounts.models import SignIn, User, UserRole
from planner.base.db import db
from planner.base.tokens import digest
from planner.base.viewer import Grant, Role, Viewer
from planner.directory.models import Organisation


def find_sign_in(token: str) -> SignIn | None:
    """The live sign-in with this token, its user loaded; None when ended, unknown or the user is disabled."""
    query = (
        select(SignIn)
        .join(SignIn.user)
        .options(joinedload(SignIn.user))
        .where(SignIn.token_digest == digest(token), SignIn.ended_at.is_(None), User.disabled_at.is_(None))
    )
    return db.session.scalar(query)


def find_user_by_email(email: str) -> User | None:
    """The user with this address, in any case; None when there is none."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


def viewer_for(user: User) -> Viewer:
    """The user as a viewer, with a grant for each role (two statements)."""
    query = (
        select(UserRole)
        .where(UserRole.user_id == user.id)
        .options(joinedload(UserRole.organisation).options(selectinload(Organisation.municipalities)))
        .order_by(UserRole.id)
    )
    grants = tuple(
        Grant(
            Role(held.role),
            held.organisation_id,
            frozenset(municipality.code for municipality in held.organisation.municipalities),
        )
        for held in db.session.scalars(query)
    )
    return Viewer(user.id, user.name, user.email, grants)

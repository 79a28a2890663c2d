"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from planner.accounts.models import SignIn, User, UserRole
from planner.base.db import db
from planner.base.tokens import digest
from planner.base.viewer import Grant, Role, Viewer
from planner.directory.models import Organisation, organisation_municipality

FACILITATING = (Role.owner, Role.organiser, Role.facilitator)


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


def list_facilitators(codes: Iterable[str]) -> Sequence[User]:
    """Users who may lead sessions in any of the municipalities `codes`, by name.

    They hold facilitator, organiser or owner in an organisation that serves one of them, and are not disabled.
    """
    serving = select(organisation_municipality.c.organisation_id).where(
        organisation_municipality.c.municipality_code.in_(list(codes))
    )
    held = select(UserRole.user_id).where(
        UserRole.role.in_(FACILITATING), UserRole.organisation_id.in_(serving)
    )
    query = select(User).where(User.id.in_(held), User.disabled_at.is_(None)).order_by(User.sort_key, User.id)
    return db.session.scalars(query).all()

"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from planner.accounts.models import OneTimeLink, SignIn, User, UserRole
from planner.accounts.rules import STAY, Purpose
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import NotFoundError
from planner.base.tokens import digest
from planner.base.viewer import LEADERS, OWNERS, Grant, Role, Viewer
from planner.directory.models import Organisation, organisation_municipality

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Member:
    """A user with the roles they hold in one organisation, in the order of `Role`."""

    user: User
    roles: tuple[Role, ...]


def find_sign_in(token: str) -> SignIn | None:
    """The live sign-in with this token, its user loaded.

    None when it is unknown, ended or not used for STAY, or when the user is disabled.
    """
    query = (
        select(SignIn)
        .join(SignIn.user)
        .options(joinedload(SignIn.user))
        .where(SignIn.token_digest == digest(token), *_is_live())
    )
    return db.session.scalar(query)


def _is_live() -> tuple[ColumnElement[bool], ...]:
    return (SignIn.ended_at.is_(None), SignIn.seen_at > now() - STAY, User.disabled_at.is_(None))


def list_sign_ins(viewer: Viewer) -> Sequence[SignIn]:
    """The viewer's own live sign-ins, the last seen first."""
    query = (
        select(SignIn)
        .join(SignIn.user)
        .where(SignIn.user_id == viewer.user_id, *_is_live())
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return db.session.scalars(query).all()


def get_own_sign_in(viewer: Viewer, sign_in_id: int) -> SignIn:
    """One of the viewer's own sign-ins. Raises NotFoundError."""
    query = select(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == viewer.user_id)
    return _one(db.session.scalar(query))


def get_self(viewer: Viewer) -> User:
    """The viewer's own account. Raises NotFoundError for a viewer without one."""
    return _one(db.session.scalar(select(User).where(User.id == viewer.user_id)))


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
    held = select(UserRole.user_id).where(UserRole.role.in_(LEADERS), UserRole.organisation_id.in_(serving))
    query = select(User).where(User.id.in_(held), User.disabled_at.is_(None)).order_by(User.sort_key, User.id)
    return db.session.scalars(query).all()


def find_link(token: str) -> OneTimeLink | None:
    """The one-time link with this token, user and organisation loaded; None when it no longer works."""
    query = (
        select(OneTimeLink)
        .join(OneTimeLink.user)
        .options(joinedload(OneTimeLink.user), joinedload(OneTimeLink.organisation))
        .where(
            OneTimeLink.token_digest == digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
            User.disabled_at.is_(None),
        )
    )
    return db.session.scalar(query)


def get_owned_organisation(viewer: Viewer, organisation_id: int) -> Organisation:
    """An organisation that the viewer is an owner of. Raises NotFoundError."""
    if organisation_id not in viewer.organisations(OWNERS):
        raise NotFoundError
    return _one(db.session.scalar(select(Organisation).where(Organisation.id == organisation_id)))


def list_own_memberships(viewer: Viewer) -> list[tuple[Organisation, tuple[Role, ...]]]:
    """The organisations in which the viewer holds roles, by name, with those roles."""
    query = select(Organisation).where(Organisation.id.in_(viewer.organisations()))
    held: dict[int, set[Role]] = {}
    for grant in viewer.grants:
        held.setdefault(grant.organisation_id, set()).add(grant.role)
    rows = db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)).all()
    return [(row, _in_order(held[row.id])) for row in rows]


def list_members(organisation: Organisation) -> list[Member]:
    """Everyone with a role in the organisation, by name (one statement)."""
    query = (
        select(UserRole)
        .join(UserRole.user)
        .options(joinedload(UserRole.user))
        .where(UserRole.organisation_id == organisation.id)
        .order_by(User.sort_key, User.id)
    )
    users: dict[int, User] = {}
    held: dict[int, set[Role]] = {}
    for row in db.session.scalars(query):
        users[row.user_id] = row.user
        held.setdefault(row.user_id, set()).add(Role(row.role))
    return [Member(user, _in_order(held[user_id])) for user_id, user in users.items()]


def get_member(organisation: Organisation, user_id: int) -> Member:
    """One who holds a role in the organisation. Raises NotFoundError."""
    return _one(next((m for m in list_members(organisation) if m.user.id == user_id), None))


def list_invitations(organisation: Organisation) -> Sequence[OneTimeLink]:
    """Invitations nobody has accepted yet, also those past their time; the newest first, user loaded."""
    query = (
        select(OneTimeLink)
        .options(joinedload(OneTimeLink.user))
        .where(*_is_open_invitation(organisation))
        .order_by(OneTimeLink.created_at.desc(), OneTimeLink.id.desc())
    )
    return db.session.scalars(query).all()


def get_invitation(organisation: Organisation, link_id: int) -> OneTimeLink:
    """One invitation nobody has accepted yet, user loaded. Raises NotFoundError."""
    query = select(OneTimeLink).options(joinedload(OneTimeLink.user))
    query = query.where(OneTimeLink.id == link_id, *_is_open_invitation(organisation))
    return _one(db.session.scalar(query))


def _is_open_invitation(organisation: Organisation) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.organisation_id == organisation.id,
        OneTimeLink.purpose == Purpose.invite,
        OneTimeLink.used_at.is_(None),
    )


def _in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in set(roles))


def _one(row: Row | None) -> Row:
    if row is None:
        raise NotFoundError
    return row

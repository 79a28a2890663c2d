"""Writes of accounts: sign-ins, passwords, one-time links and colleagues."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from planner.accounts import passwords, queries
from planner.accounts.errors import LinkGoneError
from planner.accounts.models import OneTimeLink, SignIn, User, UserRole
from planner.accounts.rules import (
    LIFETIMES,
    ROLE_NAMES,
    SEEN_EVERY,
    Purpose,
    check_password,
    clean_email,
)
from planner.accounts.signals import user_renamed
from planner.base.clock import now
from planner.base.db import db
from planner.base.errors import RefusedError
from planner.base.tokens import digest, random_token
from planner.base.viewer import Role, Viewer
from planner.directory.models import Organisation
from planner.outbox.service import queue

# --- sign-ins ---


def start_sign_in(user: User, *, client: str, replacing: SignIn | None = None) -> str:
    """Begin a stay for `user`; the token that the browser's cookie must carry. Flushes.

    The browser's earlier stay, if it had one, ends: nobody goes on under a token known from before.
    """
    if replacing is not None:
        end_sign_in(replacing)
    token = random_token()
    db.session.add(SignIn(token_digest=digest(token), user_id=user.id, client=client[:200]))
    db.session.flush()
    return token


def end_sign_in(sign_in: SignIn) -> None:
    """End one stay."""
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in.id, SignIn.ended_at.is_(None)).values(ended_at=now())
    )


def end_sign_ins(user: User, *, keep: SignIn | None = None) -> None:
    """End all stays of `user` but `keep`."""
    query = update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    if keep is not None:
        query = query.where(SignIn.id != keep.id)
    db.session.execute(query.values(ended_at=now()))


def is_visit_due(sign_in: SignIn) -> bool:
    """Whether it is time to note that this browser is still here."""
    return now() - sign_in.seen_at >= SEEN_EVERY


def note_visit(sign_in: SignIn) -> None:
    """Note that this browser is still here."""
    db.session.execute(update(SignIn).where(SignIn.id == sign_in.id).values(seen_at=now()))


# --- passwords ---


def find_user_by_password(email: str, password: str) -> User | None:
    """The user whom these open the door for; None otherwise, after the same work for an unknown address."""
    user = queries.find_user_by_email(email)
    matches = passwords.is_password(user.password_hash if user else None, password)
    return user if user and matches and user.disabled_at is None else None


def renew_hash(user: User, password: str) -> None:
    """Hash the password anew when today's parameters are others than the stored hash's."""
    if user.password_hash and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)


def choose_password(user: User, password: str, *, language: str, keep: SignIn | None = None) -> None:
    """Give `user` this password; every other stay and every link to sign in ends, and a mail tells them.

    Raises RefusedError beside `password` for one that is too short or easily guessed.
    """
    check_password(password, email=user.email, name=user.name)
    had_one = user.password_hash is not None
    user.password_hash = passwords.hash_password(password)
    end_sign_ins(user, keep=keep)
    _end_links(user, Purpose.sign_in, Purpose.reset)
    if had_one:
        key = f"password-changed:{user.id}:{now():%Y%m%d%H%M%S%f}"
        queue(key, user.email, "password_changed", language=language, name=user.name)


def change_password(user: User, current: str, new: str, *, language: str, keep: SignIn | None) -> None:
    """As `choose_password`, by someone who knows the present one, if there is one.

    Raises RefusedError beside `current` or `password`.
    """
    if user.password_hash and not passwords.is_password(user.password_hash, current):
        raise RefusedError(_("This is not your present password."), field="current")
    choose_password(user, new, language=language, keep=keep)


def rename(user: User, name: str) -> None:
    """Change what `user` is called, and tell whoever shows it."""
    if name != user.name:
        user.name = name
        user_renamed.send(user_id=user.id, name=name)


# --- one-time links ---


def make_link(
    user: User, purpose: Purpose, *, organisation: Organisation | None = None, role: Role | None = None
) -> tuple[OneTimeLink, str]:
    """A new one-time link for `user` and its token, which is kept nowhere. Flushes."""
    token = random_token()
    link = OneTimeLink(
        token_digest=digest(token),
        purpose=purpose,
        user_id=user.id,
        organisation_id=organisation.id if organisation else None,
        role=role,
        expires_at=now() + LIFETIMES[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link, token


def mail_link(email: str, purpose: Purpose, *, language: str) -> None:
    """Mail a link that signs in or resets the password. Nothing happens, and nothing tells, for an unknown address."""
    user = queries.find_user_by_email(email)
    if user is None or user.disabled_at is not None:
        return
    link, token = make_link(user, purpose)
    queue(_mail_key(link), user.email, f"{purpose}_link", language=language, name=user.name, token=token)


def _mail_key(link: OneTimeLink) -> str:
    # Not the id: SQLite gives the id of a deleted row away again.
    return f"link:{link.token_digest[:40]}"


def use_link(token: str, *, language: str, password: str | None = None) -> User:
    """The user whom the link belongs to, with what it promised done. It works once, whoever comes at the same moment.

    A reset needs `password`; an invitation gives its role, and the password when one is chosen.
    Raises LinkGoneError, or RefusedError for a password, after which the caller's transaction must not be kept.
    """
    link = _claim_link(token)
    if password is not None:
        choose_password(link.user, password, language=language)
    if link.purpose == Purpose.invite and link.organisation_id and link.role:
        _grant(link.user_id, link.organisation_id, Role(link.role))
    return link.user


def _claim_link(token: str) -> OneTimeLink:
    live = queries.find_link(token)
    # The condition in the UPDATE decides: of two at the same moment one finds the row already used.
    claimed = db.session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.token_digest == digest(token), OneTimeLink.used_at.is_(None))
        .values(used_at=now())
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    )
    if live is None or claimed is None:
        raise LinkGoneError(_("This link does not work any more."))
    return live


def _end_links(user: User, *purposes: Purpose) -> None:
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user.id, OneTimeLink.purpose.in_(purposes), OneTimeLink.used_at.is_(None)
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )


# --- colleagues ---


def invite(
    organisation: Organisation, name: str, email: str, role: Role, *, language: str, by: Viewer
) -> OneTimeLink:
    """Invite somebody to a role; an earlier invitation to the same organisation is replaced.

    Raises RefusedError beside `email` when it is no address, or belongs to one who has the role.
    """
    email = clean_email(email)
    user = queries.find_user_by_email(email)
    if user is None:
        user = User(name=name, email=email)
        db.session.add(user)
        db.session.flush()
    elif _holds(user, organisation, role):
        raise RefusedError(_("%(name)s has this role already.", name=user.name), field="email")
    withdraw_invitations(organisation, user)
    link, token = make_link(user, Purpose.invite, organisation=organisation, role=role)
    queue(
        _mail_key(link), user.email, "invitation", language=language, name=user.name, token=token,
        organisation=organisation.name, role=ROLE_NAMES[role], by=by.name,
    )  # fmt: skip
    return link


def resend_invitation(
    organisation: Organisation, invitation: OneTimeLink, *, language: str, by: Viewer
) -> None:
    """Mail a fresh link for an invitation; the earlier link stops working."""
    user = invitation.user
    invite(organisation, user.name, user.email, Role(str(invitation.role)), language=language, by=by)


def withdraw_invitations(organisation: Organisation, user: User) -> None:
    """Take back what `user` has been invited to in the organisation and not accepted."""
    db.session.execute(
        delete(OneTimeLink).where(
            OneTimeLink.organisation_id == organisation.id,
            OneTimeLink.user_id == user.id,
            OneTimeLink.purpose == Purpose.invite,
            OneTimeLink.used_at.is_(None),
        )
    )


def set_roles(organisation: Organisation, user: User, roles: Iterable[Role]) -> None:
    """Let `user` hold exactly `roles` (at least one) in the organisation.

    Raises RefusedError beside `roles` for none at all, or when nobody would be owner any more.
    """
    wanted = set(roles)
    if not wanted:
        raise RefusedError(_("Choose at least one role, or remove the colleague."), field="roles")
    _keep_an_owner(organisation, user, wanted)
    _drop_roles(organisation, user, keep=wanted)
    for role in sorted(wanted):
        _grant(user.id, organisation.id, role)


def remove_colleague(organisation: Organisation, user: User) -> None:
    """Take all roles in the organisation from `user`. Raises RefusedError for the last owner."""
    _keep_an_owner(organisation, user, set())
    _drop_roles(organisation, user, keep=set())
    withdraw_invitations(organisation, user)


def _keep_an_owner(organisation: Organisation, user: User, wanted: set[Role]) -> None:
    # The lock lets two owners who remove each other at once come one after the other.
    db.session.execute(
        select(Organisation.id).where(Organisation.id == organisation.id).with_for_update(key_share=True)
    )
    others = (
        select(UserRole.id)
        .join(UserRole.user)
        .where(
            UserRole.organisation_id == organisation.id,
            UserRole.role == Role.owner,
            UserRole.user_id != user.id,
            User.disabled_at.is_(None),
        )
        .limit(1)
    )
    if Role.owner not in wanted and db.session.scalar(others) is None:
        raise RefusedError(
            _("%(name)s is the only owner. Make somebody else owner first.", name=user.name), field="roles"
        )


def _drop_roles(organisation: Organisation, user: User, *, keep: set[Role]) -> None:
    # Row by row, not in bulk: others follow what the unit of work has written.
    dropped = select(UserRole).where(
        UserRole.organisation_id == organisation.id,
        UserRole.user_id == user.id,
        UserRole.role.not_in([role.value for role in keep]),
    )
    for held in db.session.scalars(dropped):
        db.session.delete(held)
    db.session.flush()


def grant_owner(user_id: int, organisation_id: int) -> None:
    """Make the user an owner of the organisation that they founded. Flushes."""
    _grant(user_id, organisation_id, Role.owner)


def _holds(user: User, organisation: Organisation, role: Role) -> bool:
    query = select(UserRole.id).where(
        UserRole.user_id == user.id, UserRole.organisation_id == organisation.id, UserRole.role == role
    )
    return db.session.scalar(query) is not None


def _grant(user_id: int, organisation_id: int, role: Role) -> None:
    held = select(UserRole.id).where(
        UserRole.user_id == user_id,
        UserRole.organisation_id == organisation_id,
        UserRole.role == role,
    )
    if db.session.scalar(held) is None:
        db.session.add(UserRole(user_id=user_id, organisation_id=organisation_id, role=role))
        db.session.flush()


def remove_old_stays() -> int:
    """Delete sign-ins and one-time links that have been of no use for three months; how many."""
    before = now() - timedelta(days=90)
    stays = delete(SignIn).where(or_(SignIn.ended_at < before, SignIn.seen_at < before))
    links = delete(OneTimeLink).where(or_(OneTimeLink.used_at < before, OneTimeLink.expires_at < before))
    gone = [
        *db.session.scalars(stays.returning(SignIn.id)),
        *db.session.scalars(links.returning(OneTimeLink.id)),
    ]
    return len(gone)

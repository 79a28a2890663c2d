from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from planner.accounts import passwords, queries, service
from planner.accounts.errors import LinkGoneError
from planner.accounts.models import OneTimeLink, SignIn, User
from planner.accounts.rules import Purpose
from planner.base.clock import now
from planner.base.db import db, unit_of_work
from planner.base.errors import RefusedError
from planner.base.viewer import Role
from planner.outbox.models import Message
from tests import factories as make
from tests.together import all_at_once

GOOD = "korrekt häst batteri"


def user_with_password(**values: Any) -> User:
    return make.user(password_hash=passwords.hash_password(GOOD), **values)


def token_for(user: User, purpose: Purpose = Purpose.sign_in, **values: Any) -> str:
    with unit_of_work():
        return service.make_link(user, purpose, **values)[1]


def use(token: str, **values: Any) -> User:
    with unit_of_work():
        return service.use_link(token, language="en", **values)


# --- passwords ---


def test_the_same_letters_match_however_they_were_typed(app: Flask) -> None:
    account = user_with_password(email="a@example.test")
    assert service.find_user_by_password(" A@example.test", "korrekt ha\u0308st batteri") == account
    assert service.find_user_by_password("a@example.test", "korrekt hast batteri") is None
    assert service.find_user_by_password("b@example.test", GOOD) is None


def test_disabled_user_and_user_without_password_do_not_get_in(app: Flask) -> None:
    user_with_password(email="a@example.test", disabled_at=now())
    make.user(email="b@example.test")
    assert service.find_user_by_password("a@example.test", GOOD) is None
    assert service.find_user_by_password("b@example.test", "nobody has this password") is None


def test_hash_is_renewed_when_parameters_change(app: Flask) -> None:
    account = make.user(password_hash=PasswordHasher(time_cost=1, memory_cost=1024).hash(GOOD))
    with unit_of_work():
        service.renew_hash(account, GOOD)
    renewed = account.password_hash
    assert renewed is not None
    assert "$m=19456,t=2,p=1$" in renewed
    assert passwords.is_password(renewed, GOOD)
    with unit_of_work():
        service.renew_hash(account, GOOD)
    assert account.password_hash == renewed


def test_changing_password_takes_the_present_one_and_ends_other_stays(app: Flask) -> None:
    account = user_with_password()
    with unit_of_work():
        tokens = [service.start_sign_in(account, client=name) for name in ("here", "there")]
    here = queries.find_sign_in(tokens[0])
    link = token_for(account)

    def change(current: str, new: str) -> None:
        with unit_of_work():
            service.change_password(account, current, new, language="en", keep=here)

    with pytest.raises(RefusedError) as refusal:
        change("wrong", "en annan lång fras")
    assert refusal.value.field == "current"
    with pytest.raises(RefusedError) as refusal:
        change(GOOD, "password123")
    assert refusal.value.field == "password"
    change(GOOD, "en annan lång fras")
    db.session.expire_all()
    assert [queries.find_sign_in(token) is not None for token in tokens] == [True, False]
    assert queries.find_link(link) is None
    assert db.session.scalars(select(Message.subject)).all() == ["Your password was changed"]


# --- stays ---


def test_a_stay_unused_for_thirty_days_is_over(app: Flask, at: Callable[..., Any]) -> None:
    account, start = make.user(), now()
    with unit_of_work():
        token = service.start_sign_in(account, client="x")
    with at(start + timedelta(days=29)):
        assert queries.find_sign_in(token) is not None
    with at(start + timedelta(days=31)):
        assert queries.find_sign_in(token) is None


def test_a_new_stay_replaces_the_browsers_earlier_one(app: Flask) -> None:
    account = make.user()
    with unit_of_work():
        first = service.start_sign_in(account, client="x")
    with unit_of_work():
        second = service.start_sign_in(account, client="x", replacing=queries.find_sign_in(first))
    assert queries.find_sign_in(first) is None
    assert queries.find_sign_in(second) is not None


# --- links ---


def test_link_works_once(app: Flask) -> None:
    account = make.user()
    token = token_for(account)
    assert use(token).id == account.id
    with pytest.raises(LinkGoneError):
        use(token)


@pytest.mark.parametrize(
    ("purpose", "minutes", "works"),
    [
        (Purpose.sign_in, 19, True),
        (Purpose.sign_in, 20, False),
        (Purpose.reset, 20, False),
        (Purpose.invite, 7 * 24 * 60 - 1, True),
        (Purpose.invite, 7 * 24 * 60, False),
    ],
)
def test_link_has_its_time(
    app: Flask, at: Callable[..., Any], purpose: Purpose, minutes: int, works: bool
) -> None:
    token, start = token_for(make.user(), purpose), now()
    with at(start + timedelta(minutes=minutes)):
        if works:
            use(token)
        else:
            with pytest.raises(LinkGoneError):
                use(token)


def test_link_of_a_disabled_user_or_nobodys_does_not_work(app: Flask) -> None:
    account = make.user()
    token = token_for(account)
    with unit_of_work():
        account.disabled_at = now()
    for gone in (token, "never-made"):
        with pytest.raises(LinkGoneError):
            use(gone)


def test_refused_password_leaves_the_link_usable(app: Flask) -> None:
    account = make.user()
    token = token_for(account, Purpose.reset)
    with pytest.raises(RefusedError):
        use(token, password="short")
    use(token, password=GOOD)
    assert service.find_user_by_password(account.email, GOOD) == account


def test_no_mail_for_an_unknown_or_disabled_address(app: Flask) -> None:
    make.user(email="off@example.test", disabled_at=now())
    make.user(email="on@example.test")
    with unit_of_work():
        for address in ("off@example.test", "none@example.test", "On@Example.Test"):
            service.mail_link(address, Purpose.sign_in, language="en")
    assert db.session.scalars(select(Message.recipient)).all() == ["on@example.test"]


@pytest.mark.committed
def test_two_uses_of_one_link_at_the_same_moment_give_one_sign_in(committed_app: Flask) -> None:
    account = make.user()
    token = token_for(account)

    def run() -> str:
        try:
            user = use(token)
            with unit_of_work():
                service.start_sign_in(user, client="x")
        except LinkGoneError:
            return "gone"
        return "in"

    outcomes = all_at_once([run] * 2)
    assert sorted(outcomes) == ["gone", "in"]
    db.session.rollback()
    assert len(db.session.scalars(select(SignIn)).all()) == 1


# --- colleagues ---


def owner_of(organisation: Any, **values: Any) -> User:
    return make.user((Role.owner, organisation), **values)


def roles_in(organisation: Any) -> dict[str, tuple[Role, ...]]:
    db.session.expire_all()
    return {member.user.name: member.roles for member in queries.list_members(organisation)}


def test_invitation_gives_its_role_when_accepted(app: Flask) -> None:
    organisation = make.organisation()
    owner = owner_of(organisation, name="Owner")
    with unit_of_work():
        service.invite(
            organisation, "Bo", " Bo@Example.test", Role.guide, language="sv", by=make.viewer_of(owner)
        )
    assert roles_in(organisation) == {"Owner": (Role.owner,)}
    (invitation,) = queries.list_invitations(organisation)
    assert (invitation.user.email, invitation.role) == ("bo@example.test", "guide")
    token = token_for(invitation.user, Purpose.invite, organisation=organisation, role=Role.guide)
    use(token, password=GOOD)
    assert roles_in(organisation) == {"Bo": (Role.guide,), "Owner": (Role.owner,)}


def test_inviting_again_replaces_the_earlier_link(app: Flask) -> None:
    organisation = make.organisation()
    viewer = make.viewer_of(owner_of(organisation))
    for role in (Role.guide, Role.organiser):
        with unit_of_work():
            service.invite(organisation, "Bo", "bo@example.test", role, language="en", by=viewer)
    assert [link.role for link in queries.list_invitations(organisation)] == ["organiser"]
    assert len(db.session.scalars(select(Message)).all()) == 2


def test_inviting_to_a_role_that_is_held_is_refused(app: Flask) -> None:
    organisation = make.organisation()
    owner = owner_of(organisation)
    with pytest.raises(RefusedError) as refusal:
        service.invite(organisation, "x", owner.email, Role.owner, language="en", by=make.viewer_of(owner))
    assert refusal.value.field == "email"


def test_roles_are_set_exactly(app: Flask) -> None:
    organisation = make.organisation()
    owner_of(organisation, name="Owner")
    colleague = make.user((Role.guide, organisation), (Role.reader, organisation), name="Bo")
    with unit_of_work():
        service.set_roles(organisation, colleague, {Role.guide, Role.organiser})
    assert roles_in(organisation)["Bo"] == (Role.organiser, Role.guide)
    with pytest.raises(RefusedError):
        service.set_roles(organisation, colleague, set())


def test_the_last_owner_stays(app: Flask) -> None:
    organisation = make.organisation()
    owner = owner_of(organisation, name="Owner")
    disabled = owner_of(organisation, name="Gone", disabled_at=now())
    with pytest.raises(RefusedError):
        service.remove_colleague(organisation, owner)
    with pytest.raises(RefusedError):
        service.set_roles(organisation, owner, {Role.organiser})
    with unit_of_work():
        service.remove_colleague(organisation, disabled)
    owner_of(organisation, name="Next")
    with unit_of_work():
        service.remove_colleague(organisation, owner)
    assert roles_in(organisation) == {"Next": (Role.owner,)}


@pytest.mark.committed
def test_two_owners_who_remove_each_other_at_once_leave_one(committed_app: Flask) -> None:
    organisation = make.organisation()
    owners = [owner_of(organisation).id, owner_of(organisation).id]

    def remove(user_id: int) -> str:
        try:
            with unit_of_work():
                service.remove_colleague(organisation, db.session.get_one(User, user_id))
        except RefusedError:
            return "refused"
        return "removed"

    outcomes = all_at_once([partial(remove, user_id) for user_id in owners])
    assert sorted(outcomes) == ["refused", "removed"]


def test_removing_a_colleague_takes_back_what_they_were_invited_to(app: Flask) -> None:
    organisation = make.organisation()
    viewer = make.viewer_of(owner_of(organisation))
    colleague = make.user((Role.reader, organisation))
    with unit_of_work():
        service.invite(organisation, "x", colleague.email, Role.guide, language="en", by=viewer)
    with unit_of_work():
        service.remove_colleague(organisation, colleague)
    assert db.session.scalars(select(OneTimeLink)).all() == []

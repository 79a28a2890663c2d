"""Telling the organisers of newer versions, by mail, at most once a week."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select

from planner.accounts.models import User, UserRole
from planner.base.clock import now, today
from planner.base.db import db
from planner.base.viewer import EDITORS
from planner.exchange.queries.offers import Offer, list_new_offers
from planner.outbox.service import queue

_NEWS = timedelta(days=7)  # an older version has been told of, or was out when the series was made


def tell_of_offers() -> int:
    """Queue one mail to each organiser about the series that a version of the last week is offered to; how many.

    In the caller's transaction. Whoever has been written to in this ISO week is not written to again.
    """
    offers: dict[int, list[Offer]] = defaultdict(list)
    for offer in list_new_offers(now() - _NEWS):
        offers[offer.organisation_id].append(offer)
    year, week, _day = today().isocalendar()
    return sum(
        queue(
            f"updates-{year}-{week}-{user.id}",
            user.email,
            "template_updates",
            name=user.name,
            offers=[offer for organisation_id in organisations for offer in offers[organisation_id]],
        )
        for user, organisations in _organisers(set(offers))
    )


def _organisers(organisation_ids: set[int]) -> list[tuple[User, list[int]]]:
    """Those who plan in these organisations, each with which of them; one statement."""
    query = (
        select(User, UserRole.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.organisation_id.in_(organisation_ids),
            UserRole.role.in_([role.value for role in EDITORS]),
            User.disabled_at.is_(None),
        )
        .distinct()
        .order_by(User.id, UserRole.organisation_id)
    )
    found: dict[int, tuple[User, list[int]]] = {}
    for user, organisation_id in db.session.execute(query) if organisation_ids else ():
        found.setdefault(user.id, (user, []))[1].append(organisation_id)
    return list(found.values())

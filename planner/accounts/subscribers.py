"""What accounts do when lower features tell of something."""

from __future__ import annotations

from planner.accounts import service
from planner.base.db import unit_of_work
from planner.directory.signals import organisation_founded


@organisation_founded.connect
def own_what_one_founded(_sender: object, *, organisation_id: int, by_user_id: int | None) -> None:
    """Whoever founds an organisation owns it, else nobody could invite the first colleague."""
    if by_user_id is None:
        return
    with unit_of_work():
        service.grant_owner(by_user_id, organisation_id)

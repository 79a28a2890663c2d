"""Sums follow people who change company: the sessions they were at are summed again."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from planner.directory.models import Company, Person
from planner.reports import service

MOVES: Final[dict[type, tuple[str, ...]]] = {
    Person: ("company_id", "municipality_code"),
    Company: ("municipality_code",),
}


@event.listens_for(Session, "after_flush_postexec")
def _follow_moves(session: Session, _context: Any) -> None:
    moved: dict[type, set[int]] = session.info.pop("reports", {})
    if moved:
        service.unsettle_people(moved.get(Person, ()), moved.get(Company, ()))


@event.listens_for(Session, "after_flush")
def _note_moves(session: Session, _context: Any) -> None:
    for row in session.dirty:
        columns = MOVES.get(type(row), ())
        if any(inspect(row).attrs[name].history.has_changes() for name in columns):
            session.info.setdefault("reports", {}).setdefault(type(row), set()).add(row.id)

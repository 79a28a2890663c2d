"""Pages of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from planner.base.db import db


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows: `number` from 1, `total` rows in all."""

    items: list[Any]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The ordinal of the first row shown, 0 when empty."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The ordinal of the last row shown."""
        return min(self.total, self.number * self.size)


def asked_page() -> int:
    """The page number in the address (`?page=2`), 1 when absent or not a number."""
    return max(1, min(request.args.get("page", 1, type=int), 100_000))


def page_of(query: Select[Any], number: int, size: int = 50) -> Page:
    """The page `number` of a query's first entity, with two statements whatever the size."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = max(1, min(number, -(-total // size)))
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(list(rows), number, size, total)


def page_of_list(rows: Sequence[Any], number: int, size: int = 50) -> Page:
    """The page `number` of rows that are all at hand; the last one for a number past it."""
    number = max(1, min(number, -(-len(rows) // size)))
    return Page(list(rows[(number - 1) * size : number * size]), number, size, len(rows))

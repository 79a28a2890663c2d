"""Whether the rows of presence are what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import select

from planner.attendance.models import Presence, PresenceEntry
from planner.attendance.rules import Mark, Verdict, current_mark
from planner.base.db import AnySelect, db

Key = tuple[int, int]
Said = tuple[str, str, int, str]  # the entry's id, verdict, minutes, place


@dataclass(frozen=True, slots=True)
class Difference:
    """A person at a session of whom the ledger says something else than the row; None where one of them is silent."""

    training_id: int
    person_id: int
    ledger: Said | None
    row: Said | None


def list_differences() -> Iterator[Difference]:
    """Every person and session where the entries, folded, are not the row. Both are read once, in order."""
    both = merge(
        ((key, "ledger", said) for key, said in _folded()),
        ((key, "row", said) for key, said in _rows()),
        key=itemgetter(0),
    )
    for (training_id, person_id), sides in groupby(both, itemgetter(0)):
        found = {side: said for _key, side, said in sides}
        ledger, row = found.get("ledger"), found.get("row")
        if ledger != row:
            yield Difference(training_id, person_id, ledger, row)


def _folded() -> Iterator[tuple[Key, Said]]:
    entry = PresenceEntry
    query = select(
        entry.training_id, entry.person_id, entry.id, entry.verdict, entry.minutes, entry.place, entry.noted_at,
        entry.received_at,
    ).order_by(entry.training_id, entry.person_id)  # fmt: skip
    for key, lines in groupby(_stream(query), lambda line: (line[0], line[1])):
        mark = current_mark(Mark(id_, Verdict(verdict), *rest) for _t, _p, id_, verdict, *rest in lines)
        if mark is not None:
            yield key, (mark.id, mark.verdict.value, mark.minutes, mark.place)


def _rows() -> Iterator[tuple[Key, Said]]:
    row = Presence
    query = select(row.training_id, row.person_id, row.entry_id, row.verdict, row.minutes, row.place)
    for training_id, person_id, *said in _stream(query.order_by(row.training_id, row.person_id)):
        entry_id, verdict, minutes, place = said
        yield (training_id, person_id), (entry_id, verdict, minutes, place)


def _stream(query: AnySelect) -> Any:
    return db.session.execute(query.execution_options(yield_per=2000))

"""What a job is made of, and how long things last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

# A claimed job is nobody else's for this long; every piece renews it. A worker that died holding it loses it then.
LEASE: Final = timedelta(minutes=1)
WAIT: Final = timedelta(seconds=20)  # after a piece that could not be made, before it is tried again
MOST_ATTEMPTS: Final = 5  # in a row, without a piece in between
LIFE: Final = timedelta(days=1)  # of a file, and of a job that never became one


class JobStatus(StrEnum):
    """Where a job stands."""

    waiting = "waiting"
    finished = "finished"
    failed = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """A job as its kind sees it: what was asked for, for whom, and how many things are done already."""

    id: int
    values: dict[str, Any]
    language: str
    user_id: int
    done: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more of the file: its next bytes (1 MB at most, best far less), or none where only time has passed.

    `done` of `total` things are done with it. `name` is the file inside a zip that the bytes belong to.
    """

    done: int
    total: int
    data: bytes = b""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How files of one kind are made. `make` gives the pieces after the first `task.done` things.

    `is_resumed` False: it cannot go on in the middle, and begins anew after it was interrupted (`task.done` is 0).
    `is_zip`: pieces are files of their own, by name.
    """

    name: str
    make: Callable[[Task], Iterator[Piece]]
    mimetype: str
    is_zip: bool
    is_resumed: bool


KINDS: Final[dict[str, Kind]] = {}

Maker = Callable[[Task], Iterator[Piece]]


def job_kind(
    name: str, *, mimetype: str = "application/zip", is_zip: bool = False, is_resumed: bool = True
) -> Callable[[Maker], Maker]:
    """Register the function that makes files of the kind `name` (at most 40 characters)."""

    def register(make: Maker) -> Maker:
        KINDS[name] = Kind(name, make, mimetype, is_zip, is_resumed)
        return make

    return register

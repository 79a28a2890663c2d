"""The one place that reads the wall clock, so that tests and benchmarks can hold it still."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")


def _wall_clock() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _wall_clock


def now() -> datetime:
    """The present instant, aware, in UTC, to the whole microsecond."""
    return _source()


def today() -> date:
    """The present date in Europe/Stockholm."""
    return now().astimezone(ZONE).date()


@contextmanager
def _taken_from(source: Callable[[], datetime]) -> Iterator[None]:
    global _source  # noqa: PLW0603 - the clock is one per process, on purpose
    before, _source = _source, source
    try:
        yield
    finally:
        _source = before


def frozen(at: datetime) -> AbstractContextManager[None]:
    """Hold `now()` at the aware instant `at` while inside; for tests and for reproducible demo data."""
    if at.tzinfo is None:
        raise ValueError("a frozen clock needs an aware instant")
    held = at.astimezone(UTC)
    return _taken_from(lambda: held)


def running_from(at: datetime) -> AbstractContextManager[None]:
    """Let `now()` begin at the aware instant `at` and run on while inside, for tests of a site in use."""
    began = time.monotonic()
    return _taken_from(lambda: at.astimezone(UTC) + timedelta(seconds=time.monotonic() - began))

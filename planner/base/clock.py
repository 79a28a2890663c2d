"""The one place that reads the wall clock, so that tests and benchmarks can hold it still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
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
def frozen(at: datetime) -> Iterator[None]:
    """Hold `now()` at the aware instant `at` while inside; for tests and for reproducible demo data."""
    global _source  # noqa: PLW0603 - the clock is one per process, on purpose
    if at.tzinfo is None:
        raise ValueError("a frozen clock needs an aware instant")
    before, _source = _source, lambda: at.astimezone(UTC)
    try:
        yield
    finally:
        _source = before

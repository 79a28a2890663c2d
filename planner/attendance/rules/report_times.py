"""Times and lengths as Teams and Zoom write them, in Swedish and English, 12 or 24 hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Final

from planner.base.days import NoSuchTimeError, at_wall_clock

_CLOCK: Final = r"[T,\s]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?|[fe]\.?m\.?)?"
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _CLOCK, re.IGNORECASE | re.ASCII)
_YEAR_LAST: Final = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})" + _CLOCK, re.IGNORECASE | re.ASCII
)
_UNITS: Final = {"h": 3600, "t": 3600, "m": 60, "s": 1}
_LENGTH: Final = re.compile(r"(\d{1,6})\s*(h|tim|t|min|m|sek|sec|s)[a-zåäö]*\.?", re.IGNORECASE | re.ASCII)
_COLONS: Final = re.compile(r"(\d{1,3}):(\d{2}):(\d{2})", re.ASCII)


def read_instant(text: str, near: date) -> datetime | None:
    """The instant that a cell names by the clock in Stockholm; None when it names none.

    3/4 is the third of April or the fourth of March by whose computer made the report: the one closest to `near`.
    """
    words = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, day, *clock = found.groups()
        days = [(int(year), int(month), int(day))]
    elif found := _YEAR_LAST.fullmatch(words):
        one, two, year, *clock = found.groups()
        whole = int(year) + (2000 if len(year) == 2 else 0)
        days = [(whole, int(one), int(two)), (whole, int(two), int(one))]
    else:
        return None
    possible = sorted(_dates(days), key=lambda day: abs((day - near).days))
    at = _clock(clock)
    if not possible or at is None:
        return None
    try:
        return at_wall_clock(possible[0], at)
    except (NoSuchTimeError, OverflowError):
        return None


def read_seconds(text: str, unit: int) -> int | None:
    """A length of time in seconds: "1h 2m 3s", "1:02:03", or a bare number of `unit` seconds; None for another."""
    words = " ".join(text.split())
    if words.isascii() and words.isdigit() and len(words) < 7:
        return int(words) * unit
    if found := _COLONS.fullmatch(words):
        hours, minutes, seconds = (int(part) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts = _LENGTH.findall(words)
    return sum(int(number) * _UNITS[word[0].lower()] for number, word in parts) if parts else None


def _dates(days: list[tuple[int, int, int]]) -> Iterator[date]:
    for year, month, day in days:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _clock(parts: list[str | None]) -> time | None:
    hour, minute, second = (int(part or 0) for part in parts[:3])
    half = (parts[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pe" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None

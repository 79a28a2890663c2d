"""Charts as lengths in per cent: what is drawn is a table's own numbers, and nothing is measured in letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from planner.reports.rules.tables import Table, Unit

MOST_BARS: Final = 12
MOST_MONTHS: Final = 36


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: which series of numbers it shows, where it begins and how long it is, in per cent."""

    series: int
    start: float
    length: float
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, its parts, and what they come to. `at` and `width` place it among columns."""

    name: str
    parts: tuple[Part, ...]
    value: int
    at: float
    width: float
    is_labelled: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of up to two series; `of` is how many rows there were before only the largest were kept."""

    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    most: int
    of: int
    is_over_time: bool


def chart_of(table: Table, *, is_over_time: bool) -> Chart | None:
    """How many times people took part, on site and by video, or companies where that is all there is; None: nothing.

    Over time every row is drawn, the last ones when they are many; else the largest.
    """
    ids = [column.id for column in table.columns if column.unit is Unit.number]
    drawn = ["on_site", "remote"] if "on_site" in ids else ["companies"] if "companies" in ids else []
    at = [[column.id for column in table.columns].index(each) for each in drawn]
    values = [(line.name, [int(line.data[n].value or 0) for n in at]) for line in table.lines]
    values = [(name, numbers) for name, numbers in values if sum(numbers)]
    if not values:
        return None
    count = len(values)
    values = values[-MOST_MONTHS:] if is_over_time else sorted(values, key=lambda v: -sum(v[1]))[:MOST_BARS]
    most = max(sum(numbers) for _name, numbers in values)
    every = max(1, -(-len(values) // 12))
    bars = tuple(
        Bar(
            name,
            _parts(numbers, most),
            sum(numbers),
            100 * n / len(values),
            100 / len(values),
            n % every == 0,
        )
        for n, (name, numbers) in enumerate(values)
    )
    names = tuple(str(table.columns[n].label) for n in at)
    return Chart(names, bars, most, count, is_over_time)


def _parts(numbers: list[int], most: int) -> tuple[Part, ...]:
    parts: list[Part] = []
    start = 0.0
    for series, number in enumerate(numbers):
        if number:
            length = 100 * number / most
            parts.append(Part(series, round(start, 2), round(length, 2), number))
            start += length
    return tuple(parts)

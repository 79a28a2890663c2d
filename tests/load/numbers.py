"""The arithmetic of the measurements, and the table they are shown in."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle value, or the mean of the two in the middle. At least one value."""
    return statistics.median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that `part` (0 to 1) of all values do not exceed (nearest rank). At least one value."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def share_of_core(
    subscribers: int, every_seconds: float, changed: float, unchanged_cost: float, changed_cost: float
) -> float:
    """How much of one core polling takes: 1.0 is all of it. Costs are processor seconds per request.

    `changed` is the part of all requests (0 to 1) that meet a change.
    """
    per_request = (1 - changed) * unchanged_cost + changed * changed_cost
    return subscribers / every_seconds * per_request


def short(value: float | None) -> str:
    """Three significant digits, and whole numbers above a hundred; a dash for what was not measured."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:.0f}"
    if value == 0:
        return "0"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with even columns; the first column is text, the others are numbers."""
    widths = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    lines = [_line(head, widths), "|" + "|".join(_rule(at, width) for at, width in enumerate(widths)) + "|"]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join([first, *others])} |"


def _rule(at: int, width: int) -> str:
    return "-" * (width + 2) if at == 0 else "-" * (width + 1) + ":"

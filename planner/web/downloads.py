"""Lists as CSV files that a spreadsheet opens rightly and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula.

    Numbers are left as they are. See OWASP's page on CSV injection.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark and semicolons, as a Swedish spreadsheet expects."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([safe_cell(heading) for heading in headings])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def csv_response(filename: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The list as a download; `filename` in plain letters."""
    answer = Response(csv_bytes(headings, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer

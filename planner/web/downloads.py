"""Lists as CSV files that a spreadsheet opens rightly and never runs."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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


class _Sink(io.RawIOBase):
    """What is written, until it is taken away; it cannot be sought in, so a zip is written straight on."""

    def __init__(self) -> None:
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._data += data
        return len(data)

    def take(self) -> bytes:
        """What came since the last time."""
        data, self._data = bytes(self._data), bytearray()
        return data


def zip_stream(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """A zip of the files (name, bytes in parts), made while it is sent. Two of one name get numbers."""
    sink, names = _Sink(), set[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as package:
        for name, parts in members:
            # No time of its own: the same files make the same zip.
            with package.open(zipfile.ZipInfo(_free(name, names)), "w", force_zip64=True) as member:
                for part in parts:
                    member.write(part)
                    yield sink.take()
    yield sink.take()


def _free(name: str, taken: set[str]) -> str:
    stem, dot, ending = name.rpartition(".")
    free, number = name, 2
    while free in taken:
        free, number = f"{stem} {number}{dot}{ending}", number + 1
    taken.add(free)
    return free

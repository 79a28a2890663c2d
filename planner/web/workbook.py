"""Workbooks for spreadsheets (XLSX), row by row and with real types. The only importer of xlsxwriter.

    workbook([Sheet(_("Months"), [Heading(_("Month")), Heading(_("Hours"), "decimal")], rows)])

Rows are written away as they come, so that a long sheet takes no more memory than a short one. Text is written as
text: no cell is ever a formula or a link. None leaves a cell empty.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from flask import Response

from planner.base.days import local

Kind = Literal["text", "number", "decimal", "share", "date", "money"]
Value = str | int | float | date | datetime | None

MIMETYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_575  # below the headings, as the format has it
_FORMATS: Final = {
    "number": "#,##0", "decimal": "#,##0.00", "share": "0 %", "date": "yyyy-mm-dd", "money": "#,##0 \"kr\"",
}  # fmt: skip
_WIDTHS: Final = {"text": 32, "date": 12}
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its heading, and what its cells are."""

    label: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. Its rows are read once, in order."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The file."""
    # Slow to import, and only those who make a workbook need it.
    import xlsxwriter  # noqa: PLC0415

    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False, "nan_inf_to_errors": True,
        }  # fmt: skip
        with xlsxwriter.Workbook(file, options) as book:
            # Nothing of when and by whom: the same rows make the same file.
            book.set_properties({"created": datetime(2020, 1, 1)})  # noqa: DTZ001 - the format knows no zones
            formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            for number, sheet in enumerate(sheets, start=1):
                page = book.add_worksheet(f"{number} {_NOT_IN_A_NAME.sub(' ', sheet.name)}"[:31].strip())
                page.freeze_panes(1, 1)
                for at, heading in enumerate(sheet.headings):
                    page.set_column(at, at, _WIDTHS.get(heading.kind, 14))
                    page.write_string(0, at, heading.label, bold)
                for line, row in enumerate(sheet.rows, start=1):
                    if line > MOST_ROWS:
                        break
                    for at, (value, heading) in enumerate(zip(row, sheet.headings, strict=True)):
                        _write(page, line, at, value, formats.get(heading.kind))
        file.seek(0)
        return file.read()


def _write(page: object, line: int, at: int, value: Value, form: object) -> None:
    to = page  # typed as an object: the library ships no types for its sheets
    if value is None:
        return
    if isinstance(value, str):
        to.write_string(line, at, value[:32_767])  # type: ignore[attr-defined]
    elif isinstance(value, datetime):
        to.write_datetime(line, at, local(value).replace(tzinfo=None), form)  # type: ignore[attr-defined]
    elif isinstance(value, date):
        to.write_datetime(line, at, value, form)  # type: ignore[attr-defined]
    else:
        to.write_number(line, at, value, form)  # type: ignore[attr-defined]


def workbook_response(filename: str, sheets: Iterable[Sheet]) -> Response:
    """The workbook as a download; `filename` in plain letters."""
    answer = Response(workbook(sheets), mimetype=MIMETYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer

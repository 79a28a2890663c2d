"""Reads an uploaded CSV or XLSX file into rows of plain text. The only importer of openpyxl.

Nothing is evaluated: a formula comes out as its text. What a file claims of its size is checked before it is opened,
and only so many rows and columns are looked at.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime

from flask_babel import gettext as _

from planner.base.errors import RefusedError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_UNPACKED = 40 * 1024 * 1024
MAX_PARTS = 500
MAX_TAGS = 600_000  # 5 000 rows of 30 cells; each costs a hundred times the memory of its few packed bits

Row = tuple[int, list[str]]  # its number in the file from 1, and its cells


def read_rows(data: bytes) -> list[Row]:
    """The rows of a file that hold anything, headings first. Raises RefusedError with what to do instead."""
    if len(data) > MAX_BYTES:
        raise _refused(_("The file is larger than 5 MB. Divide the list in several."))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(_("This is an old or locked Excel file. Save it as .xlsx without a password."))
    cells = _xlsx_rows(data) if data.startswith(b"PK") else _csv_rows(data)
    rows: list[Row] = []
    for number, row in cells:
        if any(cell.strip() for cell in row):
            rows.append((number, row[:MAX_COLUMNS]))
        if len(rows) > MAX_ROWS + 1 or number > 4 * MAX_ROWS:
            raise _refused(_("The list has more than 5 000 rows. Divide it in several."))
    if len(rows) < 2:
        raise _refused(_("There are no rows to import: the first row names the columns, the rest follow."))
    return rows


def _refused(message: str) -> RefusedError:
    return RefusedError(message, field="file")


def _csv_rows(data: bytes) -> Iterator[Row]:
    text = _decoded(data)
    lines = text.splitlines()
    start = 0
    delimiter = _delimiter(lines)
    if lines and lines[0].lower().startswith("sep="):
        start, delimiter = 1, lines[0][4:5] or delimiter
        text = text.partition("\n")[2]
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number + start, row
    except csv.Error as error:
        raise _refused(_("The file could not be read as a list. Save it as CSV or XLSX.")) from error


def _decoded(data: bytes) -> str:
    """Text in UTF-8, with or without its mark, UTF-16 with its mark, or Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise _refused(_("The file could not be read as a list. Save it as CSV or XLSX."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(lines: list[str]) -> str:
    """The one of ; , and tab that divides the first line in most parts, quoted text apart.

    A first line in one part may be the title of a report: then tabs divide it, if it has any.
    """
    first = next((line for line in lines if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    if not any(mark in outside for mark in ";,\t") and any("\t" in line for line in lines):
        return "\t"
    return max(";,\t", key=outside.count)


def _xlsx_rows(data: bytes) -> Iterator[Row]:
    _check_package(data)
    # Slow to import, and only an upload needs it.
    from openpyxl import DEFUSEDXML, load_workbook  # noqa: PLC0415

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: spreadsheets cannot be read safely without it")
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=4 * MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
        for number, row in enumerate(rows, 1):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()  # rows are padded to the sheet's width
            yield number, cells
    except Exception as error:  # a broken file fails in as many ways as there are files
        raise _refused(_("The spreadsheet could not be read. Save it again as .xlsx, or as CSV.")) from error


def _check_package(data: bytes) -> None:
    """Refuse a package that would unpack to far more than a list needs, in bytes or in pieces of markup."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        parts = package.infolist()
        is_list = len(parts) <= MAX_PARTS and sum(part.file_size for part in parts) <= MAX_UNPACKED
        # No part gives more bytes than the package claims, whatever is packed in it.
        is_list = is_list and sum(package.read(part).count(b"<") for part in parts) <= MAX_TAGS
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise _refused(_("The spreadsheet could not be read. Save it again as .xlsx, or as CSV.")) from error
    if not is_list:
        raise _refused(_("The spreadsheet holds far more than a list. Copy the list to a new one."))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value)

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from planner.base.errors import RefusedError
from planner.directory import sheets
from planner.directory.sheets import MAX_BYTES, MAX_ROWS, read_rows
from planner.web.downloads import csv_bytes

EXPECTED = [(1, ["Namn", "E-post"]), (2, ["Åsa Öhman", "asa@example.test"])]
TEXT = "Namn{0}E-post\r\nÅsa Öhman{0}asa@example.test\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_its_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    assert read_rows(TEXT.format(delimiter).encode(encoding)) == EXPECTED


def test_csv_keeps_quoted_delimiters_line_breaks_and_row_numbers() -> None:
    text = 'sep=;\n"Namn; titel";Ort\n\n"Bo;\nEk";Nora\n'
    assert read_rows(text.encode()) == [(2, ["Namn; titel", "Ort"]), (4, ["Bo;\nEk", "Nora"])]


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_xlsx_is_read_as_text_and_never_evaluated() -> None:
    data = workbook(
        ["Namn", "Anställda", "Nummer"], ["Åsa", 12.0, "=1+1"], [None, None, None], ["Bo", 1.5, True]
    )
    assert read_rows(data) == [
        (1, ["Namn", "Anställda", "Nummer"]),
        (2, ["Åsa", "12", "=1+1"]),
        (4, ["Bo", "1.5", "True"]),
    ]


def refused(data: bytes) -> str:
    with pytest.raises(RefusedError) as error:
        read_rows(data)
    assert error.value.field == "file"
    return error.value.message


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no rows"),
        (b"Namn\n", "no rows"),
        (b"x" * (MAX_BYTES + 1), "larger than 5 MB"),
        (b"\xd0\xcf\x11\xe0 old excel", "old or locked"),
        (b"\x89PNG\0\0", "could not be read"),
        (b"PK\x03\x04 broken", "could not be read"),
        (b"Namn\n" + b"Bo\n" * (MAX_ROWS + 1), "more than 5 000 rows"),
        (b"Namn\n" + b"\n" * (5 * MAX_ROWS), "more than 5 000 rows"),
        (b'Namn\n"' + b"x" * 200_000, "could not be read"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_exactly_5_000_rows_are_taken() -> None:
    assert len(read_rows(b"Namn\n" + b"Bo\n" * MAX_ROWS)) == MAX_ROWS + 1


def test_columns_past_the_limit_are_not_looked_at() -> None:
    rows = read_rows(workbook([f"c{n}" for n in range(100)], [1] * 100))
    assert [len(cells) for _number, cells in rows] == [sheets.MAX_COLUMNS] * 2


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert "far more than a list" in refused(data.getvalue())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "xl/worksheets/sheet1.xml",
            f"<worksheet><sheetData><row>{'<c/>' * 700_000}</row></sheetData></worksheet>",
        ),
        ("xl/sharedStrings.xml", f"<sst>{'<si><t>a</t></si>' * 200_000}</sst>"),
    ],
)
def test_a_small_package_of_countless_cells_is_refused_unread(name: str, content: str) -> None:
    """It stays below every size, and would take minutes and gigabytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    assert len(data.getvalue()) < 20_000
    assert "far more than a list" in refused(data.getvalue())


def test_a_package_that_cannot_be_unpacked_is_refused() -> None:
    data = bytearray(workbook(["Namn"], ["Åsa"]))
    data[60:90] = b"\xff" * 30
    assert "could not be read" in refused(bytes(data))


def test_a_package_of_many_parts_is_refused() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for number in range(sheets.MAX_PARTS + 1):
            package.writestr(f"{number}.xml", b"")
    assert "far more than a list" in refused(data.getvalue())


def test_entities_in_a_sheet_are_refused_not_expanded() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    source, data = zipfile.ZipFile(io.BytesIO(workbook(["Namn"], ["Bo"]))), io.BytesIO()
    with zipfile.ZipFile(data, "w") as package:
        for name in source.namelist():
            content = bomb.encode() if name == "xl/worksheets/sheet1.xml" else source.read(name)
            package.writestr(name, content)
    assert "could not be read" in refused(data.getvalue())


def test_a_sheet_with_rows_far_apart_is_refused() -> None:
    book = Workbook()
    book.active["A1"], book.active["A1000000"] = "Namn", "Bo"
    data = io.BytesIO()
    book.save(data)
    assert refused(data.getvalue())


def test_downloads_are_never_formulas_and_come_back_as_they_were() -> None:
    data = csv_bytes(["Namn", "Telefon"], [["=1+1", "+46 70"], ["-x", "@y"], ["Åsa", 7]])
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [cells for _number, cells in read_rows(data)]
    assert cells == [["Namn", "Telefon"], ["'=1+1", "'+46 70"], ["'-x", "'@y"], ["Åsa", "7"]]

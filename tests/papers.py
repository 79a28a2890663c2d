"""A PDF as a browser sees it: its pages' text, and what is drawn on them. The reader is PDFium, as in Chromium."""

from __future__ import annotations

from typing import Any

import pypdfium2
import zxingcpp


def texts(data: bytes) -> list[str]:
    """The text of each page."""
    with pypdfium2.PdfDocument(data) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def qr_codes(data: bytes, page: int = 0) -> list[str]:
    """What the QR codes say that are drawn on a page."""
    return [code.text for code in zxingcpp.read_barcodes(_drawn(data, page))]


def properties(data: bytes) -> dict[str, str]:
    """Title, author and so on."""
    with pypdfium2.PdfDocument(data) as document:
        return dict(document.get_metadata_dict(skip_empty=True))


def _drawn(data: bytes, page: int) -> Any:
    with pypdfium2.PdfDocument(data) as document:
        return document[page].render(scale=3).to_pil()


def pictures(data: bytes) -> int:
    """How many pictures stand on the first page."""
    with pypdfium2.PdfDocument(data) as document:
        return sum(1 for thing in document[0].get_objects() if isinstance(thing, pypdfium2.PdfImage))
